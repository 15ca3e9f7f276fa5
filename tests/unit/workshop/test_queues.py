"""Looking into queues: nothing is consumed, and what a look costs is what SQS charges for it."""

from types import SimpleNamespace

import pytest

from tests.unit.workshop.fake_aws import (
    FakeCloudFormation,
    FakeSqs,
    fake_lab,
    fake_session,
    message,
)
from workshop.errors import DataError
from workshop.evidence import diagnosis, queues


def test_a_look_sees_every_message_once_and_hides_none() -> None:
    # Given more messages than one receive returns
    sqs = FakeSqs(dlq=[message(f"m{n}", sent_ms=100 - n) for n in range(25)])
    session = fake_session(sqs=sqs)
    # When somebody looks twice
    queues.look(session, "dlq")
    seen = queues.look(session, "dlq")
    # Then all are seen, oldest first, and are still there for others
    assert [m["MessageId"] for m in seen] == [f"m{n}" for n in reversed(range(25))]
    assert queues.counts(session, "dlq") == queues.QueueCounts(25, 0, 0)
    # And the receive count tells of both looks
    assert {m["Attributes"]["ApproximateReceiveCount"] for m in seen} == {"2"}


def test_a_look_stops_where_it_is_told_to() -> None:
    session = fake_session(sqs=FakeSqs(dlq=[message(f"m{n}") for n in range(25)]))
    assert len(queues.look(session, "dlq", at_most=13)) == 13
    assert queues.counts(session, "dlq").in_flight == 0


def test_messages_are_put_back_when_the_look_fails() -> None:
    # Given a queue whose third receive fails
    sqs = FakeSqs(dlq=[message(f"m{n}") for n in range(25)])
    receive, calls = sqs.receive_message, iter(range(10))

    def failing(**request: object) -> object:
        if next(calls) == 2:
            raise ConnectionError
        return receive(**request)  # type: ignore[arg-type]

    sqs.receive_message = failing  # type: ignore[method-assign, assignment]
    session = fake_session(sqs=sqs)
    with pytest.raises(ConnectionError):
        queues.look(session, "dlq")
    assert queues.counts(session, "dlq").in_flight == 0


def test_a_queue_with_a_redrive_policy_is_not_looked_into() -> None:
    # Given a source queue: a look would use up one of its three receives
    sqs = FakeSqs(source=[message("m1")])
    sqs.attributes["source"]["RedrivePolicy"] = '{"maxReceiveCount": 3}'
    with pytest.raises(DataError, match="queue_counts"):
        queues.look(fake_session(sqs=sqs), "source")
    assert sqs.queues["source"][0]["Attributes"]["ApproximateReceiveCount"] == "0"


def lambda_client(state: str = "Enabled", reserved: int | None = None) -> SimpleNamespace:
    concurrency = {} if reserved is None else {"ReservedConcurrentExecutions": reserved}
    return SimpleNamespace(
        get_event_source_mapping=lambda UUID: {"State": state},  # noqa: N803
        get_function_concurrency=lambda FunctionName: concurrency,  # noqa: N803
    )


OUTPUTS = {"SourceQueueUrl": "source", "EventSourceMappingId": "uuid", "FunctionName": "fn"}


def test_the_diagnosis_names_a_disabled_mapping_and_what_waits() -> None:
    sqs = FakeSqs(source=[message("m1"), message("m2")])
    sqs.hidden.add("m1")
    session = fake_session(**{"sqs": sqs, "lambda": lambda_client("Disabled")})
    found = diagnosis.findings(session, OUTPUTS)
    assert found[0].startswith("the event source mapping is Disabled")
    assert found[1] == "1 message in the source queue, waiting to be received"
    assert "invisible until 30 s after the last receive" in found[2]


def test_the_diagnosis_names_an_empty_queue_and_a_function_that_may_not_run() -> None:
    clients = {"sqs": FakeSqs(source=[]), "lambda": lambda_client(reserved=0)}
    found = diagnosis.findings(fake_session(**clients), OUTPUTS)
    assert "empty" in found[0]
    assert "reserved concurrency is 0" in found[1]


def test_outputs_read_as_attributes_and_say_what_there_is() -> None:
    lab = fake_lab(cloudformation=FakeCloudFormation(SqsDlq=OUTPUTS))
    outputs = lab.outputs("SqsDlq")
    assert outputs.SourceQueueUrl == outputs["SourceQueueUrl"] == "source"
    with pytest.raises(AttributeError, match="SourceQueueUrl"):
        _ = outputs.SourceQueue
