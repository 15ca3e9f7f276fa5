"""An event of a rule, when its target is busy, gone or closed."""

from typing import Any

import pytest

from localaws.targets.retry_policy import LONGEST_WAIT_S, Undeliverable, after_failure, error_code
from localaws.targets.rules import RuleDeliveries, RuleDelivery
from localaws.words.errors import AwsError
from localaws.words.retries import RetryAt
from tests.unit.metric_sink import MetricSink
from tests.unit.virtual_time import START_S, VirtualTime

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
DLQ = "arn:aws:sqs:us-east-1:123456789012:dlq"
RULE = {"Arn": "arn:aws:events:us-east-1:123456789012:rule/r", "Name": "r"}

BUSY = AwsError("busy", code="ServiceUnavailable", status=503)
CLOSED = AwsError("no", code="AccessDenied", status=403)


class Reach:
    """Queues that fail as they are told, once for each error; what came where, and when."""

    def __init__(self, time: VirtualTime, *errors: AwsError, dlq: AwsError | None = None) -> None:
        self._time, self._dlq = time, dlq
        self._errors = list(errors)
        self.tried_s: list[float] = []
        self.arrived: list[tuple[str, str, dict[str, Any]]] = []

    def send(self, arn: str, body: str, _by: Any, **given: Any) -> None:
        if arn == DLQ and self._dlq:
            raise self._dlq
        if arn == QUEUE:
            self.tried_s.append(self._time.clock.now_s() - START_S)
            if self._errors:
                raise self._errors.pop(0)
        self.arrived.append((arn, body, given.get("attributes") or {}))


def delivered(reach: Reach, time: VirtualTime, **target: Any) -> MetricSink:
    """The metrics, a day after an event came."""
    metrics = MetricSink()
    given: Any = reach
    target = {"Arn": QUEUE, "DeadLetterConfig": {"Arn": DLQ}} | target
    RuleDeliveries(time.time, given, metrics).deliver(RuleDelivery(RULE, target, "input", "event"))
    time.pass_time(100_000)
    return metrics


def told(attributes: dict[str, Any]) -> dict[str, str]:
    return {name: one["StringValue"] for name, one in attributes.items()}


def test_a_target_that_is_busy_has_the_event_later() -> None:
    time = VirtualTime()
    reach = Reach(time, BUSY, BUSY, BUSY)

    metrics = delivered(reach, time)

    assert reach.tried_s == [0, 1, 3, 7]
    assert reach.arrived == [(QUEUE, "input", {})]
    assert metrics.values("RetryInvocationAttempts", RuleName="r") == [1, 1, 1]
    assert metrics.values("FailedInvocations", RuleName="r") == []


@pytest.mark.parametrize(
    ("policy", "retries", "condition"),
    [
        ({}, 185, "MaximumRetryAttempts"),
        ({"MaximumRetryAttempts": 2}, 2, "MaximumRetryAttempts"),
        ({"MaximumRetryAttempts": 0}, 0, "MaximumRetryAttempts"),
        # After 1, 3, 7, 15, 31; the next would be at 63.
        ({"MaximumEventAgeInSeconds": 60}, 5, "MaximumEventAgeInSeconds"),
    ],
)
def test_what_stays_busy_ends_in_the_dlq(
    policy: dict[str, int], retries: int, condition: str
) -> None:
    time = VirtualTime()
    reach = Reach(time, *[BUSY] * 1000)

    metrics = delivered(reach, time, RetryPolicy=policy)

    assert len(reach.tried_s) == retries + 1
    assert reach.tried_s[-1] < 86_400
    [(arn, body, attributes)] = reach.arrived
    assert (arn, body) == (DLQ, "event")
    assert told(attributes) == {
        "RULE_ARN": RULE["Arn"],
        "TARGET_ARN": QUEUE,
        "ERROR_CODE": "INTERNAL_ERROR",
        "ERROR_MESSAGE": "busy",
        "RETRY_ATTEMPTS": str(retries),
        "EXHAUSTED_RETRY_CONDITION": condition,
    }
    assert metrics.values("InvocationsSentToDlq", RuleName="r") == [1]


def test_what_the_dlq_does_not_take_is_lost_and_counted() -> None:
    time = VirtualTime()
    reach = Reach(time, CLOSED, dlq=CLOSED)

    metrics = delivered(reach, time)

    assert (reach.tried_s, reach.arrived) == ([0], [])
    assert metrics.values("FailedInvocations", RuleName="r") == [1]
    assert metrics.values("InvocationsFailedToBeSentToDlq", RuleName="r") == [1]


def test_without_a_dlq_only_a_metric_tells() -> None:
    time = VirtualTime()
    reach = Reach(time, CLOSED)

    metrics = delivered(reach, time, DeadLetterConfig={})

    assert reach.arrived == []
    assert [point.name for point in metrics.points] == ["Invocations", "FailedInvocations"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CLOSED, "NO_PERMISSIONS"),
        (AwsError("gone", code="ResourceNotFoundException", status=404), "NO_RESOURCE"),
        (AwsError("gone", query_code="AWS.SimpleQueueService.NonExistentQueue"), "NO_RESOURCE"),
        (AwsError("no", code="InvalidParameterValue"), "SDK_CLIENT_ERROR"),
    ],
)
def test_what_will_not_change_is_not_tried_again(error: AwsError, code: str) -> None:
    assert after_failure(0, error, 0, 0, {}) == Undeliverable("")
    assert error_code(error) == code


def test_throttling_passes() -> None:
    throttled = AwsError("slow down", code="TooManyRequestsException", status=429)

    assert after_failure(0, throttled, 0, 0, {}) == RetryAt(1)
    assert after_failure(20, throttled, 0, 500, {}) == RetryAt(500 + LONGEST_WAIT_S)
    assert error_code(throttled) == "THROTTLING"
