"""Destinations: what each kind of target is given, once per event."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.queues import Queue


def on_failure(account: Account, function: str, destination_arn: str, **settings: Any) -> None:
    """Send the records of failed events of a function somewhere."""
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=function,
        DestinationConfig={"OnFailure": {"Destination": destination_arn}},
        **({"MaximumRetryAttempts": 0} | settings),
    )


def assert_is_failure_record(record: Any, request_id: str) -> None:
    context = record["requestContext"]
    assert record["version"] == "1.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["timestamp"])
    assert (context["requestId"], context["condition"]) == (request_id, "RetriesExhausted")
    assert context["approximateInvokeCount"] == 1
    assert record["requestPayload"] == {"raise": "bad"}
    assert record["responsePayload"]["errorMessage"] == "bad"


def one_message(account: Account, queue: Queue) -> dict[str, Any]:
    account.time.until(lambda: queue.holds(1))
    [message] = queue.receive()
    return message


def test_a_queue_gets_the_record_as_its_body(account: Account) -> None:
    """C11, C12, C14, J41."""
    function, queue = account.function(), account.queue()
    on_failure(account, function, queue.arn)
    request_id = account.invoke_event(function, {"raise": "bad"})
    message = one_message(account, queue)
    assert_is_failure_record(json.loads(message["Body"]), request_id)
    assert "MessageAttributes" not in message
    assert "AWSTraceHeader" in message["Attributes"]


def test_a_topic_gets_the_record_as_its_message(account: Account) -> None:
    """C20."""
    function, (topic_arn, queue) = account.function(), outlets.topic(account)
    on_failure(account, function, topic_arn)
    request_id = account.invoke_event(function, {"raise": "bad"})
    envelope = json.loads(one_message(account, queue)["Body"])
    assert "Subject" not in envelope
    assert_is_failure_record(json.loads(envelope["Message"]), request_id)


def test_an_event_bus_gets_the_record_as_detail(account: Account) -> None:
    """C19, J41, J50."""
    function, (bus_arn, queue) = account.function(), outlets.event_bus(account)
    on_failure(account, function, bus_arn)
    request_id = account.invoke_event(function, {"raise": "bad"})
    event = json.loads(one_message(account, queue)["Body"])
    assert event["source"] == "lambda"
    assert event["detail-type"] == "Lambda Function Invocation Result - Failure"
    assert event["resources"] == [bus_arn, f"{account.function_arn(function)}:$LATEST"]
    assert_is_failure_record(event["detail"], request_id)
    assert {"version", "id", "account", "time", "region"} <= set(event)


def test_a_function_gets_the_record_as_its_event(account: Account) -> None:
    """C20."""
    function, next_function = account.function(), account.function("event")
    on_failure(account, function, account.function_arn(next_function))
    request_id = account.invoke_event(function, {"raise": "bad"})
    [attempt] = account.time.until(lambda: account.attempts(next_function))
    account.time.until(lambda: account.attempts(next_function)[0].printed("event "))
    [attempt] = account.attempts(next_function)
    assert_is_failure_record(json.loads(attempt.printed("event ")[0]), request_id)
    assert attempt.request_id != request_id


def test_a_bucket_gets_the_record_as_an_object(account: Account) -> None:
    """C20."""
    function, bucket, s3 = account.function(), outlets.bucket(account), account.client("s3")
    on_failure(account, function, f"arn:aws:s3:::{bucket}")
    request_id = account.invoke_event(function, {"raise": "bad"})
    [found] = account.time.until(lambda: s3.list_objects_v2(Bucket=bucket).get("Contents"))
    day = r"\d{4}/\d\d/\d\d/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d"
    assert re.fullmatch(rf"aws/lambda/async/{function}/{day}-[0-9a-f-]{{36}}", found["Key"])
    stored = s3.get_object(Bucket=bucket, Key=found["Key"])
    assert stored["ContentType"] == "application/octet-stream"
    assert_is_failure_record(json.loads(stored["Body"].read()), request_id)


def test_the_record_names_the_alias_that_was_invoked(account: Account) -> None:
    """C13, C28, C36."""
    function, lambda_ = account.function(), account.client("lambda")
    version = lambda_.publish_version(FunctionName=function)["Version"]
    lambda_.create_alias(FunctionName=function, Name="live", FunctionVersion=version)
    of_function, of_alias = account.queue(), account.queue()
    on_failure(account, function, of_function.arn)
    on_failure(account, function, of_alias.arn, Qualifier="live")
    account.invoke_event(f"{function}:live", {"raise": "bad"})
    # Then the alias's configuration counts, not the function's
    record = json.loads(one_message(account, of_alias)["Body"])
    assert record["requestContext"]["functionArn"] == f"{account.function_arn(function)}:live"
    assert record["responseContext"]["executedVersion"] == version
    assert of_function.counts() == (0, 0, 0)


def test_a_fifo_queue_is_refused_as_destination_and_as_dlq(account: Account) -> None:
    """C21."""
    function, fifo = account.function(), account.queue(FifoQueue="true")
    with pytest.raises(ClientError) as as_destination:
        on_failure(account, function, fifo.arn)
    with pytest.raises(ClientError) as as_dlq:
        account.client("lambda").update_function_configuration(
            FunctionName=function, DeadLetterConfig={"TargetArn": fifo.arn}
        )
    for refused in (as_destination, as_dlq):
        assert refused.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert "FIFO SQS queue is not supported for dead letter" in str(as_dlq.value)


def test_put_replaces_and_update_merges(account: Account) -> None:
    """C35, C36."""
    function, queue, lambda_ = account.function(), account.queue(), account.client("lambda")
    on_failure(account, function, queue.arn)
    name = {"FunctionName": function}
    merged = lambda_.update_function_event_invoke_config(**name, MaximumEventAgeInSeconds=100)
    assert merged["MaximumRetryAttempts"] == 0
    assert merged["DestinationConfig"] == {"OnFailure": {"Destination": queue.arn}, "OnSuccess": {}}
    replaced = lambda_.put_function_event_invoke_config(**name, MaximumEventAgeInSeconds=100)
    assert "MaximumRetryAttempts" not in replaced
    assert replaced["FunctionArn"].endswith(f":{function}:$LATEST")
    lambda_.delete_function_event_invoke_config(**name)
    with pytest.raises(ClientError, match="doesn't have an EventInvokeConfig"):
        lambda_.get_function_event_invoke_config(**name)


def test_settings_that_mean_nothing_are_refused(account: Account) -> None:
    """C35, J52, J53."""
    function = account.function()
    put = account.client("lambda").put_function_event_invoke_config
    with pytest.raises(ClientError) as refused:
        put(FunctionName=function)
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    assert error["Message"] == (
        "You must specify at least one of error handling or destination setting."
    )
    itself, missing = account.function_arn(function), account.function_arn(function) + "-missing"
    for destination, message in (
        (itself, "You can't specify the function as a destination for itself."),
        (missing, f"The destination ARN {missing} is invalid."),
    ):
        with pytest.raises(ClientError) as refused:
            put(
                FunctionName=function,
                DestinationConfig={"OnFailure": {"Destination": destination}},
            )
        assert refused.value.response["Error"]["Message"] == message
