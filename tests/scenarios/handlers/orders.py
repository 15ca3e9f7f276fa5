"""Does what the message says: fails, sleeps, or answers."""

import json
import time


def handler(event, context):
    for record in event.get("Records", [event]):
        text = record.get("body") or record.get("Sns", {}).get("Message") or json.dumps(record)
        act(json.loads(text))
    return {"processed": len(event.get("Records", [event]))}


def act(order):
    print("order", json.dumps(order))  # noqa: T201
    if "sleep_s" in order:
        time.sleep(order["sleep_s"])
    if "raise" in order:
        raise ValueError(order["raise"])
