"""Prints its event, so that a scenario can look at what Lambda passed; fails if that says so."""

import json


def handler(event, context):
    print("event", json.dumps(event))  # noqa: T201
    if "fail" in json.dumps(event):
        raise ValueError("told to fail")
    return {"seen": True}
