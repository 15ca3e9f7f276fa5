"""Takes the payment for an order. Two things are wrong with it; notebook 06 finds and repairs them.

An order is JSON: {"order_id": "A-17", "amount": "12.50"}. A payment is an item in a DynamoDB table,
where in a real shop it would be a charge to a card. With `"crash": true` the function crashes right
after it took the payment, as it would if it timed out or lost its connection.

For each record the function prints one line of JSON, of the same form as `lambda/orders` does.
"""

import json
import os
import uuid

import boto3

dynamodb = boto3.client("dynamodb")
TABLE = os.environ["PAYMENTS_TABLE"]


class CrashError(Exception):
    """The order asked for a crash after its payment."""


def handler(event, context):
    """Process every order of the event; the first one that fails ends the invocation."""
    for record in event["Records"]:
        order = json.loads(record["body"])
        try:
            payment = process(order)
        except Exception as error:
            write_line(record, order, outcome="error", error_type=type(error).__name__)
            raise
        write_line(record, order, outcome="ok", payment=payment)


def process(order):
    """Take the payment of one order."""
    payment = pay(order["order_id"], cents_of(order))
    if order.get("crash") and payment == "taken":
        raise CrashError(f"order {order['order_id']}: crashed after the payment")
    return payment


def cents_of(order):
    """The amount of an order in cents."""
    return round(100 * float(order["amount"]))


def pay_each_time(order_id, cents):
    """Take the payment, whatever happened before."""
    item = item_of(str(uuid.uuid4()), order_id, cents)
    dynamodb.put_item(TableName=TABLE, Item=item)
    return "taken"


def pay_once(order_id, cents):
    """Take the payment unless it was taken before; DynamoDB looks and writes in one step."""
    item = item_of(order_id, order_id, cents)
    condition = "attribute_not_exists(payment_id)"
    try:
        dynamodb.put_item(TableName=TABLE, Item=item, ConditionExpression=condition)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return "taken before"
    return "taken"


pay = pay_each_time


def item_of(payment_id, order_id, cents):
    """A payment as DynamoDB keeps it."""
    return {
        "payment_id": {"S": payment_id},
        "order_id": {"S": order_id},
        "cents": {"N": str(cents)},
    }


def write_line(record, order, **outcome):
    """Print what happened to one record as one line of JSON."""
    attributes = record["attributes"]
    facts = {
        "source": "sqs",
        "message_id": record["messageId"],
        "order_id": order.get("order_id"),
        "sent_at_ms": int(attributes["SentTimestamp"]),
        "receive_count": int(attributes["ApproximateReceiveCount"]),
    }
    print(json.dumps({**facts, **outcome}))  # noqa: T201 - Lambda sends stdout to CloudWatch Logs
