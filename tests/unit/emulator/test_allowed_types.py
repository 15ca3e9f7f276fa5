"""A request may limit the types of a stack."""

import pytest

from localaws.emulator.stacks.allowed_types import type_not_allowed

TEMPLATE = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "It": {"Type": "AWS::SNS::Topic"}}}


@pytest.mark.parametrize(
    "allowed",
    [[], ["AWS::*"], ["AWS::SQS::*", "AWS::SNS::*"], ["AWS::SQS::Queue", "AWS::SNS::Topic"]],
)
def test_what_is_named_is_allowed(allowed: list[str]) -> None:
    assert type_not_allowed(TEMPLATE, allowed) is None


@pytest.mark.parametrize("name", ["AWS::SNS::Top*", "AWS::SNS", "AWS::SNS::Topics", "Custom::*"])
def test_nothing_else_is(name: str) -> None:
    assert type_not_allowed(TEMPLATE, ["AWS::SQS::Queue", name]) == (
        "Resource type AWS::SNS::Topic is not allowed by parameter ResourceTypes "
        f"[AWS::SQS::Queue, {name}]"
    )
