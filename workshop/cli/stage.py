"""`stage`: the instructor's stage, full-screen in a browser; no notebook is needed."""

import argparse
import threading
import webbrowser

from workshop.cli.arguments import (
    add_share_argument,
    add_target_arguments,
    chosen_target,
    port,
)
from workshop.cli.interruption import until_interrupted
from workshop.cli.lateness import add_lateness_argument
from workshop.cli.progress import Progress
from workshop.errors import WorkshopError
from workshop.target.folders import state_of

_ANOTHER = "End this with Ctrl-C and start it again: a new one is empty."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    parser.add_argument("--port", type=port, default=0, help="TCP port (default: a free one)")
    add_lateness_argument(parser)
    add_share_argument(parser)
    add_target_arguments(parser)
    parser.epilog = "On the stage, ? shows the keys. Ends with Ctrl-C."


def run(options: argparse.Namespace) -> int:
    """Start everything, open the browser, wait for Ctrl-C, put everything back."""
    from workshop.cli.health_lines import telling
    from workshop.cli.target_use import ready
    from workshop.stage.opening import OpenStage

    progress = Progress()
    progress.step("setting up")
    target = chosen_target(options)
    with until_interrupted() as serves, ready(target, progress, options.lateness) as lab:
        progress.done()
        try:
            stage = OpenStage(lab, options.port).server
        except OSError as error:
            raise WorkshopError(
                f"Port {options.port} cannot be used: {error.strerror}.",
                "Choose another one, or leave out --port.",
            ) from None
        try:
            print(f"\nThe stage is open at\n\n    {stage.address}\n", flush=True)
            print(f"It works on {target}. Ctrl-C here ends it.", flush=True)
            if not options.no_browser:
                webbrowser.open(stage.door(state_of()).as_uri())
            # In steps, because Windows does not interrupt a wait without end.
            serves.set()
            look = telling(target, lambda told: print(f"\n{told}", flush=True), _ANOTHER)
            while not threading.Event().wait(timeout=1):
                look()
        finally:
            stage.stop()
    return 0
