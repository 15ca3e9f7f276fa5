"""Log events in the shapes that Lambda writes (text format unless said otherwise), for tests."""

import json
from typing import Any

import pandas as pd

from workshop.evidence.logs import log_table

T0_MS = 1_700_000_000_000


def event(at_ms: int, message: str, stream: str = "s1") -> dict[str, Any]:
    """One event as FilterLogEvents returns it; times count from T0_MS."""
    return {"timestamp": T0_MS + at_ms, "logStreamName": stream, "message": message}


def record(message_id: str | None, order_id: str | None = None, **fields: Any) -> dict[str, Any]:
    """The handler's line about one record."""
    return {"record": 0, "message_id": message_id, "order_id": order_id, **fields}


def invocation(
    at_ms: int,
    request_id: str,
    *records: dict[str, Any],
    error: str | None = None,
    status: str | None = None,
    duration_ms: float = 3.0,
    stream: str = "s1",
    cold: bool = False,
    reported: bool = True,
) -> list[dict[str, Any]]:
    """The events of one invocation that starts at `at_ms`."""
    end_ms = at_ms + int(duration_ms)
    lines = []
    if cold:
        version = "INIT_START Runtime Version: python:3.13.v64\tRuntime Version ARN: arn\n"
        lines.append(event(at_ms - 60, version, stream))
    lines.append(event(at_ms, f"START RequestId: {request_id} Version: $LATEST\n", stream))
    lines += [event(at_ms, json.dumps(line) + "\n", stream) for line in records]
    if error:
        frames = '\nTraceback (most recent call last):\n\xa0\xa0File "/var/task/handler.py", line 6'
        lines.append(event(at_ms + 1, f"[ERROR] {error}{frames}", stream))
    if reported:
        lines.append(event(end_ms, f"END RequestId: {request_id}\n", stream))
        parts = f"\tDuration: {duration_ms:.2f} ms\tBilled Duration: 4 ms\tMemory Size: 128 MB"
        parts += "\tMax Memory Used: 36 MB" + ("\tInit Duration: 59.10 ms" if cold else "")
        parts += f"\tStatus: {status}\n" if status else "\t\n"
        lines.append(event(end_ms, f"REPORT RequestId: {request_id}{parts}", stream))
    return lines


def logs(*invocations: list[dict[str, Any]]) -> pd.DataFrame:
    """The log table, in CloudWatch's order: by time, over all streams."""
    events = [line for lines in invocations for line in lines]
    return log_table(sorted(events, key=lambda line: int(line["timestamp"])))
