"""Message move tasks, against answers recorded from real AWS."""

import json

import pytest

from tests.contract.sqs_replay import SqsReplay, arn_of, decoded

AREA = "sqs_move_task"


def with_dlq(test: SqsReplay, name: str, dlq_url: str) -> str:
    policy = {"deadLetterTargetArn": arn_of(dlq_url), "maxReceiveCount": 1}
    return test.queue(name, RedrivePolicy=json.dumps(policy))


def fill_dlq(test: SqsReplay, *source_urls: str) -> None:
    """Two bad messages of each source end in the DLQ."""
    for url in source_urls:
        for body in ("message-1", "message-2"):
            test.send(url, body)
        for _ in range(3):
            params = {"VisibilityTimeout": 0, "MaxNumberOfMessages": 10}
            test.call("ReceiveMessage", QueueUrl=url, **params)


def bodies(test: SqsReplay, url: str) -> list[str]:
    answer = test.call("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)
    return sorted(message["Body"] for message in answer["Messages"])


def test_cancel_with_invalid_task_handle() -> None:
    test = SqsReplay(AREA, "test_cancel_with_invalid_task_handle")
    test.step("error", "CancelMessageMoveTask", TaskHandle="foobared")
    test.done()


def test_source_needs_redrive_policy() -> None:
    test = SqsReplay(AREA, "test_source_needs_redrive_policy")
    source, destination = test.queue("source"), test.queue("destination")
    params = {"SourceArn": arn_of(source), "DestinationArn": arn_of(destination)}
    test.step("error", "StartMessageMoveTask", **params)
    test.done()


def test_destination_needs_to_exist() -> None:
    test = SqsReplay(AREA, "test_destination_needs_to_exist")
    dlq = test.queue("dlq")
    with_dlq(test, "source", dlq)
    params = {"SourceArn": arn_of(dlq), "DestinationArn": arn_of(dlq) + "-nowhere"}
    test.step("error", "StartMessageMoveTask", **params)
    test.done()


def test_basic_move_task_workflow() -> None:
    test = SqsReplay(AREA, "test_basic_move_task_workflow")
    dlq, destination = test.queue("dlq"), test.queue("destination")
    fill_dlq(test, with_dlq(test, "source", dlq))
    params = {"SourceArn": arn_of(dlq), "DestinationArn": arn_of(destination)}
    answer = test.step("start-message-move-task-response", "StartMessageMoveTask", **params)
    assert decoded(answer["TaskHandle"])["sourceArn"] == arn_of(dlq)
    test.world.pass_time(5)
    test.step("list-message-move-task-response", "ListMessageMoveTasks", SourceArn=arn_of(dlq))
    assert bodies(test, destination) == ["message-1", "message-2"]
    test.done()


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        (
            "test_move_task_workflow_with_default_destination",
            {"original-source": "source"},
        ),
        (
            "test_move_task_workflow_with_multiple_sources_as_default_destination",
            {"original-source-1": "source-1", "original-source-2": "source-2"},
        ),
    ],
)
def test_move_task_to_the_original_sources(name: str, sources: dict[str, str]) -> None:
    test = SqsReplay(AREA, name)
    dlq = test.queue("dlq")
    test.compare("source-arn", arn_of(dlq))
    urls = [with_dlq(test, source, dlq) for source in sources.values()]
    for step, url in zip(sources, urls, strict=True):
        test.compare(step, arn_of(url))
    fill_dlq(test, *urls)
    answer = test.step(
        "start-message-move-task-response", "StartMessageMoveTask", SourceArn=arn_of(dlq)
    )
    assert decoded(answer["TaskHandle"]).keys() == {"taskId", "sourceArn"}
    test.world.pass_time(5)
    test.step("list-message-move-task-response", "ListMessageMoveTasks", SourceArn=arn_of(dlq))
    for url in urls:
        assert bodies(test, url) == ["message-1", "message-2"]
    test.done()
