"""An order on its way in: what is shown is what is sent, wherever messages enter."""

import json
from typing import Any

import pytest

from tests.unit.workshop.fake_aws import fake_lab
from workshop.errors import WorkshopError
from workshop.sending import RECIPES, ApiCall, call_to, new_order

ORDER = {"order_id": "A-1", "pass": True}
BODY = '{"order_id": "A-1", "pass": true}'
QUEUE = "https://sqs.us-east-1.amazonaws.com/000000000000/orders"


class Recorder:
    """Any client: remembers the call, and answers as SQS and SNS do, or as Lambda does."""

    def __init__(self, **answer: Any) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._answer = answer

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> dict[str, Any]:
            self.calls.append((operation, arguments))
            return self._answer

        return call


def test_an_order_goes_to_a_queue_a_topic_or_a_function() -> None:
    assert call_to(QUEUE, ORDER) == ApiCall(
        "sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": BODY}
    )
    topic = "arn:aws:sns:us-east-1:000000000000:orders"
    assert call_to(topic, ORDER) == ApiCall("sns", "publish", {"TopicArn": topic, "Message": BODY})
    event = {"FunctionName": "fn:live", "InvocationType": "Event", "Payload": b"no order"}
    assert call_to("fn:live", "no order") == ApiCall("lambda", "invoke", event)


def test_a_fifo_queue_is_told_the_group_and_what_is_new() -> None:
    asked = call_to(f"{QUEUE}.fifo", ORDER).arguments
    assert asked["MessageGroupId"] == "orders"
    assert asked["MessageDeduplicationId"] == "A-1"


def test_a_call_is_made_as_it_is_and_answers_with_the_messages_id() -> None:
    sqs = Recorder(MessageId="m-1")
    assert call_to(QUEUE, "text").made(fake_lab(sqs=sqs)) == "m-1"
    assert sqs.calls == [("send_message", {"QueueUrl": QUEUE, "MessageBody": "text"})]
    # Of an invocation only the request is known
    function = Recorder(ResponseMetadata={"RequestId": "r-1"})
    assert call_to("fn", "text").made(fake_lab(**{"lambda": function})) == "r-1"


def test_a_call_is_written_with_the_names_that_the_reader_has() -> None:
    call = call_to(f"{QUEUE}.fifo", ORDER)
    names = {"out.Url": f"{QUEUE}.fifo", "json.dumps(order)": json.dumps(ORDER)}
    assert call.code(names) == (
        "sqs.send_message(QueueUrl=out.Url, MessageBody=json.dumps(order), "
        'MessageGroupId="orders", MessageDeduplicationId="A-1")'
    )
    # And without any it is still the same call
    assert eval(call.code({}), {"sqs": Recorder(said="so")}) == {"said": "so"}


def test_an_order_of_a_kind_is_called_after_it_or_as_one_likes() -> None:
    order, again = new_order("flaky"), new_order("flaky", name="mine")
    assert order["fault"] == RECIPES["flaky"]["fault"]
    assert order["order_id"].startswith("flaky-")
    assert again["order_id"].startswith("mine-")
    with pytest.raises(WorkshopError, match="good, flaky, bad, timeout"):
        new_order("worse")
