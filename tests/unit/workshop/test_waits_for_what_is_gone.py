"""What is waited for is removed in another terminal: the wait ends with its next look."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeSqs, fake_session
from tests.unit.workshop.test_waiting import FakeClock
from workshop.errors import WaitTimeoutError
from workshop.evidence import awaiting
from workshop.evidence.retry_settings import RetrySettings
from workshop.lab import Lab
from workshop.target.lateness import LATE
from workshop.target.target import Target
from workshop.workbench.rigs import Bench

ACCOUNT = Target("aws", profile="mine", region="eu-west-1", account="123456789012")
ORDER = "bad-1"
OUTPUTS = {"FunctionName": "f", "LogGroupName": "g", "OnFailureQueueUrl": "failed"}


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "m"}}, "GetFunction")


class Lambda:
    """Has functions until they are removed."""

    def __init__(self, clock: FakeClock, removed_at_s: float) -> None:
        self.asked: list[tuple[str, float]] = []
        self.refuses = False
        self._clock, self._removed_at_s = clock, removed_at_s

    def get_function(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        self.asked.append((FunctionName, self._clock.at_s))
        if self.refuses:
            raise error("AccessDeniedException")
        if self._clock.at_s >= self._removed_at_s:
            raise error("ResourceNotFoundException")
        return {}


class Logs:
    """A log without a line; it stays silent when its group is gone."""

    exceptions = SimpleNamespace(ResourceNotFoundException=KeyError)

    def get_paginator(self, _: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [{"events": []}])


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    found = RetrySettings("async", 3, maximum_retry_attempts=2, failure_target="a queue")
    monkeypatch.setattr("workshop.evidence.watching.read_settings", lambda *_: found)
    monkeypatch.setattr(Lab, "_findings", lambda _: [])


def account(removed_at_s: float) -> tuple[Lab, Lambda, FakeClock]:
    clock = FakeClock(is_virtual=False)
    lambda_ = Lambda(clock, removed_at_s)
    session = fake_session(
        ACCOUNT,
        **{"lambda": lambda_},
        logs=Logs(),
        sqs=FakeSqs(failed=[]),
        cloudformation=FakeCloudFormation(LambdaDestinations=OUTPUTS),
    )
    session.clock, session.lateness = clock, LATE
    return Lab(session), lambda_, clock


def wait(lab: Lab) -> None:
    places = [lab.outputs("LambdaDestinations")]
    awaiting.orders(lab.session, places, [ORDER], "", since=None, timeout_s=None, diagnose=list)


def test_the_wait_for_an_order_ends_when_the_function_is_gone(lines: list[str]) -> None:
    # Given stacks that somebody destroys 40 s after the order was sent
    lab, _, clock = account(40)
    # When its end is waited for, which takes three minutes
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        wait(lab)
    # Then it is over with the next look, and its line says so
    assert clock.at_s <= 40 + 15
    assert lines[-1].startswith("cannot be seen any more, what it needs is gone: order bad-1")


def test_a_wait_of_a_notebooks_own_ends_too_although_its_fact_cannot_be_there_yet() -> None:
    # Given a wait of 720 s, whose condition is not read before, and then sees an empty log
    lab, lambda_, clock = account(100)
    group = lab.outputs("LambdaDestinations").LogGroupName

    def condition() -> bool:
        return bool(len(lab.logs("LambdaDestinations")) and group)

    with pytest.raises(ClientError):
        lab.wait_until(condition, "sixty orders are processed", expected_s=720, timeout_s=1500)
    assert clock.at_s <= 100 + 15
    # And it costs a request every 15 seconds
    assert {name for name, _ in lambda_.asked} == {"f"}
    assert len(lambda_.asked) <= 8


def test_a_rig_of_an_experiment_is_looked_after_as_a_pattern_is() -> None:
    lab, lambda_, clock = account(100)
    bench = object.__new__(Bench)
    bench.session = lab.session
    rig = bench._rig("queue", "temporary", "failed", {})
    with pytest.raises(ClientError):
        lab.wait_until(lambda: lab.queue_counts(rig.source).total, "it is there", expected_s=720)
    assert clock.at_s <= 100 + 15
    assert {name for name, _ in lambda_.asked} == {"temporary"}


def test_whoever_may_not_ask_waits_as_before() -> None:
    lab, lambda_, clock = account(100)
    lambda_.refuses = True
    with pytest.raises(WaitTimeoutError):
        lab.wait_until(lambda: lab.queue_counts("failed").total, "it is there", timeout_s=300)
    with pytest.raises(WaitTimeoutError):
        wait(lab)
    assert clock.at_s > 300 + 180


def test_a_function_that_a_lesson_removed_itself_ends_no_wait() -> None:
    # Given one that is gone before the wait begins: what becomes of its messages is the lesson
    lab, lambda_, clock = account(0)
    with pytest.raises(WaitTimeoutError):
        wait(lab)
    assert clock.at_s > 180
    assert lambda_.asked


def test_what_nobody_looks_at_is_not_asked_for() -> None:
    lab, lambda_, _ = account(10)
    lab.outputs("LambdaDestinations")
    with pytest.raises(WaitTimeoutError):
        lab.wait_until(lambda: False, "the alarm of somebody else rings", timeout_s=60)
    assert lambda_.asked == []


def test_where_time_is_skipped_nothing_is_asked() -> None:
    lab, lambda_, _ = account(0)
    lab.session.clock = FakeClock(10, 20)
    lab.outputs("LambdaDestinations")
    with pytest.raises(WaitTimeoutError):
        lab.wait_until(lambda: lab.queue_counts("failed").total, "it is there")
    assert lambda_.asked == []
