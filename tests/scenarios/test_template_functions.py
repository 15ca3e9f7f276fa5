"""Functions in templates: refused before anything is made, or worked out as on AWS."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"Type": "AWS::SQS::Queue"}
# A function with something that it does not take, and how AWS begins to say so.
WRONG: list[tuple[Any, str]] = [
    ({"Fn::Join": ["a"]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Join": ["-", "a"]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Split": ["x"]}, "every Fn::Split object requires two parameters"),
    ({"Fn::FindInMap": ["x"]}, "every Fn::FindInMap object requires three parameters"),
    ({"Fn::Cidr": ["x"]}, "every Fn::Cidr object requires three parameters"),
    ({"Fn::If": "No"}, "Fn::If requires a list argument with the first element being a condition"),
    ({"Fn::Select": ["x", ["a"]]}, "Fn::Select requires a list argument with a valid index value"),
    ({"Fn::Select": [5, ["a"]]}, "Fn::Select cannot select nonexistent value at index 5"),
    ({"Ref": ["x"]}, "every Ref object must have a single String value"),
    ({"Fn::ImportValue": ["a"]}, "every Fn::ImportValue object must have a String-typed value"),
    ({"Fn::Sub": 5}, "One or more Fn::Sub intrinsic functions don't specify expected arguments"),
    ({"Fn::Base64": ["a"]}, "every Fn::Base64 object must have a String-typed value"),
    ({"Fn::Equals": ["a"]}, "every Fn::Equals object requires a list of 2 string parameters"),
    ({"Fn::GetAtt": ["Other"]}, "every Fn::GetAtt object requires two non-empty parameters"),
]


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def placed(function: Any) -> dict[str, dict[str, Any]]:
    """Templates with a function where values may stand."""
    here = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": function}}
    deep = {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [{"Key": "a", "Value": function}]}}
    compared = {"C": {"Fn::Not": [{"Fn::Equals": [function, "a"]}]}}
    exported = {"O": {"Value": "x", "Export": {"Name": function}}}
    return {
        "property": {"Resources": {"It": here}},
        "deep": {"Resources": {"It": deep}},
        "metadata": {"Resources": {"It": QUEUE | {"Metadata": {"a": function}}}},
        "policy": {"Resources": {"It": QUEUE | {"DeletionPolicy": function}}},
        "output": {"Outputs": {"O": {"Value": function}}},
        "export": {"Outputs": exported},
        "condition": {"Conditions": compared},
    }


@pytest.mark.parametrize("place", placed(""))
@pytest.mark.embedded("these many requests would be throttled")
def test_a_wrong_function_makes_no_stack(stack: TemplatedStack, place: str) -> None:
    cloudformation = stack.cloudformation
    for function, words in WRONG:
        if place == "condition" and "Fn::ImportValue" in function:
            continue  # it has no place there
        template = {"Resources": {"It": QUEUE, "Other": QUEUE}} | placed(function)[place]
        template["Resources"]["Other"] = QUEUE
        asked = {"StackName": stack.name, "TemplateBody": json.dumps(template)}
        for call, more in (
            (cloudformation.create_stack, {}),
            (cloudformation.create_change_set, {"ChangeSetName": "c", "ChangeSetType": "CREATE"}),
        ):
            with pytest.raises(ClientError) as refused:
                call(**asked, **more)
            assert refused.value.response["Error"]["Code"] == "ValidationError"
            assert words in refused.value.response["Error"]["Message"], (function, place)
    with pytest.raises(ClientError, match="does not exist"):
        stack.told()


@pytest.mark.parametrize(
    "sections",
    [
        {"Description": ["x"]},
        {"Description": 5},
        {"Outputs": {"O": {"Value": "x", "Description": ["a"]}}},
        {"Outputs": {"O": {"Value": "x", "Export": "y"}}},
        {"AWSTemplateFormatVersion": "2011-01-01"},
        {"Conditions": {"X": True}},
        {"Mappings": {"M": {"a": "b"}}},
        {"Parameters": {"P": {"Type": "String", "Default": ["a"]}}},
        {"Parameters": {"P": {"Type": "String", "Default": "a", "MinLength": "x"}}},
        {"Transform": {"Name": "AWS::Include"}},
        {"Hooks": {"x": 1}},
    ],
)
def test_a_template_that_says_something_else_makes_no_stack(
    stack: TemplatedStack, sections: dict[str, Any]
) -> None:
    # Given a template whose sections are not what they should be, When a stack is made of it
    with pytest.raises(ClientError) as refused:
        stack.send(
            "create", {"It": QUEUE}, sections=sections, Capabilities=["CAPABILITY_AUTO_EXPAND"]
        )
    # Then there is none, and those that are there can still be asked for
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    stack.cloudformation.describe_stacks()


def test_a_key_is_given_once(stack: TemplatedStack) -> None:
    tag = {"Key": "team", "Value": "orders"}
    with pytest.raises(ClientError, match="Tags contain duplicate keys; tag keys must be unique"):
        stack.send("create", {"It": QUEUE}, Tags=[tag, tag])
    parameter = {"ParameterKey": "P", "ParameterValue": "a"}
    with pytest.raises(ClientError, match=r"Parameters: \[P\] are given more than once"):
        stack.send(
            "create",
            {"It": QUEUE},
            sections={"Parameters": {"P": {"Type": "String"}}},
            Parameters=[parameter, parameter],
        )


WORDS = """
Mappings:
  Accounts:
    0123: {Yes: on}
Conditions:
  Here: !And [!Equals [!Ref AWS::Region, %s], !Equals [!Ref AWS::StackName, %s]]
Resources:
  Yes: {Type: AWS::SQS::Queue, Condition: Here}
Outputs:
  Plain: {Value: true}
  Nothing: {Value: !Sub "x${AWS::NoValue}y"}
  Mapped: {Value: !FindInMap [Accounts, "0123", "Yes"]}
  Text: {Value: !Join ["-", [1, true, !GetAtt Yes.QueueName]]}
"""


def test_functions_come_to_what_they_come_to_on_aws(
    account: Account, stack: TemplatedStack
) -> None:
    body = WORDS % (account.session.region_name, stack.name)
    stack.cloudformation.create_stack(StackName=stack.name, TemplateBody=body)
    assert stack.end() == "CREATE_COMPLETE"
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.told()["Outputs"]}
    name = stack.physical_id("Yes").rpartition("/")[2]
    assert outputs.pop("Plain") == "true"
    assert outputs == {"Nothing": "xy", "Mapped": "true", "Text": f"1-true-{name}"}
