"""`deploy`: create or update the stacks on the chosen target."""

import argparse
import contextlib
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

    target, started = chosen_target(options), time.monotonic()
    tell_target("deploy", target)
    lab = connection.open_lab(target)
    _expect_bootstrap(lab.session)
    confirm(target, _what_it_means(target), options.yes)
    lines = StackLines(sys.stdout)
    changed = deployment.deploy(lab.session, on_progress=lines.step, on_stack=lines.stack)
    told = f"deployed {', '.join(changed)}" if changed else "all stacks were up to date"
    print(f"{told}, on {target} ({time.monotonic() - started:.0f} s)")
    # CloudFormation compares templates: what was changed beside them is up to date for it.
    if left := lab.changed():
        print(left)
    print(f"Next: `{start_command(target, 'lab')}`")
    return 0


def _expect_bootstrap(session: "Session") -> None:
    """Say at once what the CDK CLI would say in the end."""
    from botocore.exceptions import ClientError

    from workshop.stacks import cdk_deployment

    with contextlib.suppress(ClientError):  # whoever may not ask that may still deploy
        if not session.target.is_embedded and cdk_deployment.bootstrap_version(session) is None:
            raise DeploymentError(
                f"{session.target.region} of this account is not prepared for the CDK, and nothing "
                "was made.",
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
