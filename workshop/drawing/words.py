"""The picture in words and as a table, for readers who do not see it. Pure."""

from collections.abc import Sequence

import pandas as pd

from workshop.counting import counted
from workshop.drawing.finding import times
from workshop.evidence.lanes import Lane, spoken_s
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.whereabouts import IN_FLIGHT, LOST, PROCESSED, UNSOUGHT, whereabouts

# Longer ones are not listened to.
_MOST_ALT = 290
# Said of an attempt that began while an earlier one was still running.
_BESIDE = ", beside one that still ran,"


def counts(lanes: Sequence[Lane], settings: RetrySettings | None) -> dict[str, int]:
    """Where the messages are: {"sent", "processed", each target, "in flight", "lost"}.

    Where nobody looked into the queues in which messages end, nothing is said to be lost, and
    those that may lie there are counted as such.
    """
    result = {"sent": len(lanes), PROCESSED: 0}
    has_arrivals = all(lane.is_end_sought for lane in lanes)
    if has_arrivals and settings and settings.failure_target:
        result[settings.failure_target] = 0
    open_ends = {IN_FLIGHT: 0, LOST: 0, UNSOUGHT: 0}
    for lane in lanes:
        place = whereabouts(lane, settings)
        counted = open_ends if place in open_ends else result
        counted[place] = counted.get(place, 0) + 1
    result[IN_FLIGHT] = open_ends[IN_FLIGHT]
    if has_arrivals:
        result[LOST] = open_ends[LOST]
    return result | ({UNSOUGHT: open_ends[UNSOUGHT]} if open_ends[UNSOUGHT] else {})


def payoff(count: dict[str, int], lanes: Sequence[Lane] = ()) -> str:
    """ "sent 3 = processed 2 + source queue's DLQ 1 + in flight 0 + lost 0".

    Work that was done and whose message was given up all the same is said where that one lies, so
    that "processed" is of messages, not of work.
    """
    done = {lane: [a for a in lane.attempts if a.outcome in ("shared", "ok")] for lane in lanes}
    places: dict[str, dict[int, int]] = {}
    for lane, tries in done.items():
        if tries and lane.arrival and not lane.arrival.is_success:
            by_number = places.setdefault(lane.arrival.target, {})
            by_number[len(tries)] = by_number.get(len(tries), 0) + lane.messages
    parts = []
    for name, number in count.items():
        told = f"{'processed and deleted' if places and name == 'processed' else name} {number:,}"
        if name in places:
            about = [f"{n} of them done {times(often)}" for often, n in places[name].items()]
            told += f" ({', '.join(about)})"
        parts.append(told)
    return f"{parts[0]} = {' + '.join(parts[1:])}"


def outage(outage_s: float) -> str:
    """Why nothing could succeed before; "" where there was no outage."""
    return f"What the messages need is down for {spoken_s(outage_s)}" if outage_s else ""


def alternative(finding: str, payoff: str, lanes: Sequence[Lane]) -> str:
    """The figure in one breath, for who does not see it; `describe` tells it all."""
    what = f"{finding}. {payoff}." if len(finding) + len(payoff) < _MOST_ALT - 60 else f"{finding}."
    shown = "the message" if len(lanes) == 1 else f"{sum(lane.messages for lane in lanes)} messages"
    if not any(what.startswith(lane.label) for lane in lanes):
        what = f"{what[:1].lower()}{what[1:]}"
    alt = f"Timeline of {shown}: {what}"
    return alt if len(alt) <= _MOST_ALT else f"{alt[: _MOST_ALT - 1]}…"


def unmarked(lanes: Sequence[Lane]) -> str:
    """ "For A-17 you said 100 attempts: too many to draw."; the same guess at all is told once."""
    guesses = {lane.label: lane.unmarked for lane in lanes if lane.unmarked}
    if (len(guesses) > 1 and len(set(guesses.values())) == 1) or len(lanes) == 1:
        return "".join(f"You said {told}." for told in list(guesses.values())[:1])
    return " ".join(f"For {label} you said {told}." for label, told in guesses.items())


def describe(lanes: Sequence[Lane], title: str, payoff: str) -> str:
    """All in words: title, count, then one sentence per message."""
    sentences = [f"{title}.", f"{payoff}."]
    sentences += [sentence(lane) for lane in lanes[:12]]
    if len(lanes) > 12:
        sentences.append(
            f"{sum(lane.messages for lane in lanes[12:])} more messages are in the table."
        )
    return " ".join(sentences)


def sentence(lane: Lane) -> str:
    """What happened to one message, or to several with the same story."""
    tries = [
        f"attempt {a.number} at {spoken_s(a.start_s)}{_BESIDE if track else ''} "
        f"{_outcome(a.outcome, a.error_type)}"
        for a, track in zip(lane.attempts, lane.tracks, strict=True)
    ]
    unseen = [
        f"receive {p.receive_count} {'was not tried' if p.batch else 'left no log line'}"
        for p in lane.phantoms
    ]
    waits = _counted([wait.cause for wait in lane.waits])
    told = ", ".join([*tries, *unseen]) or f"no attempt {'was seen' if lane.arrival else 'yet'}"
    who = f"{lane.label} {lane.caption}" if lane.messages > 1 else f"Message {lane.label}"
    text = f"{who}: {told}"
    if waits:
        text += f"; waits: {', '.join(waits)}"
    if lane.arrival:
        about = "about " if lane.arrival.is_derived else ""
        text += (
            f"; it arrived in the {lane.arrival.target} after {about}"
            f"{spoken_s(lane.arrival.at_s)} ({lane.arrival.reason})"
        )
    else:
        on_its_way = lane.open_end if lane.is_unsought else "it is still on its way"
        text += "; it was processed" if lane.is_processed else f"; {on_its_way}"
    if lane.predicted_s:
        text += f"; you said {_times(lane.predicted_s)}"
    if lane.unmarked:
        text += f"; you said {lane.unmarked}"
    return text + "."


def _counted(causes: Sequence[str]) -> list[str]:
    """Equal causes said once, with their number."""
    numbers = {cause: causes.count(cause) for cause in causes}
    return [f"{cause} ({n} times)" if n > 1 else cause for cause, n in numbers.items()]


def _outcome(outcome: str, error_type: str) -> str:
    if outcome == "ok":
        return "succeeded"
    if outcome == "shared":
        return "was done, but its batch failed"
    if outcome == "running":
        return "is running"
    if outcome == "not known yet":
        return "is over, but its log is not complete yet"
    return f"ended with {outcome}" + (f" {error_type}" if error_type else "")


def _times(seconds: Sequence[float]) -> str:
    number = len(seconds)
    return f"{counted(number, 'attempt')} at {', '.join(spoken_s(s) for s in seconds)}"


def table(lanes: Sequence[Lane]) -> pd.DataFrame:
    """One row per mark: `message`, `at` (seconds since sending), `what`, `detail`."""
    rows: list[tuple[str, float, str, str]] = []
    for lane in lanes:
        marks = [(0.0, "sent", lane.message_id)]
        for attempt in lane.attempts:
            error = ": ".join(part for part in (attempt.error_type, attempt.error_message) if part)
            took = f"{attempt.duration_s * 1000:.0f} ms"
            marks.append(
                (
                    attempt.start_s,
                    f"attempt {attempt.number}: {attempt.outcome}",
                    f"{took}; {error}" if error else took,
                )
            )
        marks += [(w.start_s, "wait", w.cause) for w in lane.waits]
        marks += [(p.at_s, f"receive {p.receive_count}", p.told) for p in lane.phantoms]
        marks += [(s, "you said: an attempt", "") for s in lane.predicted_s]
        if lane.arrival:
            marks.append(
                (lane.arrival.at_s, "arrived", f"{lane.arrival.target}: {lane.arrival.reason}")
            )
        rows += [
            (lane.label, at_s, what, detail)
            for at_s, what, detail in sorted(marks, key=lambda m: m[0])
        ]
    frame = pd.DataFrame(rows, columns=["message", "at", "what", "detail"])
    frame["at"] = frame["at"].astype("Float64").round(1)
    return frame
