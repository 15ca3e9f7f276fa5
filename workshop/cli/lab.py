"""`lab`: the embedded AWS, the stacks on it, and JupyterLab on the notebooks."""

import argparse
import contextlib
import ipaddress
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.cli.arguments import add_share_argument, add_target_arguments, chosen_target, port
from workshop.cli.interruption import until_interrupted
from workshop.cli.jupyter import jupyter_environment
from workshop.cli.jupyter_server import LOOPBACK, JupyterServer
from workshop.cli.lateness import add_lateness_argument
from workshop.cli.progress import Progress
from workshop.errors import WorkshopError
from workshop.lessons.working_copies import WorkingCopies, fresh_copy
from workshop.target.announcement import announce
from workshop.target.commands import start_command
from workshop.target.folders import home_of
from workshop.target.target import PATTERNS, Target

if TYPE_CHECKING:
    from workshop.lab import Lab


_OPEN = (
    "It listens on {}, for other machines too: whoever has this address, with its token, can run "
    "code here. The embedded AWS stays on 127.0.0.1."
)

_A_NEW_ONE = "The first cell of a notebook starts a new one, which is empty."


def address(text: str) -> str:
    """An address to listen on; argparse says what is wrong with it, and exits with 2."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address: those are like 127.0.0.1 or 0.0.0.0"
        ) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=port, help="JupyterLab's port (default: 8888 or a free one)")
    parser.add_argument(
        "--ip",
        type=address,
        default=LOOPBACK,
        help="where JupyterLab listens (default: 127.0.0.1, this machine alone); in a container "
        "0.0.0.0, and let its port be published on the host's 127.0.0.1 only",
    )
    parser.add_argument(
        "--base-url",
        default="/",
        metavar="PATH",
        help="the path under which a proxy leads to JupyterLab (default: /)",
    )
    parser.add_argument(
        "--fresh",
        metavar="NOTEBOOK",
        action="append",
        default=[],
        help="make this notebook (01, for example) as it was at first, and keep yours beside it",
    )
    add_lateness_argument(parser)
    add_share_argument(parser)
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Start everything, print the address, wait for Ctrl-C, stop everything."""
    progress = Progress()
    progress.step("setting up")
    target = chosen_target(options)
    home, first = home_of(), _notebooks(options.fresh, target, progress)
    # What this imports takes a second or two, and packages, which `--help` has to do without.
    from workshop.cli.health_lines import telling
    from workshop.cli.target_use import connected, deploy_missing

    with (
        until_interrupted() as serves,
        connected(target, progress, options.lateness) as lab,
        announce(target) as binding,
    ):
        progress.note("starting JupyterLab")
        server = JupyterServer(
            home,
            jupyter_environment(base=lab.session.environment() | binding),
            port=options.port,
            browser=not options.no_browser,
            ip=options.ip,
            base_url=options.base_url,
            first=first.relative_to(home).as_posix(),
        )
        try:
            # While JupyterLab starts, which takes about as long.
            deploy_missing(lab, progress.note)
            server.wait_until_ready()
            progress.done()
            print(f"\nThe workshop is open at\n\n    {server.address}\n", flush=True)
            if options.ip != LOOPBACK:
                print(_OPEN.format(options.ip), flush=True)
            print(f"Its notebooks work on {target}. {_what_stays(lab)}", flush=True)
            serves.set()
            server.wait(telling(target, lambda told: print(f"\n{told}", flush=True), _A_NEW_ONE))
        finally:
            with contextlib.suppress(OSError):
                # A terminal that was closed takes no text; JupyterLab must end all the same.
                print(f"\nStopping JupyterLab. {_what_goes_on(target)}")
                sys.stdout.flush()
            server.stop()
    return 0


def _what_stays(lab: "Lab") -> str:
    """What there is when JupyterLab has ended."""
    from workshop.target.making import making

    target = lab.session.target
    if target.is_embedded:
        return "Ctrl-C here stops everything."
    there, number = _deployed(lab), len(PATTERNS)
    if not there:
        return (
            "It has no stacks of the workshop yet, which lessons need: in another terminal, "
            f"{making(lab.session)}. Ctrl-C here ends JupyterLab."
        )
    missing = ""
    if there < number:
        missing = f"It has {there} of {number} stacks; {making(lab.session)} makes the others. "
    return (
        f"{missing}Ctrl-C here ends JupyterLab; the stacks stay, and their event source mappings "
        f"go on asking their queues{', which costs a little,' * target.is_aws} until they are "
        f"removed: `{start_command(target, 'destroy')}`"
    )


def _deployed(lab: "Lab") -> int:
    """How many stacks there are; all, where that cannot be asked: then nothing is claimed."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return len(lab.deployed())
    except (BotoCoreError, ClientError, WorkshopError):
        return len(PATTERNS)


def _what_goes_on(target: Target) -> str:
    if target.is_embedded:
        return "The embedded AWS ends too, unless others use it."
    return f"What was deployed stays: `{start_command(target, 'destroy')}` removes it."


def _notebooks(fresh: Sequence[str], target: Target, progress: Progress) -> Path:
    """Bring the learner's copies; the one to open first."""
    copies = WorkingCopies()
    for told in copies.bring(target):
        progress.tell(told)
    made = [fresh_copy(name) for name in fresh]
    for one in made:
        progress.tell(str(one))
    return made[0].notebook if made else copies.first
