"""The order handler: what it makes of each kind of event, and what it prints."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from workshop.sending import FAULTS

HANDLER_FILE = Path(__file__).parents[3] / "lambda" / "orders" / "handler.py"
NOW_S = 1_700_000_000.0
Logged = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    # By path: `lambda` is a keyword, and the handler is not part of any package. A fresh module per
    # test, as a fresh execution environment would have.
    spec = importlib.util.spec_from_file_location("orders_handler", HANDLER_FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "time", FakeTime())
    return module


class FakeTime:
    """Time that passes only in `sleep`."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def time(self) -> float:
        return NOW_S + self.slept_s

    def sleep(self, seconds: float) -> None:
        self.slept_s += seconds


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Logged:
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def context(request_id: str = "request-1") -> Any:
    return SimpleNamespace(aws_request_id=request_id, get_remaining_time_in_millis=lambda: 5_000)


def sqs_event(*bodies: Any, receive_count: int = 1) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"message-{n}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": str(receive_count),
                    "SentTimestamp": "1700000000000",
                },
                "eventSource": "aws:sqs",
            }
            for n, body in enumerate(bodies)
        ]
    }


def sns_event(body: Any, *, timestamp: str = "2023-11-14T22:13:20.000Z") -> dict[str, Any]:
    notification = {"MessageId": "note-1", "Message": json.dumps(body), "Timestamp": timestamp}
    return {"Records": [{"EventSource": "aws:sns", "Sns": notification}]}


def test_a_good_order_is_processed_and_leaves_one_line(orders: ModuleType, logged: Logged) -> None:
    # Given an order that passes, received for the second time
    event = sqs_event({"order_id": "A-17", "pass": True}, receive_count=2)
    # When the handler runs
    answer = orders.handler(event, context())
    # Then the answer and the line name the order, its attempt and the message
    assert answer == {"orders": [{"order_id": "A-17", "status": "processed", "attempt": 2}]}
    assert logged() == [
        {
            "record": 0,
            "source": "sqs",
            "message_id": "message-0",
            "sent_at_ms": 1_700_000_000_000,
            "receive_count": 2,
            "attempt": 2,
            "request_id": "request-1",
            "order_id": "A-17",
            "fault": None,
            "outcome": "ok",
        }
    ]


def test_the_line_names_the_message_group_where_it_holds_others_back(
    orders: ModuleType, logged: Logged
) -> None:
    # Given a message of a FIFO queue, and one of a queue that has groups and no order
    numbered, fair = sqs_event({"pass": True}), sqs_event({"pass": True})
    for event in (numbered, fair):
        event["Records"][0]["attributes"]["MessageGroupId"] = "b"
    numbered["Records"][0]["attributes"]["SequenceNumber"] = "18870266387967484160"
    for event in (numbered, fair):
        orders.handler(event, context())
    first, second = logged()
    assert first["message_group_id"] == "b"
    assert "message_group_id" not in second


def test_a_bad_order_raises_and_says_so_in_its_line(orders: ModuleType, logged: Logged) -> None:
    with pytest.raises(orders.OrderRejectedError, match="A-18 says pass: false"):
        orders.handler(sns_event({"order_id": "A-18", "pass": False}), context())
    [line] = logged()
    assert (line["outcome"], line["source"], line["message_id"]) == ("error", "sns", "note-1")
    assert line["error_type"] == "OrderRejectedError"
    assert line["error_message"] == "order A-18 says pass: false"


def test_an_order_needs_no_id(orders: ModuleType, logged: Logged) -> None:
    orders.handler({"pass": True}, context())
    [line] = logged()
    assert (line["order_id"], line["source"], line["message_id"]) == (None, "invoke", None)


def test_one_line_per_record_and_the_first_failure_ends_the_batch(
    orders: ModuleType, logged: Logged
) -> None:
    # Given a batch of three whose second order fails
    event = sqs_event({"pass": True}, {"pass": False}, {"pass": True})
    # When the handler runs
    with pytest.raises(orders.OrderRejectedError):
        orders.handler(event, context())
    # Then the third was never looked at
    assert [(line["record"], line["outcome"]) for line in logged()] == [(0, "ok"), (1, "error")]


@pytest.mark.parametrize(("receive_count", "fails"), [(1, True), (2, True), (3, False)])
def test_a_fault_ends_with_the_attempt_that_it_names(
    orders: ModuleType, logged: Logged, receive_count: int, fails: bool
) -> None:
    # Given an order whose third attempt is the first to succeed
    order = {"order_id": "A-19", "fault": {"kind": "raise", "until_attempt": 3}}
    event = sqs_event(order, receive_count=receive_count)
    # When it is received for the n-th time, then it fails before the third
    if fails:
        with pytest.raises(orders.InjectedError):
            orders.handler(event, context())
    else:
        orders.handler(event, context())
    assert logged()[0]["fault"] == ("raise" if fails else None)


@pytest.mark.parametrize(
    ("timestamp", "attempt"),
    [
        ("2023-11-14T22:13:20.000Z", 1),  # just published
        ("2023-11-14T22:12:51.000Z", 1),  # 29 s ago
        ("2023-11-14T22:12:15.000Z", 2),  # 65 s: the first attempt ran into its timeout
        ("2023-11-14T22:10:20.000Z", 3),  # 180 s
        ("2023-11-14T22:10:10.000Z", 3),  # 190 s: both attempts before ran into their timeout
    ],
)
def test_the_age_of_a_notification_tells_its_attempt(
    orders: ModuleType, logged: Logged, timestamp: str, attempt: int
) -> None:
    orders.handler(sns_event({"pass": True}, timestamp=timestamp), context())
    [line] = logged()
    assert line["attempt"] == attempt
    assert NOW_S * 1000 - line["sent_at_ms"] in (0, 29_000, 65_000, 180_000, 190_000)


def test_direct_events_are_counted_by_request_id(orders: ModuleType, logged: Logged) -> None:
    # Given an order that fails once
    order = {"fault": {"kind": "raise", "until_attempt": 2}}
    # When Lambda runs it again under the same request id, and another event comes in between
    with pytest.raises(orders.InjectedError):
        orders.handler(order, context("request-1"))
    orders.handler({"pass": True}, context("request-2"))
    orders.handler(order, context("request-1"))
    # Then each event counts its own attempts
    assert [line["attempt"] for line in logged()] == [1, 1, 2]


def test_a_timeout_writes_its_line_before_lambda_ends_the_process(
    orders: ModuleType, logged: Logged
) -> None:
    # Given 5 s left; when the order asks for a timeout
    orders.handler({"fault": {"kind": "timeout"}}, context())
    # Then the line comes first and the sleep is longer than what was left
    line = logged()[0]
    assert (line["outcome"], line["fault"]) == ("error", "timeout")
    assert line["error_message"] == "going to sleep with 5 s left"
    assert orders.time.slept_s > 5


def test_a_lost_dependency_costs_time_and_names_the_service(
    orders: ModuleType, logged: Logged
) -> None:
    with pytest.raises(ConnectionError, match=r"payments\.example\.com did not answer"):
        orders.handler({"fault": {"kind": "dependency"}}, context())
    assert orders.time.slept_s == 2


def test_a_malformed_answer_cannot_be_encoded(orders: ModuleType) -> None:
    answer = orders.handler({"fault": {"kind": "malformed"}}, context())
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(answer)


def test_a_crash_ends_the_process(
    orders: ModuleType, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses: list[int] = []
    monkeypatch.setattr(orders.os, "_exit", statuses.append)
    orders.handler({"fault": {"kind": "exit"}}, context())
    assert statuses == [3]
    assert logged()[0]["fault"] == "exit"


def test_memory_is_taken_beyond_the_limit_and_no_further(
    orders: ModuleType, logged: Logged
) -> None:
    small = context()
    small.memory_limit_in_mb = "1"
    with pytest.raises(MemoryError, match="65 MB were taken"):
        orders.handler({"fault": {"kind": "memory"}}, small)
    assert logged()[0]["error_type"] == "OutOfMemory"


def test_slow_orders_stay_within_the_timeout(orders: ModuleType) -> None:
    orders.handler({"fault": {"kind": "slow"}}, context())
    assert 0 < orders.time.slept_s < 5


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{not json", "the body is not JSON"),
        ("[1, 2]", "an order is a JSON object"),
        ({}, r"needs 'pass' or 'fault', it has \[\]"),
        ({"pas": False}, r"it has \['pas'\]"),
        ({"pass": "false"}, "'pass' is true or false"),
        ({"pass": True, "order_id": 17}, "'order_id' is a text"),
        ({"fault": "raise"}, "'fault' needs a 'kind' of"),
        ({"fault": {"kind": "earthquake"}}, "earthquake"),
        ({"fault": {"kind": ["raise"]}}, "'fault' needs a 'kind' of"),
        ({"fault": {"kind": "raise", "until_attempt": 0}}, "'until_attempt' is 1, 2, 3"),
        ({"fault": {"kind": "raise", "until_attempt": True}}, "'until_attempt' is 1, 2, 3"),
    ],
)
def test_what_is_not_an_order_is_refused_with_a_reason(
    orders: ModuleType, logged: Logged, body: Any, message: str
) -> None:
    with pytest.raises(orders.InvalidOrderError, match=message):
        orders.handler(sqs_event(body), context())
    assert logged()[0]["outcome"] == "error"


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"order_id": "A-20", "fault": {"kind": "explode"}}, "A-20"),
        ({"order_id": "A-20", "fault": {"kind": "raise", "until_attempt": "3"}}, "A-20"),
        ({"order_id": "A-20"}, "A-20"),
        ({"order_id": 20, "pass": True}, None),
        (["A-20"], None),
        ("A-20", None),
    ],
)
def test_a_line_tells_which_order_was_refused(
    orders: ModuleType, logged: Logged, order: Any, told: str | None
) -> None:
    with pytest.raises(orders.InvalidOrderError):
        orders.handler(sqs_event(order), context())
    [line] = logged()
    assert (line["error_type"], line["order_id"]) == ("InvalidOrderError", told)


def test_a_panel_sends_every_fault_that_there_is(orders: ModuleType) -> None:
    assert {*FAULTS, "timeout"} == set(orders.FAULTS)


def test_records_of_other_services_are_refused(orders: ModuleType) -> None:
    with pytest.raises(orders.InvalidOrderError, match="no reader for records of 'aws:s3'"):
        orders.handler({"Records": [{"eventSource": "aws:s3"}]}, context())
