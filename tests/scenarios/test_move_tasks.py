"""DLQ redrive: message move tasks."""

import base64
import json

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.queues import Queue


def dead_letters(account: Account, number: int) -> tuple[Queue, Queue]:
    """A source queue, and its DLQ with this many messages of it."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=1, VisibilityTimeout=1)
    source.send_all(*map(str, range(number)))
    account.time.until(lambda: source.receive() == [] and dlq.holds(number))
    return source, dlq


def refused(call: object, **parameters: object) -> str:
    """The message of a call that AWS refuses."""
    with pytest.raises(ClientError) as error:
        call(**parameters)  # type: ignore[operator]
    message: str = error.value.response["Error"]["Message"]
    return message


def test_a_task_brings_messages_back_as_new_ones(account: Account) -> None:
    """B25, B26, B30, J33, J35."""
    source, dlq = dead_letters(account, 2)
    [before, _] = dlq.receive(VisibilityTimeout=0)
    handle = dlq.sqs.start_message_move_task(SourceArn=dlq.arn)["TaskHandle"]
    assert json.loads(base64.b64decode(handle))["sourceArn"] == dlq.arn
    account.time.until(lambda: source.holds(2))
    # Then the messages are back as new ones
    for message in source.receive():
        assert message["MessageId"] != before["MessageId"]
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert message["Attributes"]["SentTimestamp"] > before["Attributes"]["SentTimestamp"]
        assert "DeadLetterQueueSourceArn" not in message["Attributes"]

    # And the task tells that it is done
    def task() -> dict[str, object]:
        [found] = dlq.sqs.list_message_move_tasks(SourceArn=dlq.arn)["Results"]
        return dict(found)

    account.time.until(lambda: task()["Status"] == "COMPLETED")
    assert task()["ApproximateNumberOfMessagesMoved"] == 2
    assert task()["ApproximateNumberOfMessagesToMove"] == 2
    assert "TaskHandle" not in task()
    assert "DestinationArn" not in task()


def test_only_the_dlq_of_a_queue_can_be_redriven(account: Account) -> None:
    """B28, B31, J32."""
    queue = account.queue()
    queue.send("x")
    start = queue.sqs.start_message_move_task
    message = "Source queue must be configured as a Dead Letter Queue."
    assert refused(start, SourceArn=queue.arn) == message
    # Not even one that a function uses as its DLQ
    account.function(DeadLetterConfig={"TargetArn": queue.arn})
    assert refused(start, SourceArn=queue.arn) == message


def test_one_task_at_a_time_and_it_can_be_cancelled(account: Account) -> None:
    """B26, B27, B28, J34."""
    _, dlq = dead_letters(account, 10)
    sqs = dlq.sqs
    started = sqs.start_message_move_task(SourceArn=dlq.arn, MaxNumberOfMessagesPerSecond=1)
    assert refused(sqs.start_message_move_task, SourceArn=dlq.arn) == (
        "There is already a task running. Only one active task is allowed for a source queue arn "
        "at a given time."
    )
    [running] = sqs.list_message_move_tasks(SourceArn=dlq.arn)["Results"]
    assert running["Status"] == "RUNNING"
    assert running["TaskHandle"] == started["TaskHandle"]
    assert running["MaxNumberOfMessagesPerSecond"] == 1
    account.time.pass_(2)
    cancelled = sqs.cancel_message_move_task(TaskHandle=started["TaskHandle"])
    assert cancelled["ApproximateNumberOfMessagesMoved"] < 10

    def status() -> str:
        [found] = sqs.list_message_move_tasks(SourceArn=dlq.arn)["Results"]
        return str(found["Status"])

    account.time.until(lambda: status() == "CANCELLED")
    message = "Value for parameter TaskHandle is invalid."
    assert refused(sqs.cancel_message_move_task, TaskHandle="no handle") == message


def test_a_destination_that_goes_away_fails_the_task(account: Account) -> None:
    """B25, B28, B29."""
    _, dlq = dead_letters(account, 5)
    sqs, name = dlq.sqs, account.unique("gone")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"{dlq.arn.rpartition(':')[0]}:{name}"
    message = "The resource that you specified for the DestinationArn parameter doesn't exist."
    start = sqs.start_message_move_task
    assert refused(start, SourceArn=dlq.arn, DestinationArn=f"{arn}-missing") == message
    start(SourceArn=dlq.arn, DestinationArn=arn, MaxNumberOfMessagesPerSecond=1)
    sqs.delete_queue(QueueUrl=url)

    def task() -> dict[str, object]:
        [found] = sqs.list_message_move_tasks(SourceArn=dlq.arn)["Results"]
        return dict(found)

    account.time.until(lambda: task()["Status"] == "FAILED")
    assert task()["FailureReason"] == "AWS.SimpleQueueService.NonExistentQueue"
