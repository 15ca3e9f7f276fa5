"""Two ways to fail while something is down that every order needs. Notebooks 08 and 09 use them.

An order says until when it is down, in seconds since 1970:

    {"order_id": "A-17", "pass": true, "down_until": 1767225600}

`fail` raises until then. `back_off` reports the order as failed, so that SQS keeps it, and makes it
wait longer each time: by ChangeMessageVisibility, from the receive count of the message.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html

Environment: `QUEUE_URL` of the source queue, `FIRST_WAIT_S`, and `JITTER`: the share of a wait by
which it may be longer or shorter, by chance.
"""

import os
import random
import time

import boto3
from batches import answer
from handler import DependencyUnavailableError, parse_order, process, records_of, write_line

sqs = boto3.client("sqs")
# SQS hides a message for 12 hours at most, counted from its receive; an hour leaves room.
LONGEST_WAIT_S = 3600


def fail(event, context):
    """Process every order; the first one that fails ends the invocation."""
    for record in records_of(event, context):
        work(record, context)


def back_off(event, context):
    """Process every order; one that fails is reported, and waits twice as long as before."""
    failed = []
    for record, raw in zip(records_of(event, context), event["Records"], strict=True):
        try:
            work(record, context)
        except Exception:
            sqs.change_message_visibility(
                QueueUrl=os.environ["QUEUE_URL"],
                ReceiptHandle=raw["receiptHandle"],
                VisibilityTimeout=wait_s(record["receive_count"]),
            )
            failed.append(record)
    return answer(failed)


def wait_s(receive_count):
    """Whole seconds until the next attempt: doubled with each receive, then spread by chance."""
    doubled_s = int(os.environ["FIRST_WAIT_S"]) * 2 ** (receive_count - 1)
    jitter = float(os.environ.get("JITTER", "0"))
    factor = random.uniform(1 - jitter, 1 + jitter)
    return round(min(doubled_s, LONGEST_WAIT_S) * factor)


def work(record, context):
    """Process one order, unless what it needs is down."""
    order = parse_order(record["body"])
    if time.time() < order.get("down_until", 0):
        error = DependencyUnavailableError("what the order needs is down")
        facts = {key: value for key, value in record.items() if key != "body"}
        facts |= {"request_id": context.aws_request_id, "order_id": order.get("order_id")}
        write_line(facts, type(error).__name__, str(error))
        raise error
    process(record, context)
