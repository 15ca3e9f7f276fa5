"""What AWS tells about what happened: log events, attempts and metrics."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.scenarios.timing import METRICS_S, Time

_REQUEST = re.compile(r"(?:START|END|REPORT) RequestId: (\S+)")


@dataclass
class Attempt:
    """One run of a function as its log tells it: times in epoch seconds."""

    request_id: str
    started_s: float
    lines: list[str]

    def printed(self, prefix: str) -> list[str]:
        """What follows `prefix` in the lines that start with it."""
        return [line.removeprefix(prefix) for line in self.lines if line.startswith(prefix)]

    @property
    def report(self) -> str:
        """The REPORT line."""
        [line] = [line for line in self.lines if line.startswith("REPORT ")]
        return line


class Evidence:
    """The part of an account that only reads."""

    time: Time

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client."""
        raise NotImplementedError

    def log_events(self, function: str, **chosen: Any) -> list[dict[str, Any]]:
        """Every log event of a function, in order of time, or those that a filter chooses."""
        return self._events(f"/aws/lambda/{function}", **chosen)

    def log_group(self, function: str) -> str:
        """The name of a function's log group, which AWS has from the first line on."""
        logs, name = self.client("logs"), f"/aws/lambda/{function}"
        self.time.until(lambda: logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"])
        return name

    def group_messages(self, log_group: str) -> list[str]:
        """The messages of a log group that is no function's."""
        return [event["message"] for event in self._events(log_group)]

    def _events(self, log_group: str, **chosen: Any) -> list[dict[str, Any]]:
        self.time.await_logs()
        logs = self.client("logs")
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=log_group, **chosen)
        try:
            return [event for page in pages for event in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []

    def lines(self, function: str) -> list[str]:
        """The messages of a function's log."""
        return [event["message"] for event in self.log_events(function)]

    def attempts(self, function: str) -> list[Attempt]:
        """Every run of a function, by its START lines, in order of time.

        A log stream is one environment, which runs one after the other. Lines of one millisecond
        may come in any order.
        """
        streams: dict[str, list[dict[str, Any]]] = {}
        for event in self.log_events(function):
            streams.setdefault(event["logStreamName"], []).append(event)
        attempts = [attempt for events in streams.values() for attempt in _runs(events)]
        return sorted(attempts, key=lambda attempt: attempt.started_s)

    def metric(
        self, namespace: str, name: str, statistic: str = "Sum", **dimensions: str
    ) -> list[float]:
        """A metric's data points of the last hour, in order of time."""
        now_s = self.time.now_s()
        answer = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=now_s - 3600,
            EndTime=now_s + 60,
            Period=60,
            Statistics=[statistic],
        )
        points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
        return [point[statistic] for point in points]

    def await_sum(self, namespace: str, name: str, expected: float, **dimensions: str) -> None:
        """Wait until a metric's data points add up to a number above zero."""
        self.until_metrics(lambda: sum(self.metric(namespace, name, **dimensions)) == expected)

    def until_metrics(self, condition: Callable[[], Any]) -> Any:
        """`time.until`, for what metrics or alarms tell: so much later than it happened."""
        return self.time.until(condition, within_s=900.0 + METRICS_S)


def _runs(events: list[dict[str, Any]]) -> list[Attempt]:
    """The runs of one log stream: lines that name a request are its, others are by their time.

    Where one run ends in the millisecond in which the next begins, a line without a name is of the
    next: what ends has said what it had to say.
    """
    by_time = sorted(events, key=lambda event: (event["timestamp"], _place(event["message"])))
    starts = [event for event in by_time if event["message"].startswith("START RequestId: ")]
    runs = [Attempt(_request(start), start["timestamp"] / 1000, []) for start in starts]
    named = {run.request_id: run for run in runs}
    for event in by_time:
        begun = [run for run in runs if run.started_s <= event["timestamp"] / 1000]
        if run := named.get(_request(event)) or (begun[-1] if begun else None):
            run.lines.append(event["message"])
    return runs


def _request(event: dict[str, Any]) -> str:
    """Whose line it is by its own words; "" where it says nothing."""
    found = _REQUEST.match(event["message"])
    return found[1] if found else ""


def _place(line: str) -> int:
    """Where a line of a run stands among those of the same millisecond."""
    first, _, _ = line.partition(" ")
    return {"START": 1, "END": 3, "REPORT": 4}.get(first, 0 if first == "INIT_START" else 2)
