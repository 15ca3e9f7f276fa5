"""Lanes for a narrow page: time goes down, and words stand beside the marks. Pure.

True to scale like the wide timeline: two minutes are twice as long as one. A stretch that would be
longer than a screen is cut, and then says how long it really is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workshop.drawing import marks
from workshop.drawing.badges import Badge, badge
from workshop.drawing.letters import fitted
from workshop.evidence.lanes import Attempt, Lane, spoken_s
from workshop.evidence.retry_settings import RetrySettings

# What is nearer than this belongs together.
_TOGETHER_S = 1.0
# The narrowest column of words that we count on, a line of it, and what is around the lines.
_ROOM_PT, _TEXT_PT, _LINE_PX, _AROUND_PX = 190.0, 10.5, 21.0, 12.0
# A longer stretch is cut. A shorter one than this, as a start takes it, does not set the scale.
_MOST_PX, _SHORT_S = 320.0, 5.0


@dataclass(frozen=True)
class Happening:
    """A moment of a message, and the time until the next one.

    Attributes:
        at_s: seconds since sending.
        mark: what is drawn.
        title: what happened, in a word or two.
        details: more about it, a line each.
        limit: the setting that lets nothing more happen.
        wait: why nothing happens afterwards.
        cut: how long that takes, where it is drawn shorter than it is.
        height_px: how high the row is.
        is_down: what the message needs is down from here to the next row.
    """

    at_s: float
    mark: Badge
    title: str
    details: tuple[str, ...] = ()
    limit: str = ""
    wait: str = ""
    cut: str = ""
    height_px: int = 0
    is_down: bool = False

    @property
    def at(self) -> str:
        """When, for reading."""
        return spoken_s(self.at_s)

    @property
    def needed_px(self) -> float:
        """How much room its words need."""
        texts = [self.title, *self.details, self.limit, self.wait]
        lines = sum(1 + fitted(t, _ROOM_PT, _TEXT_PT, 9).count("\n") for t in texts if t)
        return _AROUND_PX + _LINE_PX * lines


@dataclass(frozen=True)
class Upright:
    """One message: its name, the small letters below it, its rows, and what is said in the end."""

    label: str
    caption: str
    rows: tuple[Happening, ...]
    end: str


def upright(
    lanes: Sequence[tuple[Lane, RetrySettings | None]], outage_s: float = 0.0
) -> list[Upright]:
    """The lanes, with their settings, one below the other on one scale.

    Args:
        lanes: with their settings.
        outage_s: for how long from the sending on what the messages need was down.
    """
    told = [_with_outage(_rows(lane, settings), outage_s) for lane, settings in lanes]
    px_per_s = _px_per_s(told)
    return [
        Upright(lane.label, lane.caption, tuple(_high(rows, px_per_s)), _end(lane))
        for (lane, _), rows in zip(lanes, told, strict=True)
    ]


def _rows(lane: Lane, settings: RetrySettings | None) -> list[Happening]:
    """What happened, in the order of time; of two things at once the sending is the first."""
    rows = [Happening(0.0, badge(marks.SENT), "sent")]
    previous = ""
    for number, attempt in enumerate(lane.attempts):
        rows.append(_attempt(lane, number, attempt, is_repeated=attempt.error_message == previous))
        previous = attempt.error_message
    for phantom in lane.phantoms:
        told = f"receive {phantom.receive_count}: {phantom.told}"
        look = marks.without_a_run(phantom)
        details = ("in one invocation with others",) if phantom.batch else ()
        rows.append(Happening(phantom.at_s, badge(look, look.sign), told, details))
    for at_s in lane.predicted_s:
        if not any(abs(at_s - attempt.start_s) < _TOGETHER_S for attempt in lane.attempts):
            rows.append(Happening(at_s, badge(marks.PREDICTION), "you said: an attempt"))
    rows.sort(key=lambda row: row.at_s)
    rows = _limited(lane, rows, settings)
    if lane.arrival:
        look = marks.ARRIVED_SUCCESS if lane.arrival.is_success else marks.ARRIVED_FAILURE
        details = (lane.arrival.reason,) if lane.arrival.reason else ()
        age_s = settings.maximum_event_age_s if settings else None
        is_too_old = "EventAge" in lane.arrival.reason
        age = f"maximum event age {spoken_s(age_s)}" if age_s and is_too_old else ""
        rows.append(Happening(lane.arrival.at_s, badge(look), lane.arrival.target, details, age))
        rows.sort(key=lambda row: row.at_s)
    for wait in lane.waits:
        place = max((n for n, row in enumerate(rows) if row.at_s <= wait.start_s), default=0)
        rows[place] = replace(rows[place], wait=wait.cause)
    return rows


def _with_outage(rows: list[Happening], outage_s: float) -> list[Happening]:
    """The rows of an outage are shaded; where the message outlives it, its end is a row too."""
    if not outage_s:
        return rows
    after = [row for row in rows if row.at_s >= outage_s]
    during = [replace(row, is_down=True) for row in rows if row.at_s < outage_s]
    # A message that was given up earlier has no more rows: nothing of it happens at the end.
    end = Happening(outage_s, badge(marks.OUTAGE_OVER), "no longer down")
    return [*during, end, *after] if after else during


def _attempt(lane: Lane, number: int, attempt: Attempt, *, is_repeated: bool) -> Happening:
    look = marks.OUTCOMES[attempt.outcome]
    error = ": ".join(part for part in (attempt.error_type, attempt.error_message) if part)
    details = ["the same again" if is_repeated and error else error]
    if attempt.duration_s >= _TOGETHER_S:
        details.append(f"took {spoken_s(attempt.duration_s)}")
    if attempt.batch and lane.messages == 1:
        details.append("in one invocation with others")
    if lane.is_processed and not lane.arrival and number + 1 == len(lane.attempts):
        details.append("processed")
    if lane.spread_s:
        least_s, most_s = lane.spread_s[number]
        details.append(f"nine in ten between {spoken_s(least_s)} and {spoken_s(most_s)}")
    if any(abs(at_s - attempt.start_s) < _TOGETHER_S for at_s in lane.predicted_s):
        details.append("you said so")
    title = f"{look.sign} {look.word}"
    shown = tuple(detail for detail in details if detail)
    return Happening(attempt.start_s, badge(look, str(attempt.number)), title, shown)


def _limited(lane: Lane, rows: list[Happening], settings: RetrySettings | None) -> list[Happening]:
    """The limit stands at the last attempt of a message that reached it."""
    if not settings or not settings.limit or not lane.has_reached(settings.maximum_attempts):
        return rows
    attempted = [attempt.start_s for attempt in lane.attempts]
    last_s = max([*attempted, *(phantom.at_s for phantom in lane.phantoms)])
    place = max(n for n, row in enumerate(rows) if row.at_s <= last_s)
    limited = replace(rows[place], limit=f"limit: {settings.limit}")
    return [*rows[:place], limited, *rows[place + 1 :]]


def _gaps_s(rows: Sequence[Happening]) -> list[float]:
    return [after.at_s - before.at_s for before, after in pairwise(rows)]


def _px_per_s(told: Sequence[Sequence[Happening]]) -> float:
    """So many that the words between two moments have room."""
    needed = [
        row.needed_px / gap_s
        for rows in told
        for row, gap_s in zip(rows, _gaps_s(rows), strict=False)
        if gap_s > _SHORT_S
    ]
    return max(needed, default=0.0)


def _high(rows: Sequence[Happening], px_per_s: float) -> list[Happening]:
    """The rows as high as their time is long."""
    made = []
    for row, gap_s in zip(rows, [*_gaps_s(rows), 0.0], strict=True):
        high_px = gap_s * px_per_s
        cut = spoken_s(gap_s) if high_px > _MOST_PX else ""
        made.append(replace(row, cut=cut, height_px=round(min(high_px, _MOST_PX))))
    return made


def _end(lane: Lane) -> str:
    return "" if lane.arrival or lane.is_processed else lane.open_end
