"""A template's resource types: those that can be made, and what is said of the others."""

import re
from pathlib import Path
from typing import Any

import pytest

from localaws.cloudformation import resource_handlers
from localaws.emulator.stacks.resource_types import OF_THE_EMULATOR, refusing

HERE = OF_THE_EMULATOR | {"AWS::SQS::Queue"}


def look(template: Any, conditions: dict[str, bool] | None = None) -> str:
    """What is said of a template; "" where it may go on to the emulator."""
    asked = []
    try:
        refusing(lambda *given, **named: asked.append(given), HERE)(template, conditions or {})
    except ValueError as error:
        assert asked == []
        return str(error)
    assert len(asked) == 1
    return ""


def stack(*types: str) -> dict[str, Any]:
    return {"Resources": {f"R{n}": {"Type": name} for n, name in enumerate(types)}}


@pytest.mark.parametrize(
    "absent",
    [
        "AWS::Kinesis::Stream",
        "AWS::Scheduler::Schedule",
        "AWS::StepFunctions::StateMachine",
        "AWS::Lambda::CodeSigningConfig",
        "AWS::SQS::QueueInlinePolicy",
        "AWS::CloudFormation::WaitCondition",
        "AWS::CloudFormation::CustomResource",
        "Custom::S3AutoDeleteObjects",
    ],
)
def test_a_type_that_is_not_here_is_refused_by_its_name(absent: str) -> None:
    said = look(stack("AWS::SQS::Queue", absent))
    assert f"not part of the embedded AWS: [{absent}]." in said
    assert "Use a real account" in said


@pytest.mark.parametrize(
    ("custom", "instead"),
    [
        ("S3BucketNotifications", "NotificationConfiguration of AWS::S3::Bucket"),
        ("S3AutoDeleteObjects", "empty the bucket"),
        ("LogRetention", "log group with a retention"),
        ("CDKBucketDeployment", "Put the objects"),
    ],
)
def test_a_custom_resource_of_the_cdk_comes_with_the_way_round(custom: str, instead: str) -> None:
    said = look(stack("AWS::SQS::Queue", f"Custom::{custom}", "Custom::Else"))
    assert f" Custom::{custom}: " in said
    assert instead in said.partition(f" Custom::{custom}: ")[2]


def test_all_that_is_absent_is_told_at_once_and_once() -> None:
    said = look(stack("AWS::Pipes::Pipe", "AWS::EC2::VPC", "AWS::Pipes::Pipe"))
    assert "[AWS::EC2::VPC, AWS::Pipes::Pipe]" in said


def test_a_resource_without_a_type_is_a_custom_one() -> None:
    assert "CustomResource" in look({"Resources": {"It": {"Properties": {}}}})


@pytest.mark.parametrize(
    "template",
    [
        stack("AWS::SQS::Queue", "AWS::IAM::Role"),
        # A macro may make something else of it
        stack("AWS::Serverless::Function") | {"Transform": "AWS::Serverless-2016-10-31"},
        # Whatever is no template or no type is the emulator's to refuse, in AWS's words
        {"Resources": None},
        {"Resources": {"It": None}},
        {"Resources": {"It": {"Type": 7}}},
        stack("Queue"),
        {},
    ],
)
def test_everything_else_goes_on(template: Any) -> None:
    assert look(template) == ""


def test_what_is_not_made_is_not_looked_at() -> None:
    template = {"Resources": {"It": {"Type": "AWS::EC2::VPC", "Condition": "Wanted"}}}
    assert look(template, {"Wanted": False}) == ""
    assert "AWS::EC2::VPC" in look(template, {"Wanted": True})


def test_the_page_names_what_a_stack_may_have() -> None:
    ours = resource_handlers(**dict.fromkeys(("sqs", "sns", "lambda_", "logs", "pause")))  # type: ignore[arg-type]
    page = (Path(__file__).parents[3] / "docs/not-imitated.md").read_text(encoding="utf-8")
    named = {
        f"{service}::{name}"
        for service, names in re.findall(r"^\| `(AWS::\w+)` \| ([\w, ]+) \|$", page, re.MULTILINE)
        for name in names.split(", ")
    }
    assert named == OF_THE_EMULATOR | ours.keys()
