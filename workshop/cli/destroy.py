"""`destroy`: remove the stacks from the chosen target, and look whether anything is left."""

import argparse
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from workshop.cli.arguments import add_share_argument, add_target_arguments, chosen_target
from workshop.cli.confirmation import add_confirmation, confirm
from workshop.cli.target_line import tell_target, tell_what_stays
from workshop.counting import counted
from workshop.target.commands import start_command
from workshop.target.target import Target

if TYPE_CHECKING:
    from workshop.stacks.sweep import Found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "--sweep",
        action="store_true",
        help="delete also what no stack knows: temporary resources, and logs that stayed behind",
    )
    parser.add_argument(
        "--all-participants",
        action="store_true",
        help="remove everybody's stacks, also those of no participant",
    )
    # One of the sets that `--all-participants` removes side by side: it says nothing of the others.
    parser.add_argument("--one-of-many", action="store_true", help=argparse.SUPPRESS)
    add_confirmation(parser)
    add_share_argument(parser)
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Delete the stacks; messages that wait in their queues are lost with them."""
    from workshop.cli import destroy_all

    return destroy_all.run(options) if options.all_participants else _run(options)


def _run(options: argparse.Namespace) -> int:
    """Delete the stacks of one participant, or of none.

    Ours is what a stack of this deployment recorded, and what carries this deployment's id. Nothing
    else is deleted, whatever it is called.

    Returns:
        0 when nothing of ours is left afterwards; 1 when something is, or when it cannot be told.
    """
    from workshop import cleanup, connection
    from workshop.cli.stack_lines import StackLines
    from workshop.stacks import deployment, ownership, sweep
    from workshop.stacks.neighbours import whose
    from workshop.target.waits import in_seconds

    target = chosen_target(options)
    tell_target("destroy", target)
    lab = connection.open_lab(target)
    was_left = ownership.is_left(lab.session)
    if there := deployment.existing(lab.session):
        stacks = counted(len(there), "stack")
        named = f"{stacks} and all messages in them go: {', '.join(there)}."
        confirm(target, named, options.yes)
        lines = StackLines(sys.stdout)
        began_s = time.monotonic()

        def on_turn() -> None:
            # What another command needed is none of this one's time.
            nonlocal began_s
            began_s = time.monotonic()

        gone = deployment.destroy(
            lab.session, on_progress=lines.step, on_stack=lines.stack, on_turn=on_turn
        )
        took = in_seconds(time.monotonic() - began_s)
        told = f"removed {counted(len(gone), 'stack')}: {', '.join(gone)} ({took} in all)"
        print(told if gone else "the other command has removed all stacks")
    elif was_left:
        # An interrupted `destroy`, whose deletions CloudFormation went on with.
        print(f"the stacks that this folder deployed are gone already, on {target}")
    else:
        print(f"there is no stack of {whose(target)} to remove, on {target}")
    print(f"looking for what is left on {target}", flush=True)
    # What was deleted just now may be listed for a while; what was there before stays.
    look = partial(cleanup.found, lab)
    left = sweep.look_again(lab.session, look) if there else look()
    if left and options.sweep and (deletable := cleanup.look(lab).deletable):
        for resource in deletable:
            print(f"  {resource.kind}: {resource.name}")
        going = counted(len(deletable), "resource")
        confirm(target, f"Going as well, ours and of no stack: {going}.", options.yes)
        sweep.delete(lab.session, deletable)
        sweep.look_again(lab.session, look)
    found = cleanup.look(lab)
    if found.is_nothing:
        ownership.forget(lab.session)
    if found.is_nothing and was_left and not there:
        print("the removal that was begun is complete")
    _report(found, target, swept=options.sweep)
    if not (found.doubt or options.one_of_many):
        # The last word: "0 left" alone is taken for the other place, too.
        tell_what_stays(ownership.elsewhere(lab.session))
    return 0 if found.is_nothing else 1


def _report(found: "Found", target: Target, *, swept: bool) -> None:
    left = found.left
    if left or not found.doubt:
        print(f"{len(left)} left on {target}")
    for one in left:
        by = found.needed.get(one)
        print(f"  {one.kind}: {one.name}{f' (it is used by {by})' if by else ''}")
    if found.stacks:
        there = counted(len(found.stacks), "stack is", "stacks are")
        print(
            f"{there} there again: somebody else's deploy made it meanwhile, or is about to. If "
            f"nobody needs them: `{start_command(target, 'destroy')}` once more."
        )
    if found.deletable and not swept:
        print(f"`{start_command(target, 'destroy', '--sweep')}` deletes what nobody else uses.")
    if found.doubt:
        print(found.doubt)
    elif found.others:
        print(f"called as ours are, but not ours, and left alone: {len(found.others)}")
    for one in () if found.is_mistaken else found.others:
        print(f"  {one.kind}: {one.name}")
