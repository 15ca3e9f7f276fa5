"""What DynamoDB refuses of a table, and CloudFormation of AWS::DynamoDB::Table. Pure.

Measured for https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/dynamodb.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_TWICE = "An attribute appears more than once in AttributeDefinitions"
_UNDEFINED = "An attribute referenced in a KeySchema element is not defined in AttributeDefinitions"
_UNUSED = (
    "Number of attributes in KeySchema does not exactly match number of attributes defined in "
    "AttributeDefinitions"
)
_TIME_TO_LIVE = (
    "Invalid request provided: AttributeName property of TimeToLiveSpecification is required when "
    "TTL status is enabled or when enabling TTL."
)

Table = Mapping[str, Any]


def mistake_in_table(table: Table) -> str | None:
    """The message with which a table of these properties is refused, or None."""
    return next(_mistakes(table), None)


def mistake_in_key_order(table: Table) -> str | None:
    """The message with which CreateTable refuses the order of a table's keys, or None."""
    return next(_in_order(table.get("KeySchema") or ()), None)


def _mistakes(table: Table) -> Iterator[str]:
    indexes = [
        index
        for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
        for index in table.get(kind) or ()
    ]
    yield from _in_order(table.get("KeySchema") or ())
    defined = [one["AttributeName"] for one in table.get("AttributeDefinitions") or ()]
    if len(set(defined)) < len(defined):
        yield _TWICE
    used = {key["AttributeName"] for one in (table, *indexes) for key in one.get("KeySchema") or ()}
    if not used <= set(defined):
        yield _UNDEFINED
    # In which order AWS lists what tables with indexes leave unused is not known.
    if set(defined) - used and not indexes:
        yield _UNUSED
    yield from _in_billing(table)
    time_to_live = table.get("TimeToLiveSpecification") or {}
    if time_to_live.get("Enabled") in (True, "true") and not time_to_live.get("AttributeName"):
        yield _TIME_TO_LIVE


def _in_order(schema: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for place, number, kind in ((0, "first", "HASH"), (1, "second", "RANGE")):
        if schema[place:] and schema[place]["KeyType"] != kind:
            yield f"Invalid KeySchema: The {number} KeySchemaElement is not a {kind} key type"


def _in_billing(table: Table) -> Iterator[str]:
    is_on_demand = table.get("BillingMode") == "PAY_PER_REQUEST"
    for one in (table, *(table.get("GlobalSecondaryIndexes") or ())):
        if is_on_demand and one.get("ProvisionedThroughput"):
            yield "Property ProvisionedThroughput can't be used with PAY_PER_REQUEST BillingMode."
        if not is_on_demand and not one.get("ProvisionedThroughput"):
            yield "Property ProvisionedThroughput cannot be empty"
