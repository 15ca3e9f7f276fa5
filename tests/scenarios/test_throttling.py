"""Throttling: what waits, what it costs, and when Lambda gives up."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.outlets import destinations, record_in
from tests.scenarios.pattern import Pattern, sqs_pattern

EVENT_COUNT = {"MetricsConfig": {"Metrics": ["EventCount"]}}
# Lambda runs an event within moments; its log is seen when the place may be free again.
STARTS_S = 1


def reserve(account: Account, function: str, concurrency: int) -> None:
    account.client("lambda").put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=concurrency
    )
    account.time.propagate()


def occupy(account: Account, function: str, sleep_s: int) -> None:
    """Let an event take one place of the function for so long."""
    account.invoke_event(function, {"sleep_s": sleep_s})
    account.time.pass_(STARTS_S)


def receive_counts(account: Account, pattern: Pattern) -> list[str]:
    """The receive count that each attempt saw."""
    events = [json.loads(a.printed("event ")[0]) for a in account.attempts(pattern.function)]
    return [e["Records"][0]["attributes"]["ApproximateReceiveCount"] for e in events]


def test_a_throttled_function_uses_up_receives_without_running(account: Account) -> None:
    """A23, A24, F2."""
    pattern = sqs_pattern(account, receives=2)
    reserve(account, pattern.function, 0)
    pattern.source.send('{"order": 1}')
    account.time.until(lambda: pattern.dlq.holds(1))
    assert account.attempts(pattern.function) == []
    function = {"FunctionName": pattern.function}
    account.until_metrics(lambda: sum(account.metric("AWS/Lambda", "Throttles", **function)) >= 2)
    assert account.metric("AWS/Lambda", "Invocations", **function) == []


def test_capacity_that_returns_within_the_visibility_timeout_costs_no_receive(
    account: Account,
) -> None:
    """A23, F1, F2, J24."""
    pattern = sqs_pattern(account, "event", visibility_s=60)
    # Given a function whose only concurrency is taken for ten seconds
    reserve(account, pattern.function, 1)
    account.client("lambda").update_function_configuration(
        FunctionName=pattern.function, Timeout=30
    )
    account.await_updated(pattern.function)
    occupy(account, pattern.function, sleep_s=10)
    # When a message arrives meanwhile
    pattern.source.send("x")
    pattern.await_empty_source()
    # Then it runs soon after the other one, and this is still its first receive
    first, second = account.attempts(pattern.function)
    assert 10 <= second.started_s - first.started_s < 12
    [record] = json.loads(second.printed("event ")[0])["Records"]
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    function = {"FunctionName": pattern.function}
    account.until_metrics(lambda: sum(account.metric("AWS/Lambda", "Throttles", **function)) >= 1)
    assert sum(account.metric("AWS/Lambda", "Errors", **function)) == 0


def test_two_visibility_timeouts_without_capacity_cost_two_receives(account: Account) -> None:
    """A23, F6, J25."""
    pattern = sqs_pattern(account, "event", receives=10, visibility_s=60, **EVENT_COUNT)
    reserve(account, pattern.function, 0)
    pattern.source.send("x")
    account.time.pass_(118)
    account.client("lambda").delete_function_concurrency(FunctionName=pattern.function)
    pattern.await_empty_source()
    assert receive_counts(account, pattern) == ["3"]
    # And the mapping's own metrics tell the same story
    mapping = {"EventSourceMappingUUID": pattern.mapping_id}
    for name, expected in {
        "PolledEventCount": 3, "InvokedEventCount": 3, "FailedInvokeEventCount": 2,
        "DeletedEventCount": 1,
    }.items():  # fmt: skip
        account.await_sum("AWS/Lambda", name, expected, **mapping)


def test_a_throttled_synchronous_invocation_is_told_so(account: Account) -> None:
    """E10, E11, J46."""
    function, lambda_ = account.function(), account.client("lambda")
    reserve(account, function, 0)
    with pytest.raises(ClientError) as throttled:
        lambda_.invoke(FunctionName=function, Payload=b"{}")
    answer = throttled.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert answer["Error"]["Code"] == "TooManyRequestsException"
    assert answer["Error"]["Message"] == "Rate Exceeded."
    assert answer["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert answer["Type"] == "User"
    lambda_.delete_function_concurrency(FunctionName=function)
    assert "ReservedConcurrentExecutions" not in lambda_.get_function_concurrency(
        FunctionName=function
    )


def test_a_throttled_event_runs_when_there_is_capacity(account: Account) -> None:
    """C5."""
    function = account.function(Timeout=30)
    success, failure = destinations(account, function, MaximumRetryAttempts=0)
    reserve(account, function, 1)
    occupy(account, function, sleep_s=20)
    waiting = account.invoke_event(function, {"order": "waits"})
    account.time.until(lambda: success.holds(2))
    # Then it ran soon after there was some, and no retry was used up by it
    first, second = account.attempts(function)
    assert 20 <= second.started_s - first.started_s <= 60
    records = [json.loads(message["Body"]) for message in success.receive()]
    counts = {
        record["requestContext"]["requestId"]: record["requestContext"]["approximateInvokeCount"]
        for record in records
    }
    assert counts[waiting] == 1
    assert failure.counts() == (0, 0, 0)


def test_an_event_that_is_throttled_until_it_is_too_old(account: Account) -> None:
    """C5, C10, C16, C24, C31, J55a."""
    dlq = account.queue()
    function = account.function(Timeout=300, DeadLetterConfig={"TargetArn": dlq.arn})
    _, failure = destinations(account, function, MaximumEventAgeInSeconds=60)
    reserve(account, function, 1)
    occupy(account, function, sleep_s=200)
    given_up = account.invoke_event(function, {"order": 1})
    account.time.until(lambda: failure.holds(1) and dlq.holds(1))
    record = record_in(failure)
    assert record["requestContext"]["requestId"] == given_up
    assert record["requestContext"]["condition"] == "EventAgeExceeded"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert record["responseContext"] == {"statusCode": 429}
    assert "responsePayload" not in record
    attributes = dlq.receive()[0]["MessageAttributes"]
    assert attributes["ErrorCode"] == {"DataType": "Number", "StringValue": "429"}
    assert attributes["ErrorMessage"]["StringValue"] == "Rate Exceeded."
    account.await_sum("AWS/Lambda", "AsyncEventsDropped", 1, FunctionName=function)
