"""`destroy`: remove the patterns from the chosen target."""

import argparse

from workshop.cli.arguments import add_target_arguments, chosen_target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Delete the stacks; messages that wait in their queues are lost with them."""
    from workshop import connection, deployment

    lab = connection.connect(chosen_target(options), deploy=False)
    gone = deployment.destroy(lab.session, on_progress=lambda step: print(f"  {step}", flush=True))
    print(f"removed {', '.join(gone)}" if gone else "there was nothing to remove")
    return 0
