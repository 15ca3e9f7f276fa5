"""Runs to be replayed, made from log lines and messages in AWS's shapes."""

import json
from typing import Any

import pandas as pd

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.retry_settings import RetrySettings
from workshop.player.facts import facts_of

SQS = RetrySettings(
    source="sqs",
    function_timeout_s=5,
    visibility_timeout_s=30,
    max_receive_count=3,
    failure_target="source queue's DLQ",
)
ASYNC = RetrySettings(
    source="async",
    function_timeout_s=5,
    maximum_retry_attempts=2,
    maximum_event_age_s=21_600,
    failure_target="on-failure destination",
)
OUTPUTS = {
    "SourceQueueUrl": "https://sqs.example.com/0/Source",
    "SourceQueueDlqUrl": "https://sqs.example.com/0/Dlq",
    "FunctionName": "Orders",
}


def receive(order: str, count: int, outcome: str, at_ms: int | None = None) -> list[dict[str, Any]]:
    """A receive of an order, 30 s after the one before."""
    error = None if outcome == "ok" else "ValueError: no"
    line = record(f"m-{order}", order, receive_count=count, sent_at_ms=T0_MS, outcome=outcome)
    at = 100 + (count - 1) * 30_000 if at_ms is None else at_ms
    return invocation(at, f"{order}{count}", line, error=error, stream=order)


def moved(order: str, receives: int) -> dict[str, Any]:
    """A message in the source queue's DLQ, as boto3 returns it."""
    return {
        "MessageId": f"m-{order}",
        "Body": json.dumps({"order_id": order, "pass": False}),
        "Attributes": {
            "SentTimestamp": str(T0_MS),
            "ApproximateReceiveCount": str(receives),
            "DeadLetterQueueSourceArn": "arn:aws:sqs:eu-west-1:000000000000:Source",
        },
    }


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Attempts and arrivals of three orders: a good, a flaky and a bad one."""
    good = [receive("good", 1, "ok")]
    flaky = [receive("flaky", n, "error" if n < 3 else "ok") for n in (1, 2, 3)]
    bad = [receive("bad", n, "error") for n in (1, 2, 3)]
    attempts = attempts_table(logs(*good, *flaky, *bad))
    return attempts, arrivals_table({"source queue's DLQ": [moved("bad", 4)]})


def three_orders(**options: Any) -> dict[str, Any]:
    """The facts of these."""
    attempts, arrivals = tables()
    lanes = make_lanes(attempts, arrivals, SQS, None)
    return facts_of({"": (lanes, attempts, arrivals, SQS)}, **options)


def one_good_order() -> dict[str, Any]:
    """The facts of an order that was processed within a tenth of a second."""
    attempts = attempts_table(logs(receive("good", 1, "ok")))
    return facts_of({"": (make_lanes(attempts, None, SQS, None), attempts, None, SQS)})


def crowd(number: int) -> dict[str, Any]:
    """The facts of many orders that all fail three times and are never given up."""
    invocations = [
        receive(f"{order:04}", count, "error", order * 7 + (count - 1) * 30_000)
        for order in range(number)
        for count in (1, 2, 3)
    ]
    attempts = attempts_table(logs(*invocations))
    return facts_of({"": (make_lanes(attempts, None, SQS, None), attempts, None, SQS)})
