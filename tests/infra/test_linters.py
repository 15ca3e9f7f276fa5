"""What cdk-nag and cfn-lint say about the stacks, and why some of it does not hold here.

A finding that is not listed fails the test, and so does a reason for something that nobody finds.
"""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import lint_all

from infra.template import Template
from infra.workshop_app import make_app

# Ends of messages: what cannot be delivered from there has nobody who would send it on.
ENDS = {"OnSuccessQueue", "OnFailureQueue", "SubscriptionDlq"}

# Rule of cdk-nag -> why what it finds is meant so, and the constructs that it may be found at.
MEANT: dict[str, tuple[str, set[str] | None]] = {
    "AwsSolutions-SQS3": ("a queue in which messages end needs no DLQ of its own", ENDS),
    "AwsSolutions-SQS4": (
        "a queue's policy says who may send, and holds what the lesson is about alone; the SDKs "
        "use https anyway (infra/constructs.py)",
        None,
    ),
    "AwsSolutions-SNS3": ("as with queues: the SDKs use https anyway", {"Topic", "AlarmTopic"}),
    "AwsSolutions-L1": (
        "a runtime that the lessons were checked with, supported until 2029 (infra/settings.py)",
        {"Function"},
    ),
    "AwsSolutions-DDB3": (
        "the table holds invented payments and goes with its stack: nothing to restore",
        {"Payments"},
    ),
}

# Rule of cfn-lint -> why. Its informational rules (I...) are advice on style, and not looked at.
MEANT_IN_TEMPLATES = {
    "W3005": "the CDK names the role's policy and the role in DependsOn, though a reference to "
    "the role implies half of it",
}


def nag_findings(folder: Path) -> dict[str, set[str]]:
    """Rule -> the constructs, without their stack, at which cdk-nag finds something."""
    app = make_app(outdir=str(folder))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    # Synthesis fails on findings; which ones stands in the report.
    with contextlib.suppress(RuntimeError):
        app.synth()
    report: dict[str, Any] = json.loads((folder / "validation-report.json").read_text("utf-8"))
    return {
        violation["ruleName"]: {
            construct["constructPath"].split("/")[1]
            for construct in violation["violatingConstructs"]
        }
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
    }


def test_cdk_nag_finds_what_is_meant_and_nothing_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = nag_findings(tmp_path)
    assert found.keys() == MEANT.keys()
    for rule, constructs in found.items():
        _reason, places = MEANT[rule]
        assert places is None or constructs == places, rule


def test_cfn_lint_finds_what_is_meant_and_nothing_else(stacks: dict[str, Template]) -> None:
    found = {
        f"{match.rule.id} {match.message} ({name}: {match.path})"
        for name, stack in stacks.items()
        for match in lint_all(json.dumps(stack.body))
        if not match.rule.id.startswith("I")
    }
    rules = {one.split()[0] for one in found}
    assert rules == MEANT_IN_TEMPLATES.keys(), sorted(found)
