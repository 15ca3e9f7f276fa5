"""Ends in every way that an invocation can end."""

import hashlib
import logging
import sys
import tempfile
import time
from pathlib import Path

seen = []
mark = Path(tempfile.gettempdir()) / "mark"


def handler(event, context):
    seen.append(event)
    logging.warning("about to %s", event["do"])
    return ACTIONS[event["do"]](event)


def answer(event):
    return {"invocations": len(seen), "tmp": mark.exists()}


def chatter(event):
    print("a\nb")  # noqa: T201
    print("another\rline")  # noqa: T201
    return answer(event)


def leave_mark_and_sleep(event):
    mark.touch()
    time.sleep(event["sleep_s"])


def fail(event):
    raise RuntimeError(event.get("message", "some error occurred"))


def log_exception(event):
    try:
        fail(event)
    except RuntimeError:
        logging.exception("caught")


def hoard(event):
    """Take 600 MB, slowly enough for whoever watches."""
    hoarded = []
    for number in range(600):
        block = bytes([number % 251]) * 1024 * 1024
        hoarded.append((block, hashlib.sha256(block).digest()))
    return len(hoarded)


ACTIONS = {
    "hoard": hoard,
    "answer": answer,
    "chatter": chatter,
    "sleep": leave_mark_and_sleep,
    "fail": fail,
    "log exception": log_exception,
    "exit": lambda event: sys.exit(event.get("status", 0)),
    "answer a set": lambda event: {1, 2},
    "answer too much": lambda event: "x" * (7 * 1024 * 1024),
}
