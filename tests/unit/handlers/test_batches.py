"""What the handlers of `lambda/orders/batches.py` answer for a batch."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ORDERS = Path(__file__).parents[3] / "lambda" / "orders"
CONTEXT = SimpleNamespace(
    aws_request_id="1", get_remaining_time_in_millis=lambda: 5000, function_name="orders"
)


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports a module as Lambda does: its folder first on the path."""
    monkeypatch.syspath_prepend(str(ORDERS))
    names = ("handler", "batches", "powertools_batches")
    for name in names:
        sys.modules.pop(name, None)
    yield importlib.import_module
    for name in names:
        sys.modules.pop(name, None)


def batch(*good: bool) -> dict[str, Any]:
    """An SQS event: the message ids are m0, m1, ..."""
    records = [
        {
            "eventSource": "aws:sqs",
            "messageId": f"m{position}",
            "body": json.dumps({"order_id": f"o{position}", "pass": passes}),
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1700000000000"},
        }
        for position, passes in enumerate(good)
    ]
    return {"Records": records}


def named(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_all_or_nothing_tries_every_order_before_it_raises(code: Any, capsys: Any) -> None:
    batches: ModuleType = code("batches")
    with pytest.raises(batches.BatchFailedError, match="1 of 3 orders failed"):
        batches.all_or_nothing(batch(True, False, True), CONTEXT)
    assert [json.loads(line)["outcome"] for line in capsys.readouterr().out.splitlines()] == [
        "ok",
        "error",
        "ok",
    ]
    assert batches.all_or_nothing(batch(True, True), CONTEXT) is None


@pytest.mark.parametrize("module", ["batches", "powertools_batches"])
def test_only_the_failed_order_is_named(code: Any, module: str) -> None:
    handler = code(module).report_failures
    assert named(handler(batch(True, False, True), CONTEXT)) == ["m1"]
    assert named(handler(batch(True, True), CONTEXT)) == []


def test_powertools_raise_when_every_order_failed(code: Any) -> None:
    with pytest.raises(Exception, match="All records failed processing"):
        code("powertools_batches").report_failures(batch(False), CONTEXT)
    assert named(code("batches").report_failures(batch(False), CONTEXT)) == ["m0"]


def test_in_order_the_failed_one_and_all_behind_it_are_named_and_not_tried(
    code: Any, capsys: Any
) -> None:
    answer = code("batches").report_in_order(batch(True, False, True, True), CONTEXT)
    assert named(answer) == ["m1", "m2", "m3"]
    # And each of the batch has its line, which says whether it was tried
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["order_id"], line["outcome"]) for line in lines] == [
        ("o0", "ok"),
        ("o1", "error"),
        ("o2", "not tried"),
        ("o3", "not tried"),
    ]
    assert {line["request_id"] for line in lines} == {"1"}


def test_in_order_the_first_failure_keeps_all_behind_it_and_per_group_only_its_own(
    code: Any, capsys: Any
) -> None:
    # Given a FIFO batch of two groups, in which an order of the first one fails
    event = batch(True, False, True, True, True)
    for record, group in zip(event["Records"], "aabab", strict=True):
        record["attributes"]["MessageGroupId"] = group
    batches = code("batches")
    # Then the one keeps the other group's orders too, and the other does not
    assert named(batches.report_in_order(event, CONTEXT)) == ["m1", "m2", "m3", "m4"]
    capsys.readouterr()
    assert named(batches.report_by_group(event, CONTEXT)) == ["m1", "m3"]
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["order_id"] for line in lines if line["outcome"] == "not tried"] == ["o3"]


def test_what_is_no_order_is_passed_over_without_an_error(code: Any, capsys: Any) -> None:
    event = batch(False, True)
    event["Records"][1]["body"] = "no order"
    assert named(code("batches").report_in_order(event, CONTEXT)) == ["m0", "m1"]
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["message_id"], last["order_id"], last["outcome"]) == ("m1", None, "not tried")
