"""What a waiting line says, at every moment of a wait and of a sleep."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.workshop.test_waiting import FakeClock, at
from workshop.errors import WaitTimeoutError
from workshop.target import telling, waiting
from workshop.target.clock import RealClock
from workshop.target.telling import Expected
from workshop.target.waiting import wait_briefly, wait_until
from workshop.target.waits import Waits

START = datetime(2026, 1, 1, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def told(now_s: float, expected: Expected) -> str:
    return telling.waiting("it is moved", "3 receives", after(now_s), after(600), expected)


def test_the_line_says_fact_cause_end_and_time_left() -> None:
    assert told(30, Expected(after(90))) == (
        "waiting until it is moved (3 receives): AWS will be done at 00:01:30 UTC, 60 s left"
    )


@pytest.mark.parametrize("is_bound", [False, True])
def test_the_latest_moment_at_which_it_is_seen_is_told_from_the_beginning(is_bound: bool) -> None:
    plan = Expected(after(90), late_s=60, is_bound=is_bound)
    latest = "; it may be seen up to 60 s later, by 00:02:30 UTC"
    assert told(30, plan).endswith(f"60 s left{latest}")
    assert "by 00:02:30 UTC" in told(100, plan)


def test_once_aws_is_due_the_line_says_how_late_it_may_be_seen_and_then_that_it_is_late() -> None:
    plan = Expected(after(90), late_s=60, looked_at="the queue's counts")
    assert "AWS was due at 00:01:30 UTC, and shows it up to 60 s later, by 00:02:30 UTC" in told(
        100, plan
    )
    # And no moment of it looks like the one before
    assert "by 00:02:30 UTC, 50 s left, looking at the queue's counts" in told(100, plan)
    assert "longer than expected by 12 s (AWS was due at 00:01:30 UTC)" in told(162, plan)
    assert "looking at the queue's counts; gives up at 00:10:00 UTC" in told(162, plan)


def test_where_no_rule_tells_the_line_does_not_pretend_that_one_does() -> None:
    assert "no rule says when; gives up at 00:10:00 UTC, 590 s left" in told(10, Expected())


def test_what_would_make_it_shorter_is_said_on_an_account_only(lines: list[str]) -> None:
    for is_virtual in (True, False):
        lines.clear()
        clock = FakeClock(30, is_virtual=is_virtual)
        wait_until(clock, at(clock, 30), "x", shortcut="Shorter: fewer retries")
        assert any("Shorter" in line for line in lines) is not is_virtual


def test_a_sleep_on_an_account_counts_down_and_ends_as_a_sentence(lines: list[str]) -> None:
    now_s = [0.0]

    def pause(seconds: float) -> None:
        now_s[0] += seconds

    clock = RealClock(pause, lambda: after(now_s[0]))
    clock.sleep(60, "a change may take a minute")
    assert lines[0] == (
        "letting 60 s pass (a change may take a minute): until 00:01:00 UTC, 60 s left"
    )
    assert lines[45].endswith("15 s left")
    assert lines[-1] == "60 s have passed (a change may take a minute)"
    # And what is over before it is read has no line
    lines.clear()
    clock.sleep(2)
    assert lines == []
    assert now_s == [62]


def test_the_sentence_of_a_skipped_sleep_has_both_clocks() -> None:
    told = telling.passed(60, "so", 0.04, is_virtual=True)
    assert told == "60 s of AWS time have passed, 0.0 s of yours (so)"


class Counting:
    """A condition that remembers when it was read, and sends a request each time."""

    def __init__(self, clock: FakeClock, holds_at_s: float, waits: Waits) -> None:
        self.looks_s: list[float] = []
        self._clock, self._holds_at_s, self._waits = clock, holds_at_s, waits

    def __call__(self) -> bool:
        self.looks_s.append(self._clock.at_s)
        self._waits.requests.by_operation["sqs.GetQueueAttributes"] += 1
        return self._clock.at_s >= self._holds_at_s


def test_on_an_account_nothing_is_asked_before_the_fact_can_hold_and_then_at_intervals() -> None:
    clock, waits = FakeClock(is_virtual=False), Waits()
    condition = Counting(clock, 115, waits)
    plan = Expected(after(90), after(90))
    waited = wait_until(clock, condition, "it is moved", expected=lambda: plan, waits=waits)
    # Then one look, should it be there already, and one every 15 seconds from the end on
    assert condition.looks_s == [0, 90, 105, 120]
    # And the wait counted its requests, says so, and is part of the sum
    assert waited.requests == 4
    assert str(waited) == "it is moved: after 120 s, 4 requests"
    assert repr(waits) == "1 wait, 120 s of AWS time, 4 requests"


def test_a_short_wait_on_an_account_tells_of_itself_when_it_is_not_that_short(
    lines: list[str],
) -> None:
    clock, waits = FakeClock(is_virtual=False), Waits()
    condition = Counting(clock, 12, waits)
    wait_briefly(clock, condition, "the mapping is Enabled", cause="pollers start", waits=waits)
    assert condition.looks_s == [0, 5, 10, 15]
    assert lines[0].startswith("waiting until the mapping is Enabled (pollers start)")
    assert lines[-1] == "the mapping is Enabled: after 15 s, 4 requests (pollers start)"


def test_a_look_of_somebody_who_waits_is_known_as_one() -> None:
    clock, waits = FakeClock(5), Waits()
    seen = []

    def condition() -> bool:
        seen.append(waits.is_looking)
        return True

    wait_until(clock, condition, "x", waits=waits)
    assert set(seen) == {True}
    assert not waits.is_looking


def test_a_class_in_one_account_stays_below_what_logs_and_lambda_answer() -> None:
    # Given quotas of AWS per account and Region, and a class in which everybody waits
    logs_per_s, lambda_per_s, people = 5, 15, 30
    pages = 2
    assert people * pages / waiting.LOOK_EVERY_S <= 0.8 * logs_per_s
    assert people / waiting.LOOK_BRIEFLY_S <= 0.6 * lambda_per_s


def test_a_wait_for_what_began_before_tells_both_times(lines: list[str]) -> None:
    clock, waits = FakeClock(10, is_virtual=True), Waits()
    waited = wait_until(clock, at(clock, 10), "it is moved", took_s=lambda: 106.0, waits=waits)
    assert (waited.aws_s, waited.during_s) == (106, 10)
    assert "after 106 s of AWS time from sending (10 s of it in this wait)" in lines[-1]
    # And what the waits of a session took is what was waited
    assert "10 s of AWS time" in repr(waits)


def test_what_was_over_at_once_did_not_take_nothing(lines: list[str]) -> None:
    clock = FakeClock(10, is_virtual=True)
    waited = wait_until(clock, at(clock, 10), "it is there", took_s=lambda: 0.02)
    assert "after less than 1 s of AWS time from sending (seen 10 s later" in str(waited)
    assert "0 s of AWS" not in lines[-1].replace("10 s", "")


def test_what_need_not_come_is_not_told_as_a_failure(lines: list[str]) -> None:
    clock = FakeClock(is_virtual=False)
    with pytest.raises(WaitTimeoutError):
        wait_until(clock, lambda: False, "the log tells more", timeout_s=33, otherwise="no more")
    assert lines[-1] == "no more"


def test_what_is_seen_late_is_not_said_to_have_taken_so_long(lines: list[str]) -> None:
    clock = FakeClock(is_virtual=False)
    wait_until(clock, at(clock, 28), "the record is there", took_s=lambda: 2.0)
    assert "after 2 s from sending (seen 28 s later: logs and counts are shown late)" in (lines[-1])


def test_before_anything_is_seen_the_end_is_only_the_latest_there_is() -> None:
    assert "by 00:01:30 UTC at the latest, if every attempt fails, 60 s left" in told(
        30, Expected(after(90), is_bound=True)
    )


def test_what_would_make_it_shorter_can_become_known(lines: list[str]) -> None:
    clock = FakeClock(is_virtual=False)
    wait_until(clock, at(clock, 30), "x", shortcut=lambda: "Shorter" if clock.at_s > 15 else "")
    assert "Shorter" not in lines[0]
    assert any("Shorter" in line for line in lines)


def test_once_aws_is_due_nothing_is_said_to_make_it_shorter() -> None:
    def line(now_s: float) -> str:
        plan = Expected(after(90))
        return telling.waiting("x", "", after(now_s), after(600), plan, "Shorter: fewer")

    assert "Shorter" in line(30)
    assert "Shorter" not in line(91)


def test_a_cause_that_becomes_known_is_told_from_then_on(lines: list[str]) -> None:
    clock = FakeClock(is_virtual=False)
    wait_until(clock, at(clock, 30), "x", cause=lambda: "late" if clock.at_s < 15 else "failed")
    assert "(late)" in lines[0]
    assert lines[-1].endswith("(failed)")


def test_what_cells_let_pass_is_counted_too_and_ticks_of_a_wait_only_once() -> None:
    # Given an account's clock, whose seconds pass at once
    read = [START]
    waits = Waits()

    def pause(seconds: float) -> None:
        read[0] += timedelta(seconds=seconds)

    clock = RealClock(pause, lambda: read[0], waits.slept)
    clock.sleep(60)
    assert repr(waits) == "0 waits, 0 s of AWS time, 0 requests; 60 s that cells let pass"
    # When a short wait ticks with the same clock
    wait_briefly(clock, lambda: read[0] >= START + timedelta(seconds=65), "it is", waits=waits)
    # Then its seconds are the wait's
    assert repr(waits) == "1 wait, 5 s of AWS time, 0 requests; 60 s that cells let pass"


def test_while_waits_are_skipped_the_line_tells_both_clocks(lines: list[str]) -> None:
    line = telling.waiting("x", "", after(30), after(600), Expected(after(90)), own_s=1.4)
    assert line == (
        "waiting until x: AWS will be done at 00:01:30 UTC, 60 s left on AWS's clock; "
        "1 s of yours so far"
    )
    line = telling.passing(60, "so", after(0), after(60), own_s=0.2)
    assert line.endswith("60 s left on AWS's clock; 0 s of yours so far")
    # And a wait says so where AWS's clock is not yours, and there alone
    for is_virtual in (True, False):
        lines.clear()
        clock = FakeClock(30, is_virtual=is_virtual)
        wait_until(clock, at(clock, 30), "x")
        assert ("of yours so far" in lines[0]) is is_virtual
