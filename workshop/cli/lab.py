"""`lab`: the embedded AWS, the stacks on it, and JupyterLab on the notebooks."""

import argparse
import contextlib
import sys

from workshop.cli.arguments import add_target_arguments, chosen_target, port
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.jupyter_server import JupyterServer
from workshop.cli.lateness import add_lateness_argument
from workshop.cli.progress import Progress
from workshop.target.announcement import announce
from workshop.target.target import PROJECT

# By whether the target is the embedded AWS.
_WHAT_STAYS = {
    True: "Ctrl-C here stops everything.",
    False: "Ctrl-C here ends JupyterLab; the stacks stay, and their event source mappings go on "
    "asking their queues, which costs a little, until `start.py destroy` removes them.",
}
_WHAT_GOES_ON = {
    True: "The embedded AWS ends too, unless others use it.",
    False: "The stacks stay in the account: `start.py destroy` removes them.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=port, help="JupyterLab's port (default: 8888 or a free one)")
    add_lateness_argument(parser)
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start everything, print the address, wait for Ctrl-C, stop everything."""
    from workshop.cli.target_use import ready
    from workshop.guides.notebooks import notebooks

    target, progress = chosen_target(options), Progress()
    progress.step("setting up")
    with (
        contextlib.suppress(KeyboardInterrupt),
        ready(target, progress.note, options.lateness) as lab,
        announce(target) as binding,
    ):
        progress.done()
        server = JupyterServer(
            PROJECT,
            jupyter_environment(base=lab.session.environment() | binding),
            port=options.port,
            browser=not options.no_browser,
            first=notebooks(PROJECT / "notebooks")[0].relative_to(PROJECT).as_posix(),
        )
        try:
            server.wait_until_ready()
            print(f"\nThe workshop is open at\n\n    {server.address}\n", flush=True)
            print(f"Its notebooks work on {target}. {_WHAT_STAYS[target.is_embedded]}", flush=True)
            server.wait()
        finally:
            with contextlib.suppress(OSError):
                # A terminal that was closed takes no text; JupyterLab must end all the same.
                print(f"\nStopping JupyterLab. {_WHAT_GOES_ON[target.is_embedded]}")
                sys.stdout.flush()
            server.stop()
    return 0
