"""Sends every message that it gets to the queue it came from: a loop."""

import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    for record in event["Records"]:
        header = record["attributes"].get("AWSTraceHeader")
        sqs.send_message(
            QueueUrl=os.environ["QUEUE_URL"],
            MessageBody=record["body"],
            MessageSystemAttributes={
                "AWSTraceHeader": {
                    "DataType": "String",
                    "StringValue": os.environ.get("_X_AMZN_TRACE_ID", header),
                }
            },
        )
