"""CloudWatch Logs is late on an account: it is read again until the end of an order shows."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from tests.unit.workshop.fake_aws import FakeCloudFormation
from tests.unit.workshop.log_events import event, invocation, logs, record
from tests.unit.workshop.test_waiting import FakeClock
from workshop.accounting.trace import trace
from workshop.errors import DataError
from workshop.evidence import late_logs
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.endings import all_told
from workshop.evidence.late_logs import seen_attempts
from workshop.evidence.retry_settings import RetrySettings
from workshop.lab import Lab
from workshop.target.lateness import LATE, PUNCTUAL
from workshop.target.session import Session
from workshop.target.target import PATTERNS, Target

FUNCTION = {"FunctionName": "fn", "LogGroupName": "group"}


def tried(number: int, outcome: str = "error", order_id: str = "A") -> list[dict[str, Any]]:
    """The events of the n-th attempt at an order, a minute apart."""
    line = record("m", order_id, source="sns", outcome=outcome)
    error = "ValueError: no" if outcome == "error" else None
    return invocation(60_000 * number, f"r-{order_id}", line, error=error)


def lab_whose_logs_show(*reads: list[dict[str, Any]], is_virtual: bool = False) -> Lab:
    """A lab that finds these events, read by read; the last ones again and again."""
    shown = list(reads)

    def paginate(**_: Any) -> list[dict[str, Any]]:
        return [{"events": shown.pop(0) if len(shown) > 1 else shown[0]}]

    clients = {
        "logs": SimpleNamespace(
            exceptions=SimpleNamespace(ResourceNotFoundException=KeyError),
            get_paginator=lambda _: SimpleNamespace(paginate=paginate),
        ),
        "cloudformation": FakeCloudFormation(LambdaDlq=FUNCTION),
        "lambda": SimpleNamespace(
            get_function=lambda **_: {},
            get_function_configuration=lambda **_: {"Timeout": 5},
            get_function_event_invoke_config=lambda **_: {"MaximumRetryAttempts": 2},
        ),
    }
    clock, lateness = FakeClock(is_virtual=is_virtual), PUNCTUAL if is_virtual else LATE
    return Lab(Session(Target(), clients.__getitem__, clock, lateness=lateness))


def waited_s(lab: Lab) -> float:
    return (lab.clock.now() - FakeClock().now()).total_seconds()


def test_a_story_that_ends_is_read_once() -> None:
    for story, number in ((tried(1, "ok"), 1), (tried(1) + tried(2) + tried(3), 3)):
        lab = lab_whose_logs_show(story)
        assert len(lab.attempts("LambdaDlq", order_ids=["A"])) == number
        assert waited_s(lab) == 0


def test_the_same_lines_are_made_into_a_table_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def counted(lines: pd.DataFrame) -> pd.DataFrame:
        made.append(len(lines))
        return attempts_table(lines)

    monkeypatch.setattr(late_logs, "attempts_table", counted)
    # Given a log that is read three times, and has more to tell with the third
    some, more = tried(1), tried(1) + tried(2)
    lab = lab_whose_logs_show(some, list(some), more, is_virtual=True)
    first, second, third = (seen_attempts(lab.session, "group") for _ in range(3))
    # Then a table was made of each story once
    assert made == [len(some), len(more)]
    pd.testing.assert_frame_equal(first, second)
    assert list(third["attempt"]) == [1, 2]
    # And whoever changes a table changes no other
    third["outcome"] = "mine"
    assert list(seen_attempts(lab.session, "group")["outcome"]) == ["error", "error"]


def test_two_logs_are_not_taken_for_each_other() -> None:
    lab = lab_whose_logs_show(tried(1), tried(1, "ok"), tried(1), is_virtual=True)
    outcomes = [seen_attempts(lab.session, group)["outcome"].item() for group in ("a", "b", "a")]
    assert outcomes == ["error", "ok", "error"]


def test_a_story_that_is_looked_for_in_many_logs_waits_for_all_of_them_at_once() -> None:
    # Given every pattern deployed, and an id that no log knows
    lab = lab_whose_logs_show([])
    groups = {one: FUNCTION | {"LogGroupName": one} for one in PATTERNS}
    lab.session.client("cloudformation")._outputs = groups
    lab.settings = lambda _: RetrySettings("sqs", 3, batch_size=1)  # type: ignore[method-assign]
    lab.arrivals = lambda *_, **__: arrivals_table({})  # type: ignore[method-assign]
    with pytest.raises(DataError, match="No log line"):
        trace(lab, "nobody")
    assert waited_s(lab) == 5


def test_what_is_missing_is_read_again_until_it_is_there() -> None:
    # Given a log that shows the third attempt with the second look after the first
    some = tried(1) + tried(2)
    lab = lab_whose_logs_show(some, some, some + tried(3))
    assert len(lab.attempts("LambdaDlq", order_ids="A")) == 3
    assert waited_s(lab) == 30


def test_what_does_not_come_is_not_waited_for_longer_than_a_log_is_late() -> None:
    lab = lab_whose_logs_show(tried(1, "ok", "B"))
    found = lab.attempts("LambdaDlq", order_ids=["A", "B"])
    assert list(found["order_id"]) == ["B"]
    assert waited_s(lab) == 33


def test_on_the_embedded_aws_nothing_is_late() -> None:
    lab = lab_whose_logs_show(tried(1), is_virtual=True)
    assert len(lab.attempts("LambdaDlq", order_ids=["A"])) == 1
    lab.logs("LambdaDlq")
    assert waited_s(lab) == 0


def test_where_nobody_says_what_to_look_for_some_seconds_pass_first() -> None:
    lab = lab_whose_logs_show(tried(1))
    assert len(lab.attempts("LambdaDlq")) == 1
    assert waited_s(lab) == 5


OUTCOMES = [
    ([tried(1, "ok")], True),
    ([tried(1), tried(2, "ok")], True),
    ([tried(1), tried(2)], False),
    ([tried(1), tried(2), tried(3)], True),
    # The attempt has begun, its REPORT is not there yet.
    ([tried(1), [event(120_000, "START RequestId: r-A Version: $LATEST\n")]], False),
    # A handler that reports the failed message of a batch ends well, the message does not.
    ([invocation(0, "r1", record("m", "A", source="sqs", outcome="error"))], False),
    ([], False),
]


@pytest.mark.parametrize(("story", "is_told"), OUTCOMES)
def test_a_story_ends_with_success_or_with_the_last_attempt(story: Any, is_told: bool) -> None:
    attempts = attempts_table(logs(*story))
    assert all_told(attempts, ["A"], most=3) is is_told
    # And one that goes on as long as a queue keeps the message ends with success alone
    assert all_told(attempts, ["A"], most=None) is (is_told and len(attempts) < 3)


def test_every_order_counts() -> None:
    attempts = attempts_table(logs(tried(1, "ok"), tried(2, "error", "B")))
    assert all_told(attempts, ["A"], most=3)
    assert not all_told(attempts, ["A", "B"], most=3)
    assert all_told(attempts, [], most=3)
