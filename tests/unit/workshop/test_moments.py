"""Moments that are drawn wider: marks stand beside each other, and none claims another time."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.workshop.test_figure_layout import DESTINATION, FIGURES, both, dead, tried
from tests.unit.workshop.test_timeline import ASYNC, SQS
from workshop import palette
from workshop.drawing.marks import ARRIVED_FAILURE, MOMENT, PREDICTION, SENT
from workshop.drawing.moments import with_moments
from workshop.drawing.scale import TimeScale, make_scale
from workshop.drawing.timeline import Timeline, timeline
from workshop.evidence.lanes import Arrival, Attempt, Lane

# As on a figure: three minutes are 360 points long.
PT_PER_S = 2.0


def lane(
    *starts_s: float,
    end_s: float | None = None,
    predicted_s: Sequence[float] = (),
    took_s: float = 0.01,
) -> Lane:
    attempts = tuple(
        Attempt(n, at_s, took_s, "error", "E", "no") for n, at_s in enumerate(starts_s, start=1)
    )
    arrival = None if end_s is None else Arrival(end_s, "DLQ", "why", False, False)
    return Lane("m", "o", attempts, (), (), arrival, tuple(predicted_s))


def placed(*lanes: Lane, true_scale: bool = False) -> tuple[TimeScale, list[Lane]]:
    moments = [at_s for one in lanes for at_s in marks_of(one)]
    plain = make_scale([(at_s, at_s) for at_s in moments], true_scale=True)
    return with_moments(plain, lanes, PT_PER_S, true_scale=true_scale)


def marks_of(one: Lane) -> list[float]:
    arrival = [one.arrival.at_s] if one.arrival else []
    return [0.0, *(attempt.start_s for attempt in one.attempts), *one.predicted_s, *arrival]


def places_pt(scale: TimeScale, one: Lane) -> list[float]:
    return [round(PT_PER_S * scale.position(at_s)) for at_s in marks_of(one)]


@pytest.mark.parametrize(
    "lanes",
    [
        [lane(0.1, 60.1, 180.1, end_s=180.11)],
        # The axis grows with a guess of four attempts
        [lane(0.1, 60.1, 180.1, end_s=180.11, predicted_s=(0, 60, 180, 300)), lane(0.1, end_s=0.2)],
        [lane(0.1, 30.1, 60.1, end_s=90.1, predicted_s=(0, 30, 60, 90)), lane(90.1), lane()],
        [lane(1.5, 31.5, took_s=5, end_s=36.7), lane(0.1)],
        # Never tried
        [lane(end_s=0.05, predicted_s=(0, 60, 180)), lane(0.1, 60.1, end_s=60.2)],
        # Two services stamped: the record seems to be older than the attempt that it tells of
        [lane(0.1, 60.1, end_s=60.1)],
    ],
)
def test_every_mark_stands_in_the_moment_at_which_it_happened(lanes: list[Lane]) -> None:
    # When they are placed
    scale, drawn = placed(*lanes)
    for one, shown in zip(lanes, drawn, strict=True):
        for at_s, shown_s in zip(marks_of(one), marks_of(shown), strict=True):
            within = [m for m in scale.moments if m.start_s <= at_s <= m.end_s + 0.011]
            # Then outside of the moments a mark is at its time, but for the ring around an attempt
            if not within:
                assert shown_s == pytest.approx(at_s, abs=0.2)
            # And within one somewhere on the stretch that is said to be it
            for moment in within:
                place = scale.position(shown_s)
                assert moment.start - 0.5 <= place <= moment.end + 1e-6
        # And no two of a lane lie on each other, but for a ring around an attempt
        places = sorted(set(places_pt(scale, shown)))
        assert all(after - before >= 14 for before, after in pairwise(places))
    # And the sending is at 0
    assert scale.position(0) == 0


def test_the_axis_is_true_to_scale_between_its_moments() -> None:
    scale, _ = placed(lane(0.1, 60.1, 180.1, end_s=180.11), lane(0.1, end_s=0.123))
    first, last = scale.moments
    assert (first.start_s, last.end_s) == (0.0, 180.11)
    assert last.start - scale.position(60.1) == pytest.approx(120)
    assert scale.position(60.1) - first.end == pytest.approx(60, abs=0.2)
    # And so wide that the marks of each lane have room: sent, attempt, end
    assert (first.end - first.start) * PT_PER_S == pytest.approx(28 + 42)
    assert (last.end - last.start) * PT_PER_S == pytest.approx(42)


def test_a_wrong_guess_stands_between_the_sending_and_the_end() -> None:
    # Given a message that was never tried, and one that was given up when a fourth try was said
    scale, [cut_off, bad] = placed(
        lane(end_s=0.05, predicted_s=(0,)),
        # A bit earlier than was said, too
        lane(0.1, 30.0, 60.0, end_s=89.95, predicted_s=(0, 30, 60, 90)),
    )
    assert places_pt(scale, cut_off) == [0, 28, 56]
    # Then the ring is in front of the end, in one moment with it
    *_, ring, end = places_pt(scale, bad)
    assert end - ring == 28
    assert scale.moments[-1].end_s - scale.moments[-1].start_s < 1


def test_first_attempts_some_seconds_after_their_sendings_keep_their_distances() -> None:
    scale, drawn = placed(*(lane(float(at_s), 100.0) for at_s in (0.1, 1, 2, 3)))
    firsts = [places_pt(scale, one)[1] for one in drawn]
    assert firsts == [28, 30, 32, 34]
    # Also where none followed at once, and on an axis that is to be true to scale none is moved
    scale, drawn = placed(lane(2, 100), lane(3, 100))
    assert [places_pt(scale, one)[1] for one in drawn] == [28, 30]
    scale, _ = placed(lane(2, 100), true_scale=True)
    assert scale.moments == ()


def test_a_short_attempt_is_no_longer_within_a_wider_moment() -> None:
    _, [one, other] = placed(lane(0.1, 60.1), lane(end_s=0.5))
    assert one.attempts[0].end_s == one.attempts[0].start_s
    assert one.attempts[0].duration_s == 0.01
    assert other.arrival is not None


def _at(drawn: Timeline, marker_size: float, *, marker: str) -> list[float]:
    """Where marks of a kind are drawn, in pixels."""
    lines: list[Any] = [one for one in drawn.axes.lines if one.get_marker() == marker]
    sized = [one for one in lines if one.get_markersize() == marker_size]
    return [float(one.get_transform().transform(one.get_xydata()[0])[0]) for one in sized]


@pytest.mark.parametrize("name", FIGURES)
def test_every_sending_is_at_0_of_the_axis(name: str) -> None:
    drawn = FIGURES[name](9.2)
    zero = float(drawn.axes.transData.transform((0, 0))[0])
    sent = _at(drawn, SENT.size, marker="o")
    assert sent == pytest.approx([zero] * len(sent), abs=0.1)
    assert sent


def test_the_line_of_a_limit_stands_at_the_end_that_it_made() -> None:
    # Given a move to the DLQ at 90 s, 30 s after the third receive
    drawn = FIGURES["three attempts"](9.2)
    [limit] = [one for one in drawn.axes.lines if one.get_color() == palette.VERMILLION]
    x = float(limit.get_transform().transform(limit.get_xydata()[0])[0])  # type: ignore[index]
    assert [x] == pytest.approx(_at(drawn, ARRIVED_FAILURE.size, marker="D"))
    assert drawn.axes.get_xticklabels()[-1].get_text() == "90"
    last_tick = drawn.axes.transData.transform((drawn.axes.get_xticks()[-1], 0))
    assert x == pytest.approx(float(last_tick[0]))


def test_the_line_of_a_limit_stands_at_the_last_attempt_while_nothing_came_of_it() -> None:
    drawn = timeline(tried("bad", 0, 30, 60), settings=SQS)
    [limit] = [one for one in drawn.axes.lines if one.get_color() == palette.VERMILLION]
    x = float(limit.get_xdata()[0])  # type: ignore[index,arg-type]
    assert drawn.axes.get_xticklabels()[-1].get_text() == "60"
    assert x == pytest.approx(drawn.axes.get_xticks()[-1])


def test_where_all_is_one_moment_the_axis_says_within_how_long() -> None:
    drawn = timeline(
        tried("once", 0.1, error=None), dead("once", 0.123, **DESTINATION), settings=ASYNC
    )
    assert drawn.axes.get_xlabel() == "all within 0.13 s of sending the message"
    # Then no tick and no thick stretch of it is left
    assert [text.get_text() for text in drawn.axes.get_xticklabels(which="both")] == []
    legend = drawn.axes.get_legend()
    assert legend is not None
    assert MOMENT.word not in [text.get_text() for text in legend.get_texts()]
    # And it ends where its last mark is
    [end] = _at(drawn, ARRIVED_FAILURE.size, marker="D")
    bounds = drawn.axes.spines["bottom"].get_bounds()
    assert bounds is not None
    assert drawn.axes.transData.transform((bounds[1], 0))[0] == pytest.approx(end)


def test_a_moment_of_several_seconds_is_named_from_when_to_when_it_is() -> None:
    table = both(tried("late", 2, 180), tried("later", 3, 180))
    drawn = timeline(table, settings=SQS)
    assert [one.get_text() for one in drawn.axes.get_xticklabels(minor=True)] == ["0 to 2"]


def test_only_what_is_shortened_is_broken() -> None:
    # Given gaps of 40 s that differ by what an attempt took, and one of two hours
    steady = [(at_s, at_s + 0.01) for at_s in (0.1, 40.2, 80.1, 120.3, 7320.0)]
    scale = make_scale(steady, [[at_s for at_s, _ in steady]], least_share=0.25)
    assert [round(one.length_s, -2) for one in scale.breaks] == [7200]


def test_a_wait_over_several_breaks_tells_its_length_once() -> None:
    # Given a message that waits while others are tried, with a break before and behind them
    table = both(tried("slow", 0, 14_400), tried("other", 7_200), tried("near", 0, 30, 60))
    drawn = timeline(table, settings=ASYNC)
    shown = [text.get_text() for text in drawn.axes.texts]
    assert shown.count("4\u00a0h") == 1


def test_a_ring_is_around_the_attempt_that_was_guessed() -> None:
    drawn = FIGURES["four paths and guesses"](9.2)
    rings = {round(at) for at in _at(drawn, PREDICTION.size, marker="o")}
    assert {round(at) for at in _at(drawn, 15.5, marker="s")} >= {min(rings)}
    # And where nothing was tried no ring covers the sending or the end
    covered = [*_at(drawn, SENT.size, marker="o"), *_at(drawn, ARRIVED_FAILURE.size, marker="D")]
    assert all(abs(ring - at) * 72 / drawn.figure.dpi > 15 for ring in rings for at in covered)
