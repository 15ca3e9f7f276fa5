"""Puts the stacks together, once per participant."""

import json
import os
import re
from pathlib import Path
from typing import Any

from aws_cdk import App, Tags

from infra.batch_stack import BatchStack
from infra.lambda_destinations_stack import LambdaDestinationsStack
from infra.lambda_dlq_stack import LambdaDlqStack
from infra.repair_stack import RepairStack
from infra.sqs_dlq_stack import SqsDlqStack

PREFIX = "FailureWorkshop"
PROJECT_FOLDER = Path(__file__).resolve().parent.parent

# CloudFormation's rule for stack names, shortened: Lambda takes the stack's name into the names of
# functions, which may have 64 characters.
PARTICIPANT = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,19}")


def make_app(*, participant: str | None = None, outdir: str | None = None) -> App:
    """Make the app with all stacks; call `synth()` on the result.

    Args:
        participant: whose set of stacks it is. None takes the context value `participant` (`cdk -c
            participant=ada`), and without that there is one unnamed set.
        outdir: where the templates go. None takes what the CDK CLI asks for, else `cdk.out`.

    Raises:
        ValueError: the participant's name cannot be part of a stack name.
    """
    app = App(context=_context(), outdir=outdir or os.environ.get("CDK_OUTDIR", "cdk.out"))
    participant = participant or app.node.try_get_context("participant")
    prefix = stack_prefix(participant)
    SqsDlqStack(app, f"{prefix}-SqsDlq")
    LambdaDestinationsStack(app, f"{prefix}-LambdaDestinations")
    LambdaDlqStack(app, f"{prefix}-LambdaDlq")
    _add_batch_stacks(app, prefix)
    RepairStack(app, f"{prefix}-Repair")
    # Tags let a tear-down find whatever is left of a set of stacks.
    Tags.of(app).add("workshop", "lambda-failure")
    if participant:
        Tags.of(app).add("participant", participant)
    return app


def _add_batch_stacks(app: App, prefix: str) -> None:
    BatchStack(
        app,
        f"{prefix}-WholeBatches",
        about="batches that fail as a whole",
        handler="all_or_nothing",
        reports_item_failures=False,
    )
    BatchStack(
        app,
        f"{prefix}-PartialBatches",
        about="batches of which only some messages fail",
        handler="report_failures",
        reports_item_failures=True,
        powertools=True,
    )
    BatchStack(
        app,
        f"{prefix}-FifoBatches",
        about="batches from a FIFO queue, reported in order",
        handler="report_in_order",
        reports_item_failures=True,
        fifo=True,
    )


def stack_prefix(participant: str | None) -> str:
    """What the names of a participant's stacks begin with.

    Raises:
        ValueError: the participant's name cannot be part of a stack name.
    """
    if not participant:
        return PREFIX
    if not PARTICIPANT.fullmatch(participant):
        raise ValueError(
            f"participant {participant!r} cannot be part of a stack name: use a letter, then "
            "letters, digits and hyphens, 20 characters at most, for example -c participant=ada"
        )
    return f"{PREFIX}-{participant}"


def _context() -> dict[str, Any]:
    # The CLI hands cdk.json's feature flags to the app; without the CLI (`python app.py`, tests) we
    # do it, so that every way of synthesizing gives the same templates.
    context: dict[str, Any] = json.loads((PROJECT_FOLDER / "cdk.json").read_text("utf-8"))[
        "context"
    ]
    return context
