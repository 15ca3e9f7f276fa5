"""`bootstrap`: prepare a Region of a real account for the CDK, once."""

import argparse
import sys

from workshop.cli.arguments import add_target_arguments, chosen_target
from workshop.cli.confirmation import add_confirmation, confirm
from workshop.cli.target_line import tell_target
from workshop.errors import TargetValueError
from workshop.target.commands import start_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_confirmation(parser)
    add_target_arguments(parser)
    parser.epilog = (
        "Makes the stack CDKToolkit, which all CDK apps of this account and Region share."
    )


def run(options: argparse.Namespace) -> int:
    """Bootstrap; the embedded AWS needs none.

    Raises:
        TargetValueError: the target is the embedded AWS.
    """
    from workshop import connection
    from workshop.cli.stack_lines import StackLines
    from workshop.stacks import cdk_deployment

    target = chosen_target(options)
    if target.is_embedded:
        raise TargetValueError(
            "The embedded AWS needs no bootstrapping.",
            "For a real account: --target aws --profile P --region R --account ID.",
        )
    tell_target("bootstrap", target)
    lab = connection.open_lab(target)
    confirm(target, "The CDK's own stack, CDKToolkit, is made or updated.", options.yes)
    lines = StackLines(sys.stdout)
    cdk_deployment.bootstrap(lab.session, on_progress=lines.step, on_stack=lines.stack)
    print(f"{target} is ready. Next: `{start_command(target, 'deploy')}`")
    return 0
