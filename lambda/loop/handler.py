"""Processes an order and sends it to the queue that it came from: a loop, as a mistake makes it.

`QUEUE_URL` names the queue. Lambda recognises such a loop by the trace header that the SDK hands
on; where the SDK does not, the handler does it here.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    """Send every order back, and print a line about it as `lambda/orders` does."""
    for position, record in enumerate(event["Records"]):
        attributes = record["attributes"]
        header = os.environ.get("_X_AMZN_TRACE_ID") or attributes.get("AWSTraceHeader", "")
        trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": header}} if header else {}
        sqs.send_message(
            QueueUrl=os.environ["QUEUE_URL"],
            MessageBody=record["body"],
            MessageSystemAttributes=trace,
        )
        facts = {
            "record": position,
            "source": "sqs",
            "message_id": record["messageId"],
            "sent_at_ms": int(attributes["SentTimestamp"]),
            "receive_count": int(attributes["ApproximateReceiveCount"]),
            "request_id": context.aws_request_id,
            "order_id": json.loads(record["body"]).get("order_id"),
            "outcome": "ok",
        }
        print(json.dumps(facts))  # noqa: T201 - Lambda sends stdout to CloudWatch Logs
