"""CloudWatch Logs Insights: the query that finds what a trace found, and running it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pandas as pd

from workshop.errors import DataError
from workshop.lab import Lab

# Insights allows 30 comparisons or so before a query is hard to read; a trace has a handful.
_MOST_IDS = 20
_TIMEOUT_S = 60.0
# Insights reads whole seconds, and lines are written a little after what they tell.
_MARGIN = timedelta(seconds=2)


def query_for(ids: Iterable[str]) -> str:
    """The query for every line that names one of these ids."""
    chosen = list(dict.fromkeys(ids))[:_MOST_IDS]
    conditions = " or ".join(f'@message like "{_quoted(one)}"' for one in chosen)
    return (
        "fields @timestamp, @logStream, @message\n"
        f"| filter {conditions}\n"
        "| sort @timestamp asc\n"
        "| limit 1000"
    )


def run(lab: Lab, log_group: str, query: str, start: datetime, end: datetime) -> pd.DataFrame:
    """Run a query to its end.

    Returns:
        One row per result, one column per field of the query, all text.

    Raises:
        DataError: Insights did not complete it.
    """
    logs = lab.client("logs")
    query_id = logs.start_query(
        logGroupName=log_group,
        startTime=int((start - _MARGIN).timestamp()),
        endTime=int((end + _MARGIN).timestamp()) + 1,
        queryString=query,
    )["queryId"]

    def ended() -> bool:
        return logs.get_query_results(queryId=query_id)["status"] not in ("Scheduled", "Running")

    if not ended():
        lab.wait_until(
            ended,
            "the query has ended",
            cause="CloudWatch Logs Insights reads all lines of that time",
            timeout_s=_TIMEOUT_S,
        )
    answer = logs.get_query_results(queryId=query_id)
    if answer["status"] != "Complete":
        raise DataError(
            f"CloudWatch Logs Insights ended the query as {answer['status']}.",
            f"Try it in the console: {query}",
        )
    rows = [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]
    return pd.DataFrame(rows).drop(columns="@ptr", errors="ignore")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
