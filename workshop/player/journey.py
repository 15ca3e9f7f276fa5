"""Where one message is, step by step. Pure.

A message that was received is hidden until it is received again, is deleted or moves, or until its
visibility timeout lets it be seen. SQS and Lambda say none of that afterwards: it follows from
sends, receives, attempts and arrivals.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workshop.player.places import FUNCTION, LOST, QUEUE

# A wait that is longer than its visibility timeout by no more is one of the poller's own.
_POLL_S = 1.5
# In which order things of the same millisecond happened.
_ORDER = ("sent", "visible", "unseen", "attempt", "ended", "passed", "arrived", "lost")
Step = tuple[float, str, str, str, int]


def steps_of(message: Mapping[str, Any], *, is_sqs: bool, hidden_s: float) -> list[Step]:
    """(t, what happened, place, state, number): where the message is from then on, and how.

    What happened is one of sent, attempt, ended, unseen (a receive without an attempt), passed (the
    batch that it was received in has ended without trying it), visible (again), arrived, lost; the
    state one of waiting, hidden, running, done, kept, lost. The number
    is an index into `attempts`, `unseen` or `arrivals` of the message.

    Args:
        message: of the facts, without its steps.
        is_sqs: it was in a queue, which hides what was received.
        hidden_s: the queue's visibility timeout; 0 when not known.
    """
    source = str(message["source"])
    back = "hidden" if is_sqs else "waiting"
    attempts, arrivals = message["attempts"], message["arrivals"]
    steps: list[Step] = [(message["sent_s"], "sent", source, "waiting", 0)]
    in_time = [one for one in attempts if not _kept(arrivals, one["start_s"])]
    for number, attempt in enumerate(attempts):
        # A message that has arrived lies there also while it is tried once more.
        place, state = _kept(arrivals, attempt["start_s"]) or (FUNCTION, "running")
        steps.append((attempt["start_s"], "attempt", place, state, number))
        if attempt["end_s"] is None:
            continue
        end_s = attempt["end_s"]
        is_done = (
            any(one["outcome"] == "ok" for one in attempts)
            and all(one["start_s"] <= end_s for one in in_time)
            and all(one["is_success"] for one in arrivals)
        )
        place, state = (message["done"], "done") if is_done else (source, back)
        # Another attempt at the same message may still run beside it.
        if any(one["start_s"] < end_s and _is_later(one["end_s"], end_s) for one in in_time):
            place, state = FUNCTION, "running"
        steps.append((end_s, "ended", *(_kept(arrivals, end_s) or (place, state)), number))
    for number, unseen in enumerate(message["unseen"]):
        if not unseen["batch_size"]:
            steps.append((unseen["at_s"], "unseen", source, back, number))
            continue
        steps.append((unseen["at_s"], "unseen", FUNCTION, "running", number))
        if unseen["end_s"] is not None:
            steps.append((unseen["end_s"], "passed", source, back, number))
    for number, arrival in enumerate(arrivals):
        steps.append((arrival["at_s"], "arrived", arrival["place"], "kept", number))
    if message["fate"] == LOST:
        steps.append((message["end_s"], "lost", LOST, "lost", 0))
    steps.sort(key=lambda step: (step[0], _ORDER.index(step[1]), step[4]))
    # A gap that no setting explains does not tell how long the message was hidden in it.
    told = [one for one in message["waits"] if one["cause"].startswith("visibility timeout")]
    return list(_with_returns(steps, hidden_s, told)) if is_sqs and hidden_s else steps


def _kept(arrivals: Sequence[Mapping[str, Any]], at_s: float) -> tuple[str, str] | None:
    """Where a message lies at a time, and how; None: it has arrived nowhere before."""
    before = [one for one in arrivals if one["at_s"] < at_s]
    return (max(before, key=lambda one: one["at_s"])["place"], "kept") if before else None


def _is_later(end_s: float | None, than_s: float) -> bool:
    return end_s is None or end_s > than_s


def _with_returns(
    steps: Sequence[Step], hidden_s: float, waits: Sequence[Mapping[str, Any]]
) -> Iterator[Step]:
    """The steps, and between them when the message could be seen again."""
    shown_s = None
    for number, step in enumerate(steps):
        if step[1] in ("attempt", "unseen"):
            shown_s = step[0] + hidden_s
        yield step
        until_s = steps[number + 1][0] if number + 1 < len(steps) else None
        is_free = step[3] == "hidden" and shown_s is not None
        if is_free and shown_s is not None and (until_s is None or shown_s + _POLL_S < until_s):
            is_known = any(one["start_s"] <= shown_s <= one["end_s"] for one in waits)
            if until_s is not None and shown_s > step[0] and is_known:
                yield (round(shown_s, 3), "visible", step[2], "waiting", 0)
            shown_s = None


def counts_of(messages: Sequence[Mapping[str, Any]]) -> dict[str, list[list[float]]]:
    """place -> [[t, visible, in flight], ...] at each moment when one of the numbers changes.

    A message that a function works at is in flight in its queue, and counted at the function too.

    Args:
        messages: of the facts, with their steps.
    """
    changes: dict[str, dict[float, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for message in messages:
        before: list[tuple[str, int]] = []
        for at_s, _, place, state, _ in message["steps"]:
            now = _counted(place, state, message["source"])
            for (where, slot), sign in [*((one, -1) for one in before), *((one, 1) for one in now)]:
                changes[where][at_s][slot] += sign
            before = now
    return {place: rows for place, found in changes.items() if (rows := _summed(found))}


def _counted(place: str, state: str, source: str) -> list[tuple[str, int]]:
    if state == "hidden":
        return [(place, 1)]
    if state == "running":
        return [(place, 0), *([(source, 1)] if source == QUEUE else [])]
    return [(place, 0)]


def _summed(changes: Mapping[float, list[int]]) -> list[list[float]]:
    visible = hidden = 0
    rows: list[list[float]] = []
    for at_s in sorted(changes):
        visible, hidden = visible + changes[at_s][0], hidden + changes[at_s][1]
        if not rows or rows[-1][1:] != [visible, hidden]:
            rows.append([at_s, visible, hidden])
    return rows
