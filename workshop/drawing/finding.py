"""The finding of a figure, in words: its headline. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workshop.evidence.lanes import Lane, spoken_s

# A headline tells the most frequent stories; all are in the table.
_MOST_STORIES = 3
# A longer name than this makes a headline that nobody reads.
_LONGEST_NAME = 20
# The longest gap may be so many times the shortest one, and they still count as the same.
_NEAR = 1.1
_OPEN = "so far"
_NUMBERS = {1: "once", 2: "twice"}


def finding(lanes: Sequence[Lane]) -> str:
    """ "tried 3 times, 30 s apart, then dead-lettered".

    Of a few messages that each have a story of their own it says which one, of more how many.
    """
    stories: Counter[str] = Counter()
    names: dict[str, str] = {}
    for lane, told in zip(lanes, _stories(lanes), strict=True):
        stories[told] += lane.messages
        names[told] = lane.label
    if len(stories) == 1:
        [(told, number)] = stories.items()
        if number == 1:
            return told[:1].upper() + told[1:]
        return f"Both {told}" if number == 2 else f"All {number:,} {told}"
    total, told_of = sum(stories.values()), stories.most_common(_MOST_STORIES)
    if total == len(stories) == len(told_of) and max(map(len, names.values())) <= _LONGEST_NAME:
        return "; ".join(f"{names[told]} {told}" for told in stories)
    parts = [f"{number:,} of {total:,} {told}" for told, number in told_of]
    rest = total - sum(number for _, number in told_of)
    return "; ".join([*parts, f"{rest:,} otherwise"] if rest else parts)


def story(lane: Lane, apart: str | None = None) -> str:
    """What happened to one message, without its name; `apart` in the place of its own gaps."""
    if late := len(lane.attempts) - len(lane.in_time):
        told = story(replace(lane, attempts=lane.in_time), apart)
        return f"{told}, and tried {times(late)} more after that"
    end = _end(lane)
    apart = _apart(lane) if apart is None else apart
    done = sum(attempt.outcome == "shared" for attempt in lane.attempts)
    if done and not lane.is_processed:
        told = f"done {times(done)}{apart}"
        return f"{told} {end}" if end == _OPEN else f"{told}, {end.replace('then', 'and still')}"
    if not lane.attempts:
        if lane.phantoms:
            is_passed = all(phantom.batch for phantom in lane.phantoms)
            never = "never tried" if is_passed else "never run"
            return f"received {times(len(lane.phantoms))}, {never}, {end}"
        return end.replace("then", "not tried,") if lane.arrival else "not received yet"
    if lane.is_processed and len(lane.attempts) == 1 and _is_good(lane):
        return "processed at the first attempt"
    unseen = f" and received {times(len(lane.phantoms))} without a run" if lane.phantoms else ""
    tried = f"tried {times(len(lane.attempts))}{apart}{unseen}"
    return f"{tried} {end}" if end == _OPEN else f"{tried}, {end}"


def times(number: int) -> str:
    """ "once", "twice", "3 times"."""
    return _NUMBERS.get(number, f"{number} times")


def _is_good(lane: Lane) -> bool:
    return lane.arrival is None or lane.arrival.is_success


def _end(lane: Lane) -> str:
    if lane.arrival and not lane.arrival.is_success:
        if "destination" in lane.arrival.target:
            return f"then recorded in the {lane.arrival.target}"
        return "then dead-lettered"
    if lane.is_processed or lane.arrival:
        return "then processed"
    return _OPEN


def _stories(lanes: Sequence[Lane]) -> list[str]:
    """The story of each lane; those that differ in a second or two of their gaps are one story."""
    alike: dict[str, list[Lane]] = {}
    for lane in lanes:
        alike.setdefault(story(lane, ""), []).append(lane)
    about: dict[str, str | None] = {}
    for kind, members in alike.items():
        by_place = list(zip(*map(_gaps_s, members), strict=True))
        is_near = all(max(gaps) <= _NEAR * min(gaps) for gaps in by_place)
        about[kind] = _about(by_place) if is_near and len({*map(_apart, members)}) > 1 else None
    return [story(lane, about[story(lane, "")]) for lane in lanes]


def _about(by_place: Sequence[Sequence[float]]) -> str:
    """ ", 60 s to 65 s and 120 s to 125 s apart"."""
    ends = [(spoken_s(round(min(gaps))), spoken_s(round(max(gaps)))) for gaps in by_place]
    told = list(dict.fromkeys(least if least == most else f"{least} to {most}"
                              for least, most in ends))  # fmt: skip
    if len(told) > _MOST_STORIES or len(told) == 1:
        every = [gap for gaps in by_place for gap in gaps]
        return f", {spoken_s(round(min(every)))} to {spoken_s(round(max(every)))} apart"
    return f", {', '.join(told[:-1])} and {told[-1]} apart"


def _gaps_s(lane: Lane) -> list[float]:
    return [later.start_s - earlier.start_s for earlier, later in pairwise(lane.in_time)]


def _apart(lane: Lane) -> str:
    """ ", 30 s apart": from start to start, which are the moments that the axis shows."""
    gaps = _gaps_s(lane)
    told = [spoken_s(gap if gap < 1 else round(gap)) for gap in gaps]
    if not gaps:
        return ""
    if len(set(told)) == 1:
        return f", {told[0]} apart"
    if len(gaps) > _MOST_STORIES:
        return f", {spoken_s(round(min(gaps)))} to {spoken_s(round(max(gaps)))} apart"
    return f", {', '.join(told[:-1])} and {told[-1]} apart"
