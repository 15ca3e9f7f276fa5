"""What is said of templates and parameters that cannot be read: where, and in AWS's words."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"Type": "AWS::SQS::Queue"}
SHORT_FORMS = """
Transform: AWS::LanguageExtensions
Resources:
  It: {Type: AWS::SQS::Queue}
Outputs:
  Count: {Value: !Length [a, b, c]}
  Text: {Value: !ToJsonString {a: 1}}
"""


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


ENV = {"Type": "String", "AllowedValues": ["dev", "prod"]}
LATEST = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/no/such/parameter"}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (ENV | {"Default": "test"}, "Parameter 'It' must be one of AllowedValues"),
        (
            ENV | {"Default": "test", "ConstraintDescription": "Say dev or prod"},
            "Parameter It failed to satisfy constraint: Say dev or prod",
        ),
        (
            LATEST,
            r"Unable to fetch parameters \[/no/such/parameter\] from parameter store for this acc",
        ),
    ],
    ids=["not allowed", "described", "not stored"],
)
def test_a_wrong_parameter_is_refused_in_words_of_aws(
    stack: TemplatedStack, asked: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=told):
        stack.send("create", {"It": QUEUE}, sections={"Parameters": {"It": asked}})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Resources:\n  It: [", r"YAML not well-formed\..* \(line 2, column \d+\)"),
        ("hello", r"unsupported structure\."),
        ('{"Resources": {', r"JSON not well-formed\. \(line 1, column \d+\)"),
        ("Resources:\n  It: !Jion [a]\n", r"YAML not well-formed\..* \(line 2, column 7\)"),
    ],
    ids=["YAML", "text", "JSON", "tag"],
)
@pytest.mark.embedded("what it says of a tag, and which column, was not recorded")
def test_a_template_that_cannot_be_read_is_refused_with_its_place(
    stack: TemplatedStack, body: str, told: str
) -> None:
    with pytest.raises(ClientError, match=f"Template format error: {told}$"):
        stack.cloudformation.create_stack(StackName=stack.name, TemplateBody=body)


def test_short_forms_of_language_extensions_are_read(stack: TemplatedStack) -> None:
    options = {"TemplateBody": SHORT_FORMS, "Capabilities": ["CAPABILITY_AUTO_EXPAND"]}
    stack.cloudformation.create_stack(StackName=stack.name, **options)
    stack.cloudformation.get_waiter("stack_create_complete").wait(StackName=stack.name)
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.told()["Outputs"]}
    assert outputs == {"Count": "3", "Text": '{"a":1}'}
