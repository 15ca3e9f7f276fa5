"""`deploy`: create or update the stacks on the chosen target."""

import argparse
import sys
import time
from typing import TYPE_CHECKING

from workshop.cli.arguments import add_share_argument, add_target_arguments, chosen_target
from workshop.cli.confirmation import add_confirmation, confirm
from workshop.cli.target_line import tell_target
from workshop.errors import DeploymentError
from workshop.target.commands import start_command
from workshop.target.target import PATTERNS, Target

if TYPE_CHECKING:
    from workshop.target.session import Session

# Event source mappings of all stacks; a test counts those of the templates.
POLLING = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_confirmation(parser)
    add_share_argument(parser)
    add_target_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Deploy; on the embedded AWS, which is started when none runs, nobody is asked."""
    from workshop import connection
    from workshop.cli.stack_lines import StackLines
    from workshop.stacks import deployment
    from workshop.target.waits import in_seconds

    target = chosen_target(options)
    tell_target("deploy", target)
    lab = connection.open_lab(target)
    _expect_bootstrap(lab.session)
    confirm(target, _what_it_means(target), options.yes)
    lines, began_s = StackLines(sys.stdout), time.monotonic()

    def on_turn() -> None:
        # What somebody took to answer, or another command needed, is none of this one's time.
        nonlocal began_s
        began_s = time.monotonic()

    changed = deployment.deploy(
        lab.session, on_progress=lines.step, on_stack=lines.stack, on_turn=on_turn
    )
    told = f"deployed {', '.join(changed)}" if changed else "all stacks were up to date"
    print(f"{told}, on {target} ({in_seconds(time.monotonic() - began_s)} in all)")
    # CloudFormation compares templates: what was changed beside them is up to date for it.
    if left := lab.changed():
        print(left)
    print(f"Next: `{start_command(target, 'lab')}`")
    return 0


def _expect_bootstrap(session: "Session") -> None:
    """Say at once what the CDK CLI would say in the end."""
    from workshop.stacks import ownership
    from workshop.target.making import is_prepared

    if not is_prepared(session):
        meant = "".join(
            f" This folder has deployed to {one}: if that is what you mean, name its Region."
            for one in ownership.elsewhere(session)
        )
        raise DeploymentError(
            f"{session.target.region} of this account is not prepared for the CDK, and nothing "
            f"was made.{meant}",
            f"Run `{start_command(session.target, 'bootstrap')}`, once, then this again.",
        )


def _what_it_means(target: Target) -> str:
    """What is made, how long that takes, and what it costs while nobody does anything."""
    from workshop.cleanup import cost
    from workshop.prices import dollars

    a_day = dollars(cost.idle(POLLING, days=1).total_usd)
    return (
        f"{len(PATTERNS)} stacks with queues, topics, functions, a table and an alarm are made "
        "where they are missing, or brought up to date; all of them take some minutes. "
        f"{'' if target.is_aws else 'What AWS would charge (this endpoint is not AWS): '}Requests "
        "are charged as they are made (notebook 14 counts them); "
        f"{POLLING} event source mappings ask their queues all the time, about {a_day} a day, "
        f"until they are disabled, or removed by `{start_command(target, 'destroy')}`."
    )
