"""boto3's own waiters, which notebooks use as everybody does, do not wait without a word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import WaiterError
from botocore.stub import Stubber

from workshop.target import waiters


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the waiter slept; its seconds pass at once."""
    seconds = list[float]()
    monkeypatch.setattr("botocore.waiter.time.sleep", seconds.append)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(waiters, "_now", lambda: start + timedelta(seconds=sum(seconds)))
    return seconds


def wait(*states: str, **config: Any) -> None:
    client = waiters.told(
        boto3.client(
            "lambda", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
    )
    with Stubber(client) as stub:
        for state in states:
            stub.add_response("get_function", {"Configuration": {"LastUpdateStatus": state}})
        client.get_waiter("function_updated_v2").wait(FunctionName="orders", **config)


def test_a_long_one_says_what_why_and_until_when(slept: list[float], lines: list[str]) -> None:
    wait(*["InProgress"] * 5, "Successful")
    cause = "(boto3's waiter function_updated_v2 asks AWS every 1 s)"
    assert lines[0] == (
        f"waiting until function updated {cause}: no rule says when; gives up at 00:05:00 UTC, "
        "297 s left"
    )
    assert lines[-1] == f"function updated: after 5 s {cause}"


def test_a_short_one_says_nothing(slept: list[float], lines: list[str]) -> None:
    wait("InProgress", "Successful")
    assert lines == []


def test_its_own_settings_count_and_a_failure_ends_the_line(
    slept: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(WaiterError):
        wait(*["InProgress"] * 3, "Failed", WaiterConfig={"Delay": 7, "MaxAttempts": 9})
    assert slept == [7, 7, 7]
    # In a log nothing is said of what was over before
    assert capsys.readouterr().err == ""
