"""What is said of a template's table, in words measured on AWS.

https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/dynamodb
"""

from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.refusing import refuse_unserved
from localaws.emulator.table_rules import mistake_in_key_order, mistake_in_table
from localaws.time.clock import Clock

PROVISIONED = {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}


def keys(*named: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in (one.split(":") for one in named)
    ]


def table(defined: str = "a", schema: Any = ("a:HASH",), **settings: Any) -> dict[str, Any]:
    return {
        "AttributeDefinitions": [{"AttributeName": one, "AttributeType": "S"} for one in defined],
        "KeySchema": keys(*schema),
        "BillingMode": "PAY_PER_REQUEST",
    } | settings


def index(*named: str) -> list[dict[str, Any]]:
    return [{"IndexName": "other", "KeySchema": keys(*named)}]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (
            table(schema=["a:RANGE"]),
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            table("ab", ["a:HASH", "b:HASH"]),
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
        ),
        (table("aa"), "An attribute appears more than once in AttributeDefinitions"),
        (
            table("ab"),
            "Number of attributes in KeySchema does not exactly match number of attributes "
            "defined in AttributeDefinitions",
        ),
        (
            table(LocalSecondaryIndexes=index("a:HASH", "z:RANGE")),
            "An attribute referenced in a KeySchema element is not defined in AttributeDefinitions",
        ),
        (
            table(**PROVISIONED),
            "Property ProvisionedThroughput can't be used with PAY_PER_REQUEST BillingMode.",
        ),
        (
            table(BillingMode="PROVISIONED"),
            "Property ProvisionedThroughput cannot be empty",
        ),
        (
            table(BillingMode="PROVISIONED", GlobalSecondaryIndexes=index("a:HASH"), **PROVISIONED),
            "Property ProvisionedThroughput cannot be empty",
        ),
        (
            table(TimeToLiveSpecification={"Enabled": True}),
            "Invalid request provided: AttributeName property of TimeToLiveSpecification is "
            "required when TTL status is enabled or when enabling TTL.",
        ),
    ],
)
def test_what_is_refused(properties: dict[str, Any], message: str) -> None:
    assert mistake_in_table(properties) == message


@pytest.mark.parametrize(
    "properties",
    [
        table(),
        table("ab", ["a:HASH", "b:RANGE"]),
        table("abc", ["a:HASH", "b:RANGE"], GlobalSecondaryIndexes=index("c:HASH")),
        table(BillingMode="PROVISIONED", **PROVISIONED),
        table(TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"}),
        table(TimeToLiveSpecification={"Enabled": False}),
    ],
)
def test_what_is_right_is_taken(properties: dict[str, Any]) -> None:
    assert mistake_in_table(properties) is None


def test_create_table_looks_at_the_order_of_keys() -> None:
    told = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
    assert mistake_in_key_order(table("ab", ["a:RANGE", "b:HASH"])) == told
    assert mistake_in_key_order(table("ab")) is None


def test_dynamodb_itself_says_so() -> None:
    made: list[Any] = []
    dynamodb, others = ModuleType("dynamodb"), ModuleType("others")
    for name in ("_create_table", "_update_table", "_enable_kinesis_streaming_destination"):
        setattr(dynamodb, name, made.append)
    for name in ("_put_rule", "_put_targets", "_put_metric_alarm", "_put_composite_alarm"):
        setattr(others, name, made.append)
    others.__dict__["_put_metric_data"] = made.append
    dynamodb.__dict__["error_response_json"] = lambda *told: told
    refuse_unserved(others, dynamodb, others, Clock())
    assert dynamodb._create_table(table(schema=["a:RANGE"])) == (
        "ValidationException",
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        400,
    )
    dynamodb._create_table(table())
    assert made == [table()]
