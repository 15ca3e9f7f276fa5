"""Pattern 1: an SQS source queue with a DLQ, behind an event source mapping.

Each test names the facts of AWS's behaviour that it shows; they run unchanged on a real account.
"""

import json
from itertools import pairwise

import pytest
from botocore.exceptions import ClientError

from .account import Account, Queue

VISIBILITY_S = 30


def pattern(account: Account, *, receives: int = 3, **mapping: object) -> tuple[Queue, Queue, str]:
    """Source queue, its DLQ and the mapped function."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=receives, VisibilityTimeout=VISIBILITY_S)
    function = account.function()
    account.mapping(source, function, **mapping)
    return source, dlq, function


def test_a_good_message_is_processed_and_deleted(account: Account) -> None:
    """A1, A19."""
    source, dlq, function = pattern(account)
    # When a good message is sent
    source.send('{"order": 1}')
    # Then it is processed once and gone
    account.time.until(lambda: source.counts() == (0, 0, 0) and account.attempts(function))
    assert len(account.attempts(function)) == 1
    assert dlq.counts() == (0, 0, 0)


def test_a_bad_message_is_received_three_times_and_moved(account: Account) -> None:
    """A19-A21, A7, B1, J1, J2, J6."""
    source, dlq, function = pattern(account)
    # When a message that always fails is sent
    source.send('{"raise": "bad"}')
    # Then the first failure moves nothing
    account.time.until(lambda: account.attempts(function))
    assert dlq.counts() == (0, 0, 0)
    # And after three receives it is in the DLQ
    account.time.until(lambda: dlq.holds(1))
    attempts = account.attempts(function)
    assert len(attempts) == 3
    gaps = [after.started_s - before.started_s for before, after in pairwise(attempts)]
    assert gaps == pytest.approx([VISIBILITY_S, VISIBILITY_S], abs=2)
    # Each attempt is an invocation of its own
    assert len({attempt.request_id for attempt in attempts}) == 3
    assert source.counts() == (0, 0, 0)


def test_the_message_in_the_dlq_is_the_one_that_was_sent(account: Account) -> None:
    """B2-B4, J3-J5."""
    source, dlq, _ = pattern(account, receives=2)
    sent = source.send(
        '{"raise": "bad"}',
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "order"}},
    )
    account.time.until(lambda: dlq.holds(1))
    # When it is read from the DLQ
    [message] = dlq.receive()
    # Then it kept everything, and says where it came from but not why
    assert message["MessageId"] == sent
    assert message["Body"] == '{"raise": "bad"}'
    assert message["MessageAttributes"]["kind"]["StringValue"] == "order"
    assert message["Attributes"]["ApproximateReceiveCount"] == "3"
    assert message["Attributes"]["DeadLetterQueueSourceArn"] == source.arn
    age_s = account.time.now_s() - int(message["Attributes"]["SentTimestamp"]) / 1000
    assert age_s > VISIBILITY_S


def test_nothing_moves_while_nobody_polls(account: Account) -> None:
    """B1, J7."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=1, VisibilityTimeout=1)
    source.send("x")
    assert len(source.receive()) == 1
    account.time.pass_(120)
    assert dlq.counts() == (0, 0, 0)
    assert source.receive() == []
    assert dlq.counts() == (1, 0, 0)


def test_the_event_has_the_documented_shape(account: Account) -> None:
    """A1-A4, J26."""
    source, _, function = pattern(account)
    source.send(
        '{"order": 7}',
        MessageAttributes={"amount": {"DataType": "Number", "StringValue": "12"}},
    )
    account.time.until(lambda: account.attempts(function))
    printed = [line for line in account.attempts(function)[0].lines if line.startswith("order")]
    assert json.loads(printed[0].removeprefix("order ")) == {"order": 7}


def test_a_timeout_is_a_failure_like_any_other(account: Account) -> None:
    """A19, E5, E15, E16, J61."""
    source, dlq, function = pattern(account, receives=1)
    source.send('{"sleep_s": 20}')
    account.time.until(lambda: dlq.holds(1))
    [attempt] = account.attempts(function)
    report = next(line for line in attempt.lines if line.startswith("REPORT"))
    assert "Status: timeout" in report
    assert "Duration: 5000.00 ms" in report
    assert not any("Task timed out" in line for line in attempt.lines)


def test_a_batch_fails_as_a_whole_without_partial_responses(account: Account) -> None:
    """A38, A39, J21."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=2, VisibilityTimeout=VISIBILITY_S)
    function = account.function()
    account.mapping(source, function, BatchSize=2, MaximumBatchingWindowInSeconds=1)
    source.sqs.send_message_batch(
        QueueUrl=source.url,
        Entries=[
            {"Id": "good", "MessageBody": '{"order": 1}'},
            {"Id": "bad", "MessageBody": '{"raise": "bad"}'},
        ],
    )
    account.time.until(lambda: dlq.holds(2))


@pytest.mark.parametrize(
    ("answer", "processed"),
    [
        ({}, True),
        (None, True),
        ({"batchItemFailures": []}, True),
        ({"batchItemFailures": None}, True),
        ({"batchItemFailures": [{"foo": "notvalid"}]}, False),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, False),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, False),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, False),
        ({"batchItemFailures": "text"}, False),
    ],
)
def test_what_a_partial_response_means(account: Account, answer: object, processed: bool) -> None:
    """A37, A38, J17-J20."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=2, VisibilityTimeout=VISIBILITY_S)
    function = account.function("batch")
    account.mapping(source, function, FunctionResponseTypes=["ReportBatchItemFailures"])
    source.send(json.dumps({"answer": answer}))
    account.time.until(lambda: source.counts() == (0, 0, 0))
    assert dlq.counts()[0] == (0 if processed else 1)
    assert len(account.attempts(function)) == (1 if processed else 2)


def test_only_the_reported_message_comes_back(account: Account) -> None:
    """A37, A40, J22."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=2, VisibilityTimeout=VISIBILITY_S)
    function = account.function("batch")
    account.mapping(
        source,
        function,
        BatchSize=10,
        MaximumBatchingWindowInSeconds=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    bodies = [{"answer": "report bad ones", "bad": number == 3} for number in range(5)]
    source.sqs.send_message_batch(
        QueueUrl=source.url,
        Entries=[{"Id": str(n), "MessageBody": json.dumps(b)} for n, b in enumerate(bodies)],
    )
    account.time.until(lambda: dlq.holds(1))
    assert source.counts() == (0, 0, 0)
    assert json.loads(dlq.receive()[0]["Body"])["bad"] is True


def test_a_throttled_function_uses_up_receives_without_running(account: Account) -> None:
    """A23, A24, F2."""
    source, dlq, function = pattern(account, receives=2)
    lambda_ = account.client("lambda")
    lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    source.send('{"order": 1}')
    account.time.until(lambda: dlq.holds(1))
    assert account.attempts(function) == []


def test_capacity_that_returns_within_the_visibility_timeout_costs_no_receive(
    account: Account,
) -> None:
    """A23, J24."""
    source, _, function = pattern(account)
    lambda_ = account.client("lambda")
    # Given a function whose only concurrency is taken for four seconds
    lambda_.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    account.invoke_event(function, {"sleep_s": 4})
    # When a message arrives meanwhile
    source.send('{"order": 1}')
    account.time.until(lambda: source.counts() == (0, 0, 0))
    # Then it was tried again within its visibility timeout
    throttles = account.metric("AWS/Lambda", "Throttles", FunctionName=function)
    assert sum(throttles) >= 1
    first, second = account.attempts(function)
    assert second.started_s - first.started_s < VISIBILITY_S


def test_a_disabled_mapping_leaves_messages_alone(account: Account) -> None:
    """A32."""
    source, _, function = pattern(account)
    lambda_ = account.client("lambda")
    [mapping] = lambda_.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    lambda_.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    account.time.until(lambda: account.mapping_state(mapping["UUID"]) == "Disabled")
    source.send('{"order": 1}')
    account.time.pass_(300)
    assert source.counts() == (1, 0, 0)
    lambda_.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    account.time.until(lambda: source.counts() == (0, 0, 0))


def test_a_message_that_does_not_match_the_filter_is_deleted_unseen(account: Account) -> None:
    """A42, A43, J23."""
    source, _, function = pattern(
        account, FilterCriteria={"Filters": [{"Pattern": '{"body": {"kind": ["order"]}}'}]}
    )
    source.send('{"kind": "other", "raise": "never seen"}')
    account.time.until(lambda: source.counts() == (0, 0, 0))
    assert account.attempts(function) == []
    source.send('{"kind": "order"}')
    account.time.until(lambda: account.attempts(function))


def test_a_visibility_timeout_shorter_than_the_functions_is_refused(account: Account) -> None:
    """A33, A34, J9, J10."""
    function = account.function(Timeout=60)
    source = account.queue(VisibilityTimeout=30)
    with pytest.raises(ClientError, match="Queue visibility timeout: 30 seconds is less than"):
        account.mapping(source, function)


def test_one_queue_maps_to_a_function_once(account: Account) -> None:
    """A33, J11."""
    source, _, function = pattern(account)
    with pytest.raises(ClientError, match=r"already exists\. Please update or delete") as refused:
        account.mapping(source, function)
    assert refused.value.response["Error"]["Code"] == "ResourceConflictException"


def test_a_role_that_may_not_delete_messages_is_refused(account: Account) -> None:
    """A28, A29, A33, J14."""
    role = account.role(("sqs:ReceiveMessage", "sqs:GetQueueAttributes"))
    function = account.function(role=role)
    source = account.queue(VisibilityTimeout=30)
    with pytest.raises(ClientError, match="permissions to call DeleteMessage on SQS"):
        account.mapping(source, function)


def test_a_move_task_brings_messages_back_as_new_ones(account: Account) -> None:
    """B25, B26, B30, J33, J35."""
    source, dlq, function = pattern(account, receives=1)
    sent = source.send('{"raise": "bad"}')
    account.time.until(lambda: dlq.holds(1))
    [mapping] = account.client("lambda").list_event_source_mappings(FunctionName=function)[
        "EventSourceMappings"
    ]
    account.client("lambda").update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    account.time.until(lambda: account.mapping_state(mapping["UUID"]) == "Disabled")
    # When the DLQ is redriven
    dlq.sqs.start_message_move_task(SourceArn=dlq.arn)
    account.time.until(lambda: source.holds(1))
    # Then the message is back as a new one
    [message] = source.receive()
    assert message["MessageId"] != sent
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert "DeadLetterQueueSourceArn" not in message["Attributes"]
    [task] = dlq.sqs.list_message_move_tasks(SourceArn=dlq.arn)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
