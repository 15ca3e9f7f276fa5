"""Prints the log events that a subscription filter sends."""

import base64
import gzip
import json


def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    for log_event in data["logEvents"]:
        print("watched", data["logGroup"], log_event["message"].splitlines()[0])  # noqa: T201
