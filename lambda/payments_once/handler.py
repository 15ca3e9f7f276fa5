"""Takes the payment for an order: plainly, or once, with Powertools' idempotency (notebook 10).

An order is JSON: {"order_id": "A-17", "amount": "12.50"}. A payment is an item in a DynamoDB table,
where in a real shop it would be a charge to a card. For the lesson an order may also say

- `"takes_s": 3`: the payment takes so long;
- `"hang": "inside"`: at the first attempt the function hangs right after the payment, until Lambda
  ends it; `"hang": "after"`: it hangs once `pay_once` has returned, too.

Powertools keeps a record of each order in a second table: first that it is in progress, then what
`pay_once` returned. It comes in the function's package.
https://docs.aws.amazon.com/powertools/python/latest/utilities/idempotency/

For each message the function prints one line of JSON, of the same form as `lambda/orders` does.
"""

import json
import os
import time
import uuid

import boto3
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

dynamodb = boto3.client("dynamodb")
PAYMENTS = os.environ["PAYMENTS_TABLE"]
# Which id a payment has: a "new" one each time, or that of its "order".
PAYMENT_ID = os.environ.get("PAYMENT_ID", "new")

records = DynamoDBPersistenceLayer(table_name=os.environ["RECORDS_TABLE"])
config = IdempotencyConfig(
    event_key_jmespath="order_id",
    payload_validation_jmespath="amount",
    raise_on_no_idempotency_key=True,
    expires_after_seconds=int(os.environ["EXPIRES_AFTER_S"]),
)


def plainly(event, context):
    """Take the payment of every order of the event, whatever happened before."""
    process(event, context, pay)


def once(event, context):
    """Take the payment of every order of the event that has none."""
    config.register_lambda_context(context)  # so that a record knows when its attempt must be over
    process(event, context, pay_once)


def forgetful(event, context):
    """As `once`, but somebody forgot to tell Powertools how long the function may run."""
    process(event, context, pay_once)


def pay(order, stop):
    """Take the payment; `stop` hangs, if the order says so."""
    time.sleep(order.get("takes_s", 0))
    payment_id = order["order_id"] if PAYMENT_ID == "order" else str(uuid.uuid4())
    is_new = put_payment(payment_id, order)
    stop("inside")
    payment = "taken" if is_new else "taken before"
    return {"order_id": order["order_id"], "payment_id": payment_id, "payment": payment}


@idempotent_function(data_keyword_argument="order", persistence_store=records, config=config)
def pay_once(order, stop):
    """Take the payment, unless there is a record that says that it was taken."""
    return pay(order, stop)


def put_payment(payment_id, order):
    """Whether a payment with this id was made; not, when there was one."""
    item = {
        "payment_id": {"S": payment_id},
        "order_id": {"S": order["order_id"]},
        "amount": {"S": order["amount"]},
    }
    condition = "attribute_not_exists(payment_id)"
    try:
        dynamodb.put_item(TableName=PAYMENTS, Item=item, ConditionExpression=condition)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def process(event, context, take):
    """Take payments in one way or the other; the first that fails ends the invocation."""
    for record in event["Records"]:
        order = json.loads(record["body"])

        def stop(place, record=record, order=order):
            hang_at(place, record, order, context)

        try:
            answer = take(order=order, stop=stop)
        except Exception as error:
            failed = {"error_type": type(error).__name__, "error_message": str(error)}
            write_line(record, order, outcome="error", **failed)
            raise
        stop("after")
        write_line(record, order, outcome="ok", payment=answer["payment"])


def hang_at(place, record, order, context):
    """Hang until Lambda ends us, at this place of the first attempt, if the order says so."""
    is_first = record["attributes"]["ApproximateReceiveCount"] == "1"
    if order.get("hang") != place or not is_first:
        return
    failed = {"error_type": "Timeout", "error_message": f"hangs: {place}"}
    write_line(record, order, outcome="error", **failed)
    time.sleep(context.get_remaining_time_in_millis() / 1000 + 1)


def write_line(record, order, **outcome):
    """Print what happened to one message as one line of JSON."""
    attributes = record["attributes"]
    facts = {
        "source": "sqs",
        "message_id": record["messageId"],
        "order_id": order.get("order_id"),
        "sent_at_ms": int(attributes["SentTimestamp"]),
        "receive_count": int(attributes["ApproximateReceiveCount"]),
    }
    print(json.dumps({**facts, **outcome}))  # noqa: T201 - Lambda sends stdout to CloudWatch Logs
