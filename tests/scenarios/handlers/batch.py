"""Answers what the first record's body says, word for word."""

import json


def handler(event, context):
    bodies = [json.loads(record["body"]) for record in event["Records"]]
    print("bodies", json.dumps(bodies))  # noqa: T201
    answer = bodies[0]["answer"]
    if answer == "report bad ones":
        bad = [r["messageId"] for r in event["Records"] if json.loads(r["body"]).get("bad")]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in bad]}
    return answer
