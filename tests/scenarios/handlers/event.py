"""Prints its event, so that a scenario can look at what Lambda passed; fails if that says so."""

import json
import time


def handler(event, context):
    print("event", json.dumps(event))  # noqa: T201
    time.sleep(event.get("sleep_s", 0))
    if "fail" in json.dumps(event):
        raise ValueError("told to fail")
    return {"seen": True}
