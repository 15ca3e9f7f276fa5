"""`deploy`: create or update the stacks on the chosen target."""

import argparse
import time

from workshop.cli.arguments import add_target_arguments, chosen_target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Deploy; on the embedded AWS it has to be running (`local` or `lab`)."""
    from workshop import connection
    from workshop.stacks import deployment

    target, started = chosen_target(options), time.monotonic()
    lab = connection.connect(target, deploy=False)
    changed = deployment.deploy(
        lab.session, on_progress=lambda step: print(f"  {step}", flush=True)
    )
    told = f"deployed {', '.join(changed)}" if changed else "all stacks were up to date"
    print(f"{told} ({time.monotonic() - started:.0f} s)")
    return 0
