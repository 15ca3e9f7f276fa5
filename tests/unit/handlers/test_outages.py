"""The handlers of notebooks 08 and 09: they fail while something is down, and back off."""

import importlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

ORDERS = Path(__file__).parents[3] / "lambda" / "orders"
MODULES = ("handler", "batches", "outages")
CONTEXT = SimpleNamespace(
    aws_request_id="1", get_remaining_time_in_millis=lambda: 5000, function_name="orders"
)


class FakeSqs:
    def __init__(self) -> None:
        self.hidden: list[tuple[str, int]] = []

    def change_message_visibility(
        self,
        QueueUrl: str,  # noqa: N803
        ReceiptHandle: str,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
    ) -> None:
        assert QueueUrl == "https://queue"
        self.hidden.append((ReceiptHandle, VisibilityTimeout))


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> FakeSqs:
    fake = FakeSqs()
    monkeypatch.setattr(boto3, "client", lambda _: fake)
    monkeypatch.setenv("QUEUE_URL", "https://queue")
    monkeypatch.setenv("FIRST_WAIT_S", "40")
    return fake


@pytest.fixture
def outages(sqs: FakeSqs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(ORDERS))
    for name in MODULES:
        sys.modules.pop(name, None)
    yield importlib.import_module("outages")
    for name in MODULES:
        sys.modules.pop(name, None)


def event(*orders: dict[str, Any], receives: int = 1) -> dict[str, Any]:
    records = [
        {
            "eventSource": "aws:sqs",
            "messageId": f"m{place}",
            "receiptHandle": f"r{place}",
            "body": json.dumps({"order_id": f"o{place}", "pass": True} | order),
            "attributes": {"ApproximateReceiveCount": f"{receives}", "SentTimestamp": "1"},
        }
        for place, order in enumerate(orders)
    ]
    return {"Records": records}


DOWN, BACK = {"down_until": time.time() + 3600}, {"down_until": time.time() - 1}


def test_it_raises_until_what_it_needs_is_back(outages: Any, capsys: Any) -> None:
    with pytest.raises(outages.DependencyUnavailableError):
        outages.fail(event(DOWN), CONTEXT)
    outages.fail(event(BACK), CONTEXT)
    outages.fail(event({}), CONTEXT)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["outcome"] for line in lines] == ["error", "ok", "ok"]
    # And the line of a failure is like every other
    assert lines[0].keys() >= {"order_id", "message_id", "receive_count", "sent_at_ms", "attempt"}


def test_only_what_failed_is_reported_and_hidden(outages: Any, sqs: FakeSqs) -> None:
    answer = outages.back_off(event({}, DOWN, BACK, {"pass": False}), CONTEXT)
    named = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert named == ["m1", "m3"]
    assert sqs.hidden == [("r1", 40), ("r3", 40)]


@pytest.mark.parametrize(("receives", "wait_s"), [(1, 40), (2, 80), (3, 160), (7, 2560), (8, 3600)])
def test_each_wait_is_twice_the_last_one_up_to_an_hour(
    outages: Any, sqs: FakeSqs, receives: int, wait_s: int
) -> None:
    outages.back_off(event(DOWN, receives=receives), CONTEXT)
    assert sqs.hidden == [("r0", wait_s)]


def test_jitter_spreads_a_crowd_around_the_wait(
    outages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JITTER", "0.5")
    waits = [outages.wait_s(2) for _ in range(300)]
    assert 40 <= min(waits) < 55
    assert 105 < max(waits) <= 120
    assert 74 < sum(waits) / 300 < 86
    assert all(isinstance(wait, int) for wait in waits)
