"""Waiting for a fact: time moves until it holds, or the reason why it does not is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workshop.errors import DataError, WaitTimeoutError, WorkshopError
from workshop.target.clock import EmbeddedClock, RealClock, Step
from workshop.target.waiting import wait_briefly, wait_until


class FakeClock:
    """A clock whose events are at given seconds; remembers the limits it was asked to keep."""

    mode = "skip"

    def __init__(self, *events_s: float, is_virtual: bool = True) -> None:
        self.is_virtual = is_virtual
        self.at_s = 0.0
        self.settled = False
        self.causes: list[str] = []
        self._events = list(events_s)

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.at_s)

    def sleep(self, seconds: float, cause: str = "") -> None:
        self.at_s += seconds
        self.causes.append(cause)

    def set_mode(self, mode: str | float) -> None:
        raise NotImplementedError

    def settle(self) -> None:
        self.settled = True

    def next_step(self, limit_s: float) -> Step:
        if not self.is_virtual:
            # Nobody knows there what comes next.
            self.at_s += limit_s
            return Step(self.now())
        if not self._events:
            return Step(self.now(), is_stuck=True)
        if self._events[0] - self.at_s > limit_s:
            later = self.now() + timedelta(seconds=self._events[0] - self.at_s)
            return Step(self.now(), is_stuck=True, next_event_at=later)
        self.at_s = self._events.pop(0)
        return Step(self.now())


def at(clock: FakeClock, second: float) -> Callable[[], bool]:
    return lambda: clock.at_s >= second


def test_time_moves_from_event_to_event_until_the_fact_holds() -> None:
    # Given attempts at 0, 60 and 180 s
    clock = FakeClock(0, 60, 180, 300)
    # When somebody waits for the third
    waited = wait_until(clock, at(clock, 180), "the record is there")
    # Then exactly that much time has passed
    assert waited.aws_s == 180
    assert str(waited).startswith("the record is there: after 180 s of AWS time")


def test_a_fact_that_holds_already_costs_no_time() -> None:
    assert wait_until(FakeClock(5), lambda: "value", "so").aws_s == 0
    assert wait_until(FakeClock(5), lambda: "value", "so").value == "value"


def test_what_runs_at_this_moment_is_waited_for_before_time_is_skipped() -> None:
    # Given a handler that is at work, and a metric that is reported 27 s later
    clock = FakeClock(27)
    # When somebody waits for what the handler does
    waited = wait_until(clock, lambda: clock.settled, "the order is processed")
    # Then no time was skipped
    assert waited.aws_s == 0


def test_the_sentence_is_plain_and_names_the_cause(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock(30)
    wait_until(clock, at(clock, 30), "it came back", cause="visibility timeout 30 s")
    told = capsys.readouterr().err
    assert told.startswith("it came back: after 30 s of AWS time, 0.0 s of yours")
    assert told.endswith("(visibility timeout 30 s)\n")


def test_on_a_real_account_there_is_one_clock(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock(is_virtual=False)
    wait_until(clock, at(clock, 4), "done")
    assert capsys.readouterr().err == "done: after 15 s\n"


def test_waiting_ends_at_once_when_nothing_is_scheduled_any_more() -> None:
    # Given nothing that could change anything
    clock = FakeClock()
    # When somebody waits for an hour
    with pytest.raises(WaitTimeoutError) as caught:
        wait_until(
            clock,
            lambda: False,
            "a message is in the DLQ",
            timeout_s=3600,
            diagnose=lambda: ["the event source mapping is Disabled"],
        )
    # Then it is said now, with the reason
    assert "will not happen by itself" in str(caught.value)
    assert "the event source mapping is Disabled" in str(caught.value)
    assert clock.at_s == 0


def test_a_question_ends_as_one() -> None:
    with pytest.raises(WaitTimeoutError) as caught:
        wait_until(FakeClock(), lambda: False, "x", diagnose=lambda: ["was it sent?"])
    assert str(caught.value).endswith("What AWS shows: was it sent?")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ("60", "'60' is no number of seconds."),
        (timedelta(seconds=60), "is no number of seconds."),
        (None, "None is no number of seconds."),
        (True, "True is no number of seconds."),
        (float("inf"), "inf is no number of seconds."),
        (-5, "Time does not run backwards: -5 s."),
        (1e9, "That is more than a year: 1e+09 s."),
    ],
)
def test_what_is_no_length_of_time_is_told(seconds: Any, told: str) -> None:
    # Before anything is asked, and so also of an endpoint that is not there
    clocks = (EmbeddedClock("http://127.0.0.1:9/_clock", "secret"), RealClock(pause=never))
    for clock in clocks:
        with pytest.raises(DataError) as caught:
            clock.sleep(seconds)
        assert told in caught.value.happened
        assert caught.value.remedy.startswith("Write ")


def never(seconds: float) -> None:
    raise AssertionError(seconds)


def test_waiting_ends_when_what_comes_next_comes_too_late() -> None:
    clock = FakeClock(60, 500)
    with pytest.raises(WaitTimeoutError, match="next thing happens in 440 s only"):
        wait_until(clock, lambda: False, "x", timeout_s=100)


def test_waiting_ends_at_the_limit() -> None:
    clock = FakeClock(*range(1000))
    with pytest.raises(WaitTimeoutError, match="did not happen within 10 s"):
        wait_until(clock, lambda: False, "x", timeout_s=10)


def test_an_interrupt_passes_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wait_until(FakeClock(), interrupted, "x")
    assert "interrupted" in capsys.readouterr().err


def test_what_takes_some_seconds_is_waited_for_without_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = FakeClock()
    wait_briefly(clock, at(clock, 3), "the mapping is Enabled")
    assert clock.at_s == 3
    assert capsys.readouterr() == ("", "")
    # And what does not come is not waited for without end
    with pytest.raises(WaitTimeoutError, match="within 300 s: the mapping is gone"):
        wait_briefly(clock, lambda: False, "the mapping is gone")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ClientError({"Error": {"Code": "QueueDoesNotExist"}}, "GetQueueAttributes"), "is gone"),
        (ClientError({"Error": {"Code": "AccessDenied"}}, "GetQueueAttributes"), "ended early"),
        (DataError("There is no such alarm."), "ended early"),
    ],
)
def test_what_was_removed_meanwhile_ends_a_wait_at_once(
    error: ClientError | WorkshopError, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = FakeClock(is_virtual=False)

    def condition() -> bool:
        if clock.at_s:
            raise error
        return False

    # Whoever shows the error knows which section or command makes it anew
    with pytest.raises(type(error)):
        wait_until(clock, condition, "the order is there")
    assert clock.at_s == 15
    assert f"{told}: the order is there" in capsys.readouterr().err
