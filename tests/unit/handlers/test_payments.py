"""The function of notebook 06: its two mistakes, and that each repair is one line."""

import json
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest

SOURCE = (Path(__file__).parents[3] / "lambda" / "payments" / "handler.py").read_text("utf-8")
COMMA = ('float(order["amount"])', 'float(order["amount"].replace(",", "."))')
ONCE = ("pay = pay_each_time", "pay = pay_once")


class FakeTable:
    """DynamoDB with one table."""

    class exceptions:  # noqa: N801 - boto3's name
        class ConditionalCheckFailedException(Exception):
            pass

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}

    def put_item(self, TableName: str, Item: Any, ConditionExpression: str = "") -> None:  # noqa: N803
        key = Item["payment_id"]["S"]
        if ConditionExpression and key in self.items:
            raise self.exceptions.ConditionalCheckFailedException
        self.items[key] = Item


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> FakeTable:
    table = FakeTable()
    monkeypatch.setattr(boto3, "client", lambda _: table)
    monkeypatch.setenv("PAYMENTS_TABLE", "payments")
    return table


def deployed(*changes: tuple[str, str]) -> Any:
    """The code after one-line changes, each of which has to find its line."""
    source = SOURCE
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    module = ModuleType("payments_handler")
    exec(compile(source, "handler.py", "exec"), vars(module))
    return module


def send(code: Any, **order: Any) -> None:
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1700000000000"}
    record = {"messageId": "m", "body": json.dumps(order), "attributes": attributes}
    code.handler({"Records": [record]}, SimpleNamespace())


def test_a_decimal_comma_fails_before_the_payment_until_it_is_repaired(table: FakeTable) -> None:
    with pytest.raises(ValueError, match="could not convert string to float: '12,50'"):
        send(deployed(), order_id="A-1", amount="12,50")
    assert table.items == {}
    send(deployed(COMMA), order_id="A-1", amount="12,50")
    assert [item["cents"] for item in table.items.values()] == [{"N": "1250"}]


def test_an_order_that_comes_twice_is_paid_twice_or_once(table: FakeTable) -> None:
    for _ in range(2):
        send(deployed(), order_id="naive", amount="1.00")
        send(deployed(ONCE), order_id="idempotent", amount="1.00")
    paid = [item["order_id"]["S"] for item in table.items.values()]
    assert sorted(paid) == ["idempotent", "naive", "naive"]


def test_a_crash_after_the_payment_is_over_when_the_payment_is_recognised(
    table: FakeTable, capsys: pytest.CaptureFixture[str]
) -> None:
    code = deployed(ONCE)
    with pytest.raises(code.CrashError):
        send(code, order_id="A-1", amount="1.00", crash=True)
    send(code, order_id="A-1", amount="1.00", crash=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["outcome"] for line in lines] == ["error", "ok"]
    assert lines[1]["payment"] == "taken before"
    assert len(table.items) == 1


def test_the_line_of_a_failure_names_the_order(
    table: FakeTable, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyError):
        send(deployed(), order_id="A-1")
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["order_id"], line["error_type"], line["receive_count"]) == ("A-1", "KeyError", 1)
