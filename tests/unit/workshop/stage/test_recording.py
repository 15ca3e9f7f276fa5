"""A recording: what is late says how late, what seems over says until when it may not be."""

from typing import Any

import pytest

from tests.unit.workshop.player.runs import three_orders
from workshop.stage.moments import cut, moments_of
from workshop.stage.recording import Recording
from workshop.stage.remarks import at_end
from workshop.stage.scripts import scripts

FACTS = three_orders()
MOMENTS = moments_of(FACTS)


def seen(number: int, *, now_s: float, late_s: float) -> dict[str, Any]:
    """The facts up to a moment, as AWS shows them at a time."""
    return {**cut(FACTS, MOMENTS[number]), "now_s": now_s, "begun_s": 0.0, "late_s": late_s}


def shown(recording: Recording, **how: Any) -> float:
    recording.know(seen(**how))
    while recording.forward():
        pass
    return recording.late_s


def test_what_aws_shows_late_says_how_late_and_nothing_else_does() -> None:
    recording = Recording()
    # Given an attempt that ended at 0.103 s, and is seen at 13 s
    assert shown(recording, number=2, now_s=13.0, late_s=30.0) == pytest.approx(13.0 - 0.103)
    # Then going back to what was told before is no news
    recording.back()
    assert recording.late_s == 0.0
    # And within a look's time nothing is late, nor is anything where AWS is punctual
    assert shown(Recording(), number=2, now_s=2.0, late_s=30.0) == 0.0
    assert shown(Recording(), number=2, now_s=13.0, late_s=0.0) == 0.0


def test_where_all_seems_over_a_log_line_may_still_come() -> None:
    recording = Recording()
    shown(recording, number=3, now_s=31.0, late_s=30.0)
    assert recording.sure_s() is None
    last_s = MOMENTS[-1].until_s
    shown(recording, number=len(MOMENTS) - 1, now_s=last_s + 2, late_s=30.0)
    assert recording.sure_s() == last_s + 30.0
    assert not recording.is_over()
    recording.know(seen(len(MOMENTS) - 1, now_s=last_s + 30.0, late_s=30.0))
    assert recording.is_over()


def test_a_clock_that_goes_on_is_that_of_the_last_look_and_what_has_passed_since() -> None:
    recording = Recording()
    shown(recording, number=2, now_s=13.0, late_s=30.0)
    assert recording.seen(since_s=2.0)[1] == 15.0
    assert recording.seen(since_s=None)[1] == pytest.approx(0.103)


def test_a_clock_waits_at_what_is_due_until_that_is_in() -> None:
    # Given two orders that have failed, to be received again at 30 s, and a look at 13 s
    recording = Recording()
    shown(recording, number=2, now_s=13.0, late_s=0.0)
    assert recording.seen(since_s=2.0)[1] == 15.0
    assert recording.seen(since_s=70.0)[1] == recording.until_s() == pytest.approx(30.0, abs=0.2)
    # When AWS was there and nothing has come, then the clock is where AWS was
    recording.know(seen(2, now_s=31.5, late_s=0.0))
    assert recording.seen(since_s=70.0)[1] == 31.5
    # And before a moment that is known, but not yet shown, it stops too
    recording.know(seen(4, now_s=48.0, late_s=0.0))
    assert recording.seen(since_s=70.0)[1] == MOMENTS[3].at_s
    # But where AWS tells late the clock goes on
    recording.know(seen(4, now_s=48.0, late_s=30.0))
    assert recording.seen(since_s=70.0)[1] == 118.0


@pytest.mark.parametrize("begun_s", [0.0, 1_790.0])
def test_a_scene_is_given_up_when_nothing_happens_and_not_when_it_began_long_ago(
    begun_s: float,
) -> None:
    # Given what a scene half an hour ago has left, of which something has just happened
    recording, number = Recording(), 2
    recording.know({**seen(number, now_s=begun_s + 20.0, late_s=0.0), "begun_s": begun_s})
    assert not recording.is_over()
    # When nothing happens for more than half an hour
    recording.know({**seen(number, now_s=begun_s + 1_801.0, late_s=0.0), "begun_s": begun_s})
    # Then it is over, and says what is still under way
    assert recording.is_over()
    assert recording.given_up() == 2
    told = at_end(scripts()["sqs"], is_stopped=False, given_up=recording.given_up())
    assert told.startswith("Still under way: 2.")
    # And a scene whose messages have all ended gives up none
    recording.know(seen(len(MOMENTS) - 1, now_s=3_000.0, late_s=0.0))
    assert recording.given_up() == 0
