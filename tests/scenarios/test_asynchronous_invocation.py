"""Asynchronous invocation: attempts, waits, and how an event ends."""

import json
from itertools import pairwise

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account, package
from tests.scenarios.outlets import destinations, record_in

# AWS documents one and two minutes; observed on AWS: about 60 s and 114 s.
GAPS_S = [(55, 70), (100, 130)]


def assert_spaced_like_aws(account: Account, function: str) -> None:
    attempts = account.attempts(function)
    assert len(attempts) == 3
    assert len({attempt.request_id for attempt in attempts}) == 1
    gaps = [after.started_s - before.started_s for before, after in pairwise(attempts)]
    for gap_s, (least_s, most_s) in zip(gaps, GAPS_S, strict=True):
        assert least_s <= gap_s <= most_s


def test_a_failing_event_is_tried_three_times_then_recorded(account: Account) -> None:
    """C1, C4, C7, C11, C13, C14, J38, J39, J40."""
    function = account.function()
    success, failure = destinations(account, function)
    # When an event that always fails is accepted
    request_id = account.invoke_event(function, {"raise": "intentional failure"})
    # Then it is tried three times with one request id
    account.time.until(lambda: failure.holds(1))
    assert_spaced_like_aws(account, function)
    # And its record tells the story
    record = record_in(failure)
    assert list(record) == [
        "version", "timestamp", "requestContext", "requestPayload", "responseContext",
        "responsePayload",
    ]  # fmt: skip
    assert record["requestContext"] == {
        "requestId": request_id,
        "functionArn": record["requestContext"]["functionArn"],
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    }
    assert record["requestContext"]["functionArn"].endswith(f":{function}:$LATEST")
    assert record["requestPayload"] == {"raise": "intentional failure"}
    assert record["responseContext"] == {
        "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled",
    }  # fmt: skip
    payload = record["responsePayload"]
    assert payload["errorMessage"] == "intentional failure"
    assert payload["errorType"] == "ValueError"
    assert payload["requestId"] == request_id
    assert payload["stackTrace"][0].startswith('  File "/var/task/orders.py", line ')
    assert success.counts() == (0, 0, 0)


def test_a_successful_event_is_recorded_once(account: Account) -> None:
    """C10, C12, J44."""
    function = account.function()
    success, failure = destinations(account, function)
    account.invoke_event(function, {"order": 1})
    account.time.until(lambda: success.holds(1))
    record = record_in(success)
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"] == {"processed": 1}
    assert failure.counts() == (0, 0, 0)


@pytest.mark.parametrize(("age_s", "attempts"), [(60, 1), (90, 2)])
def test_an_event_that_would_get_too_old_is_given_up_at_once(
    account: Account, age_s: int, attempts: int
) -> None:
    """C6, C10, J42, J43."""
    function = account.function()
    _, failure = destinations(account, function, MaximumEventAgeInSeconds=age_s)
    account.invoke_event(function, {"raise": "bad"})
    account.time.until(lambda: failure.holds(1))
    context = record_in(failure)["requestContext"]
    assert context["condition"] == "EventAgeExceeded"
    assert context["approximateInvokeCount"] == attempts
    assert len(account.attempts(function)) == attempts


def test_zero_reserved_concurrency_discards_at_once(account: Account) -> None:
    """C3, C15, E10, J45, J46."""
    function = account.function()
    _, failure = destinations(account, function)
    lambda_ = account.client("lambda")
    lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    account.invoke_event(function, {"order": 1})
    account.time.until(lambda: failure.holds(1))
    record = record_in(failure)
    assert list(record) == ["version", "timestamp", "requestContext", "requestPayload"]
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    with pytest.raises(ClientError, match="Rate Exceeded") as throttled:
        lambda_.invoke(FunctionName=function, Payload=b"{}")
    assert throttled.value.response["Error"]["Code"] == "TooManyRequestsException"


def test_a_retry_runs_the_code_of_its_own_time(account: Account) -> None:
    """C8, C12, J54."""
    function = account.function()
    success, _ = destinations(account, function)
    account.invoke_event(function, {"answer": "new code"})
    account.invoke_event(function, {"raise": "old code"})
    account.time.until(lambda: len(account.attempts(function)) == 2)
    assert success.holds(1)
    # When the code is replaced while the retry waits
    account.client("lambda").update_function_code(FunctionName=function, ZipFile=package("fixed"))
    # Then the retry succeeds
    account.time.until(lambda: success.holds(2))
    # And success after a retry is recorded as the first one
    records = [json.loads(message["Body"]) for message in success.receive()]
    assert [r["requestContext"]["approximateInvokeCount"] for r in records] == [1, 1]


def test_a_function_that_is_deleted_meanwhile(account: Account) -> None:
    """C17, C24, J55b."""
    dlq = account.queue()
    function = account.function(DeadLetterConfig={"TargetArn": dlq.arn})
    _, failure = destinations(account, function, MaximumRetryAttempts=1)
    lambda_ = account.client("lambda")
    lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    account.invoke_event(function, {"sleep_s": 3})
    account.invoke_event(function, {"order": "waits for capacity"})
    lambda_.delete_function(FunctionName=function)
    account.time.until(lambda: failure.holds(1) and dlq.holds(1))
    record = record_in(failure)
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"] == {"statusCode": 404}
    assert "responsePayload" not in record
    assert dlq.receive()[0]["MessageAttributes"]["ErrorCode"]["StringValue"] == "404"


def test_a_timeout_is_recorded_without_a_stack_trace(account: Account) -> None:
    """C18, E5, J60."""
    function = account.function(Timeout=2)
    _, failure = destinations(account, function, MaximumRetryAttempts=0)
    request_id = account.invoke_event(function, {"sleep_s": 10})
    account.time.until(lambda: failure.holds(1))
    record = record_in(failure)
    assert record["responsePayload"] == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {request_id} Error: Task timed out after 2.00 seconds",
    }
    assert record["responseContext"]["functionError"] == "Unhandled"


def test_an_event_is_accepted_before_it_runs(account: Account) -> None:
    """C1, C2."""
    lambda_, function = account.client("lambda"), account.function()
    answer = lambda_.invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    assert "FunctionError" not in answer
    assert "ExecutedVersion" not in answer
    [attempt] = account.time.until(lambda: account.attempts(function))
    assert attempt.request_id == answer["ResponseMetadata"]["RequestId"]
    with pytest.raises(lambda_.exceptions.ResourceNotFoundException):
        account.invoke_event(f"{function}-missing", {})


def test_an_event_that_is_too_large_is_refused(account: Account) -> None:
    """C2, J55d."""
    lambda_, function = account.client("lambda"), account.function()
    _, failure = destinations(account, function)
    for kind, size in (("Event", 1024 * 1024), ("RequestResponse", 6 * 1024 * 1024)):
        with pytest.raises(ClientError) as refused:
            lambda_.invoke(
                FunctionName=function, InvocationType=kind, Payload=b'"' + b"x" * size + b'"'
            )
        answer = refused.value.response
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 413
        assert answer["Error"]["Code"] == "RequestEntityTooLargeException"
    account.time.pass_(200)
    assert account.attempts(function) == []
    assert failure.counts() == (0, 0, 0)
