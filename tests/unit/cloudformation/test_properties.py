"""Properties as AWS reads them, and the words for those that it refuses."""

from typing import Any

import pytest

from localaws.cloudformation.templates.properties import UNKNOWN, as_read, problems

FUNCTION = {"Role": "role", "Code": {"ZipFile": "x"}}


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        ("AWS::Lambda::EventSourceMapping", {"BatchSize": "5"}, {"BatchSize": 5}),
        ("AWS::Lambda::EventSourceMapping", {"BatchSize": 5.0}, {"BatchSize": 5}),
        ("AWS::Lambda::EventSourceMapping", {"BatchSize": "0"}, {"BatchSize": 0}),
        ("AWS::Lambda::EventSourceMapping", {"Enabled": "False"}, {"Enabled": False}),
        ("AWS::SQS::Queue", {"QueueName": 7}, {"QueueName": "7"}),
        ("AWS::SQS::Queue", {"FifoQueue": "true"}, {"FifoQueue": True}),
        (
            "AWS::Lambda::Function",
            {"Environment": {"Variables": {"A": 1, "B": True, "C": 1.5, "D": "d"}}},
            {"Environment": {"Variables": {"A": "1", "B": "true", "C": "1.5", "D": "d"}}},
        ),
        (
            "AWS::SQS::Queue",
            {"Tags": [{"Key": 1, "Value": False}]},
            {"Tags": [{"Key": "1", "Value": "false"}]},
        ),
        ("AWS::CloudWatch::Alarm", {"Threshold": "1.5"}, {"Threshold": 1.5}),
        # What cannot be read stays, and so does a document, in either form.
        ("AWS::SQS::Queue", {"VisibilityTimeout": "soon"}, {"VisibilityTimeout": "soon"}),
        ("AWS::SQS::QueuePolicy", {"PolicyDocument": "{}"}, {"PolicyDocument": "{}"}),
        ("AWS::SQS::QueuePolicy", {"PolicyDocument": {"a": 1}}, {"PolicyDocument": {"a": 1}}),
    ],
)
def test_values_are_read_generously(kind: str, given: Any, read: Any) -> None:
    found = as_read(kind, given)
    assert found == read
    assert repr(found) == repr(read)  # 1 is True otherwise


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"Foo": 1}, "#: extraneous key [Foo] is not permitted"),
        ({"Arn": "x"}, "#: extraneous key [Arn] is not permitted"),
        (
            {"Environment": {"Vars": {}}},
            "#/Environment: extraneous key [Vars] is not permitted",
        ),
        ({"Timeout": "soon"}, "#/Timeout: expected type: Integer, found: String"),
        ({"Timeout": 1.5}, "#/Timeout: expected type: Integer, found: Number"),
        ({"Timeout": True}, "#/Timeout: expected type: Integer, found: Boolean"),
        ({"Layers": "x"}, "#/Layers: expected type: JSONArray, found: String"),
        ({"Tags": [7]}, "#/Tags/0: expected type: JSONObject, found: Integer"),
        ({"Tags": [{"Key": "a"}, {"Value": "b"}]}, "#/Tags/1: required key [Key] not found"),
        ({"Handler": ["x"]}, "#/Handler: expected type: String, found: JSONArray"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(given: Any, problem: str) -> None:
    assert problem in problems("AWS::Lambda::Function", FUNCTION | given)


def test_what_is_needed_is_told() -> None:
    assert problems("AWS::Lambda::Function", {"Handler": "x"}) == [
        "#: required key [Code] not found",
        "#: required key [Role] not found",
    ]


@pytest.mark.parametrize("value", [UNKNOWN, {"Ref": "It"}, {"Fn::GetAtt": ["It", "Arn"]}])
def test_a_function_may_be_anything(value: Any) -> None:
    assert problems("AWS::Lambda::Function", {"Role": value, "Code": value, "Timeout": value}) == []


def test_a_type_without_a_schema_is_left_alone() -> None:
    given = {"Analytics": 7}
    assert problems("AWS::CDK::Metadata", given) == []
    assert as_read("AWS::CDK::Metadata", given) == given
