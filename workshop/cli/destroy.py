"""`destroy`: remove the stacks from the chosen target, and look whether anything is left."""

import argparse

from workshop.cli.arguments import add_target_arguments, chosen_target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--sweep",
        action="store_true",
        help="delete also what no stack knows: temporary resources, and logs that stayed behind",
    )
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Delete the stacks; messages that wait in their queues are lost with them.

    Returns:
        0 when a look by names and tags found nothing afterwards, else 1.
    """
    from workshop import cleanup, connection
    from workshop.stacks import deployment, sweep

    lab = connection.connect(chosen_target(options), deploy=False)
    gone = deployment.destroy(lab.session, on_progress=lambda step: print(f"  {step}", flush=True))
    print(f"removed {', '.join(gone)}" if gone else "there was no stack to remove")
    left = sweep.look_again(lab.session, lambda: cleanup.found(lab))
    if left and options.sweep:
        sweep.delete(lab.session, left)
        print(f"removed {len(left)} more")
        left = sweep.look_again(lab.session, lambda: cleanup.found(lab))
    print(f"{len(left)} left")
    for one in left:
        print(f"  {one.kind}: {one.name}")
    if left and not options.sweep:
        print("`destroy --sweep` deletes these too.")
    return 1 if left else 0
