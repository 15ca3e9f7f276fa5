"""CloudWatch Logs -> a tidy table."""

from datetime import datetime
from typing import Any

import pandas as pd

from workshop.target.session import Session

COLUMNS = {"timestamp": "datetime64[ms, UTC]", "log_stream": "str", "message": "str"}


def read_logs(session: Session, log_group: str, since: datetime | None = None) -> pd.DataFrame:
    """Every event of a log group.

    Args:
        session: the target.
        log_group: its name.
        since: only events from this moment on; default all that are kept.

    Returns:
        Columns `timestamp` (datetime64[ms, UTC]), `log_stream` (str), `message` (str), in
        CloudWatch's order. No rows when nothing was logged, or the group does not exist yet.
    """
    return log_table(read_events(session, log_group, since))


def read_events(session: Session, log_group: str, since: datetime | None) -> list[dict[str, Any]]:
    """The same, as FilterLogEvents returns it."""
    session.waits.note(log_group)
    request: dict[str, Any] = {"logGroupName": log_group}
    if since is not None:
        request["startTime"] = int(since.timestamp() * 1000)
    events: list[dict[str, Any]] = []
    try:
        # A page can be empty and still not be the last one; the paginator goes on.
        for page in session.client("logs").get_paginator("filter_log_events").paginate(**request):
            events += page["events"]
    except session.client("logs").exceptions.ResourceNotFoundException:
        events = []
    return events


def log_table(events: list[dict[str, Any]]) -> pd.DataFrame:
    """Events as FilterLogEvents returns them -> the log table. Pure."""
    stamps = pd.Series([event["timestamp"] for event in events], dtype="int64")
    return pd.DataFrame(
        {
            "timestamp": pd.to_datetime(stamps, unit="ms", utc=True),
            "log_stream": [event["logStreamName"] for event in events],
            "message": [event["message"] for event in events],
        }
    ).astype(COLUMNS)
