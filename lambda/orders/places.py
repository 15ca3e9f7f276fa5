"""A database that bears so many orders at a time, and refuses one more. Notebook 08 uses it.

How many it has at work is a number in a DynamoDB table, so that all execution environments of a
function count together: an order takes a place with it, and gives it back when its work is done.
An order that finds no place fails. (A process that is ended in the middle never gives it back.)

Environment: `PLACES_TABLE`, `DATABASE`: which one of the table it is, and `PLACES`: how many.
"""

import os

import boto3
from handler import DependencyUnavailableError, parse_order, process, records_of, write_line

dynamodb = boto3.client("dynamodb")


def handle(event, context):
    """Process every order in a place of its own; the first one that fails ends the invocation."""
    for record in records_of(event, context):
        if not take_place():
            raise refused(record, context)
        try:
            process(record, context)
        finally:
            count(-1)


def take_place():
    """Whether there was a place: DynamoDB looks and counts in one step."""
    try:
        count(1, most=int(os.environ["PLACES"]) - 1)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def count(change, most=None):
    """Count orders at work; with `most` only where no more than these are."""
    values = {":change": {"N": str(change)}}
    condition = {}
    if most is not None:
        values[":most"] = {"N": str(most)}
        condition["ConditionExpression"] = "attribute_not_exists(at_work) OR at_work <= :most"
    dynamodb.update_item(
        TableName=os.environ["PLACES_TABLE"],
        Key={"database": {"S": os.environ["DATABASE"]}},
        UpdateExpression="ADD at_work :change",
        ExpressionAttributeValues=values,
        **condition,
    )


def refused(record, context):
    """The error of an order that found no place, told in the log."""
    error = DependencyUnavailableError("the database is busy with other orders")
    facts = {key: value for key, value in record.items() if key != "body"}
    facts["order_id"] = parse_order(record["body"]).get("order_id")
    facts["request_id"] = context.aws_request_id
    write_line(facts, type(error).__name__, str(error))
    return error
