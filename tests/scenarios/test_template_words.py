"""What is said of templates and parameters that cannot be read: where, and in AWS's words."""

import json
import re
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


NUMBER = {"Type": "Number", "MinValue": 1, "MaxValue": "9"}
NUMBERS = {"Type": "List<Number>"}
WORD = {"Type": "String", "MinLength": 2, "MaxLength": "4", "AllowedPattern": "[a-z]+"}
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
        (NUMBER | {"Default": "soon"}, "Parameter 'It' must be a number$"),
        (NUMBERS | {"Default": "1,soon"}, "Parameter 'It' must be a number$"),
        (NUMBER | {"Default": 0}, "Parameter 'It' must be a number not less than 1$"),
        (NUMBER | {"Default": "10"}, "Parameter 'It' must be a number not greater than 9$"),
        (
            NUMBER | {"Default": 10, "ConstraintDescription": "One figure"},
            "Parameter It failed to satisfy constraint: One figure$",
        ),
        (WORD | {"Default": "a"}, "Parameter 'It' must contain at least 2 characters$"),
        (WORD | {"Default": "abcde"}, "Parameter 'It' must contain at most 4 characters$"),
        (WORD | {"Default": "ab1"}, r"Parameter 'It' must match pattern \[a-z\]\+$"),
        (
            WORD | {"Default": "ab1", "ConstraintDescription": "Say a word"},
            "Parameter It failed to satisfy constraint: Say a word$",
        ),
        (WORD | {"Defualt": "abc"}, "Invalid template parameter property 'Defualt'"),
        (
            LATEST,
            r"Unable to fetch parameters \[/no/such/parameter\] from parameter store for this acc",
        ),
    ],
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


def test_a_default_is_held_to_the_constraints_also_where_it_is_not_used(
    stack: TemplatedStack,
) -> None:
    asked = WORD | {"Default": "a"}
    with pytest.raises(ClientError, match="'It' must contain at least 2 characters"):
        stack.send(
            "create",
            {"It": QUEUE},
            sections={"Parameters": {"It": asked}},
            Parameters=[{"ParameterKey": "It", "ParameterValue": "abc"}],
        )
    body = json.dumps({"Parameters": {"It": asked}, "Resources": {"It2": QUEUE}})
    with pytest.raises(ClientError, match="'It' must contain at least 2 characters"):
        stack.cloudformation.validate_template(TemplateBody=body)


@pytest.mark.parametrize(
    ("kind", "members", "action", "told"),
    [
        (
            "AWS::SQS::QueuePolicy",
            {"Queues": [{"Fn::GetAtt": ["Queue", "Arn"]}]},
            "sqs:SendMessage",
            "The address arn:aws:sqs:.* is not valid for this endpoint",
        ),
        (
            "AWS::SNS::TopicPolicy",
            {"Topics": [{"Fn::GetAtt": ["Topic", "TopicName"]}]},
            "sns:Publish",
            "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
        ),
    ],
)
def test_a_policy_wants_a_queue_s_address_and_a_topic_s_arn(
    stack: TemplatedStack, kind: str, members: Any, action: str, told: str
) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    ended = stack.send(
        "create",
        {
            "Queue": QUEUE,
            "Topic": {"Type": "AWS::SNS::Topic"},
            "It": {"Type": kind, "Properties": {"PolicyDocument": document, **members}},
        },
    )
    assert ended == "ROLLBACK_COMPLETE"
    assert re.search(told, stack.reasons())
