"""Permissions: what the execution role may not do is not done, and what tells of it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.outlets import destinations
from tests.scenarios.pattern import sqs_pattern

SQS_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
LOGS = ("logs:*",)
LAMBDA = "AWS/Lambda"


def test_three_actions_on_the_queue_are_enough(account: Account) -> None:
    """A28, A30, B12."""
    pattern = sqs_pattern(account, role=account.role(SQS_ACTIONS + LOGS), receives=1)
    pattern.source.send_all('{"order": 1}', '{"raise": "bad"}')
    account.time.until(lambda: len(account.attempts(pattern.function)) == 2)
    # Even for the move to the DLQ
    account.time.until(lambda: pattern.dlq.holds(1))
    pattern.await_empty_source()


@pytest.mark.parametrize("missing", SQS_ACTIONS)
def test_a_mapping_needs_each_of_them(account: Account, missing: str) -> None:
    """A28, A29, A33, J14."""
    role = account.role(tuple(action for action in SQS_ACTIONS if action != missing))
    function, source = account.function(role=role), account.queue(VisibilityTimeout=30)
    with pytest.raises(ClientError) as refused:
        account.mapping(source, function)
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    assert error["Message"] == (
        "The function execution role does not have permissions to call "
        f"{missing.removeprefix('sqs:')} on SQS"
    )


def test_a_role_that_may_no_longer_read_leaves_messages_in_the_queue(account: Account) -> None:
    """A29."""
    role = account.role()
    pattern = sqs_pattern(account, "event", receives=1, role=role)
    account.allow(role, LOGS)
    pattern.source.send("x")
    account.time.pass_(300)
    # Then no receive was used up
    assert pattern.source.counts() == (1, 0, 0)
    assert pattern.dlq.counts() == (0, 0, 0)
    # And it is read once the role may
    account.allow(role, SQS_ACTIONS + LOGS)
    account.time.until(lambda: account.attempts(pattern.function))
    pattern.await_empty_source()
    assert pattern.dlq.counts() == (0, 0, 0)


def test_a_destination_that_may_not_be_written_loses_the_record(account: Account) -> None:
    """C30, C33, F5, J51."""
    role = account.role()
    function = account.function(role=role)
    _, failure = destinations(account, function, MaximumRetryAttempts=0)
    account.allow(role, LOGS)
    account.invoke_event(function, {"raise": "bad"})
    name = {"FunctionName": function}
    account.await_sum(LAMBDA, "DestinationDeliveryFailures", 1, **name)
    account.await_sum(LAMBDA, "Errors", 1, **name)
    assert failure.counts() == (0, 0, 0)
    assert account.metric(LAMBDA, "DeadLetterErrors", **name) == []


def test_a_dlq_that_may_not_be_written_loses_the_event(account: Account) -> None:
    """C30, C31, F5, J51."""
    role, dlq = account.role(), account.queue()
    function = account.function(role=role, DeadLetterConfig={"TargetArn": dlq.arn})
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=0
    )
    account.allow(role, LOGS)
    account.invoke_event(function, {"raise": "bad"})
    name = {"FunctionName": function}
    account.await_sum(LAMBDA, "DeadLetterErrors", 1, **name)
    account.await_sum(LAMBDA, "AsyncEventsDropped", 1, **name)
    assert dlq.counts() == (0, 0, 0)
    assert account.metric(LAMBDA, "DestinationDeliveryFailures", **name) == []


@pytest.mark.parametrize("kind", ["queue", "topic"])
def test_a_dlq_is_refused_where_the_role_may_not_write_it(account: Account, kind: str) -> None:
    """C34."""
    arn = account.queue().arn if kind == "queue" else account.topic()
    call = "SendMessage on SQS" if kind == "queue" else "Publish on SNS"
    with pytest.raises(ClientError) as refused:
        account.function(role=account.role(LOGS), DeadLetterConfig={"TargetArn": arn})
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    assert f"does not have permissions to call {call}" in error["Message"]


def test_a_destination_is_refused_where_the_role_may_not_write_it(account: Account) -> None:
    """C34."""
    function, queue = account.function(role=account.role(LOGS)), account.queue()
    settings: dict[str, Any] = {"OnFailure": {"Destination": queue.arn}}
    with pytest.raises(ClientError) as refused:
        account.client("lambda").put_function_event_invoke_config(
            FunctionName=function, DestinationConfig=settings
        )
    message = refused.value.response["Error"]["Message"]
    assert f"does not have permissions to call SendMessage on {queue.arn}" in message
