"""The handler of notebook 08 that needs a database with two places."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

ORDERS = Path(__file__).parents[3] / "lambda" / "orders"
MODULES = ("handler", "places")
CONTEXT = SimpleNamespace(aws_request_id="1", get_remaining_time_in_millis=lambda: 5000)


class ConditionalCheckFailedError(Exception):
    """As DynamoDB's client raises it."""


class FakeDynamoDb:
    exceptions = SimpleNamespace(ConditionalCheckFailedException=ConditionalCheckFailedError)

    def __init__(self) -> None:
        self.at_work = 0
        self.seen: list[int] = []

    def update_item(
        self,
        ExpressionAttributeValues: dict[str, dict[str, str]],  # noqa: N803
        ConditionExpression: str = "",  # noqa: N803
        **_: Any,
    ) -> None:
        values = {name: int(value["N"]) for name, value in ExpressionAttributeValues.items()}
        if ConditionExpression and self.at_work > values[":most"]:
            raise ConditionalCheckFailedError
        self.at_work += values[":change"]
        self.seen.append(self.at_work)


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> FakeDynamoDb:
    fake = FakeDynamoDb()
    monkeypatch.setattr(boto3, "client", lambda _: fake)
    for name, value in {"PLACES_TABLE": "t", "DATABASE": "d", "PLACES": "2"}.items():
        monkeypatch.setenv(name, value)
    return fake


@pytest.fixture
def places(dynamodb: FakeDynamoDb, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(ORDERS))
    for name in MODULES:
        sys.modules.pop(name, None)
    yield importlib.import_module("places")
    for name in MODULES:
        sys.modules.pop(name, None)


def event(**order: Any) -> dict[str, Any]:
    body = json.dumps({"order_id": "o1", "pass": True} | order)
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1"}
    record = {"eventSource": "aws:sqs", "messageId": "m1", "body": body, "attributes": attributes}
    return {"Records": [record]}


@pytest.mark.parametrize("at_work", [0, 1])
def test_an_order_takes_a_place_and_gives_it_back(
    places: Any, dynamodb: FakeDynamoDb, at_work: int
) -> None:
    dynamodb.at_work = at_work
    places.handle(event(), CONTEXT)
    assert dynamodb.seen == [at_work + 1, at_work]
    # One that fails at its work gives it back as well
    with pytest.raises(Exception, match="says pass: false"):
        places.handle(event(**{"pass": False}), CONTEXT)
    assert dynamodb.at_work == at_work


def test_where_no_place_is_free_the_order_fails_and_its_line_says_so(
    places: Any, dynamodb: FakeDynamoDb, capsys: pytest.CaptureFixture[str]
) -> None:
    dynamodb.at_work = 2
    with pytest.raises(Exception, match="busy with other orders"):
        places.handle(event(), CONTEXT)
    # It had no place, so it gives none back
    assert dynamodb.at_work == 2
    line = json.loads(capsys.readouterr().out)
    assert (line["order_id"], line["outcome"]) == ("o1", "error")
    assert line.keys() >= {"message_id", "receive_count", "sent_at_ms", "attempt", "error_message"}
