"""What a message waited for, between the marks of its lane. Pure.

A wait is named by the setting that explains its length; where none does, by its length alone.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workshop.evidence.lanes import CLOCKS_APART_S, Arrival, Attempt, Wait, spoken_s
from workshop.evidence.retry_settings import ASYNC_RETRY_DELAYS_S, RetrySettings

# A wait shorter than this is the services' own speed and needs no name.
UNNAMED_WAIT_S = 1.5
# A cold start or a slow poll shifts what the log tells by no more than this.
_COLD_START_S = 1.5
# Lambda's retry delays are no settings, and not kept to the second: a quarter more or less.
_OF_DELAY = 0.25


def waits_of(
    marks: list[tuple[float, float]],
    arrival: Arrival | None,
    is_sqs: bool,
    settings: RetrySettings | None,
    gathered_s: float = 0.0,
) -> tuple[Wait, ...]:
    """The waits before, between and after the attempts, each with its cause.

    `gathered_s` is how long before the last mark its message was received. What is tried once more
    after it has arrived has waited for nothing that AWS tells of.
    """
    waits: list[Wait] = []
    if arrival:
        marks = [mark for mark in marks if mark[0] <= arrival.at_s + CLOCKS_APART_S]
    if marks and marks[0][0] > UNNAMED_WAIT_S:
        where = "in the queue" if is_sqs else "in the event queue"
        waits.append(_with_window(_wait(0.0, marks[0][0], 0.0, where), settings))
    for number, ((start_s, end_s), (next_s, _)) in enumerate(pairwise(marks), start=1):
        if next_s < end_s:
            continue  # both at the same time: nobody waited
        # A visibility timeout runs from the receive, a retry delay from the end of the attempt.
        if is_sqs:
            waits.append(_of_visibility(end_s, next_s, start_s, settings))
        else:
            waits.append(_of_retry(end_s, next_s, number))
    if arrival and marks and arrival.at_s - marks[-1][1] > UNNAMED_WAIT_S:
        start_s, end_s = marks[-1]
        waits.append(
            _of_visibility(end_s, arrival.at_s, start_s - gathered_s, settings)
            if is_sqs
            else _wait(end_s, arrival.at_s, end_s, "in the event queue")
        )
    return tuple(waits)


def hidden(visibility_s: float, left_s: float | None = None) -> str:
    """The cause of a wait that a visibility timeout explains.

    It counts from the receive: after an attempt that took its time, only `left_s` of it are left.
    """
    cause = f"visibility timeout {spoken_s(visibility_s)}"
    return cause if left_s is None else f"{cause} from the receive, {spoken_s(left_s)} left"


def _wait(start_s: float, end_s: float, counted_from_s: float, name: str) -> Wait:
    length_s = end_s - counted_from_s
    return Wait(start_s, end_s, length_s, f"{name} {spoken_s(length_s)}")


def _of_retry(start_s: float, end_s: float, attempt: int) -> Wait:
    """Named as Lambda's retry delay where it has about the length of one."""
    usual_s = ASYNC_RETRY_DELAYS_S[min(attempt, len(ASYNC_RETRY_DELAYS_S)) - 1]
    is_usual = abs(end_s - start_s - usual_s) <= _OF_DELAY * usual_s
    return _wait(start_s, end_s, start_s, "retry delay" if is_usual else "tried again after")


def gathered_s(marks: Sequence[tuple[float, float]], settings: RetrySettings | None) -> float:
    """How long before the start of the last one its message was received, as the gaps tell.

    A visibility timeout runs from the receive, and a batch that is gathered starts a whole window
    later: a gap of both is followed by gaps of the timeout alone, and at the end by one that is
    shorter than it.
    """
    window_s = settings.batching_window_s if settings else 0.0
    visibility_s = settings.visibility_timeout_s if settings else None
    if not window_s or not visibility_s:
        return 0.0
    waited_s = 0.0
    for (start_s, _), (next_s, _) in pairwise(marks):
        late_s = next_s - start_s - visibility_s
        if abs(abs(late_s) - window_s) <= min(_COLD_START_S, window_s / 2):
            waited_s += math.copysign(window_s, late_s)
    return min(max(waited_s, 0.0), window_s)


def pause_s(counts: Sequence[int], tries: Sequence[Attempt], settings: RetrySettings) -> float:
    """How long a receive hid the message: as set, unless what was recorded says otherwise.

    Args:
        counts: SQS's count at the receive of each attempt.
        tries: the attempts.
        settings: as they are now.
    """
    set_s = settings.visibility_timeout_s or 0.0
    gaps_s = [
        later.start_s - earlier.start_s
        for (earlier, later), (one, next_one) in zip(pairwise(tries), pairwise(counts), strict=True)
        if next_one == one + 1
    ]
    return gaps_s[-1] if gaps_s and not _is_visibility(gaps_s[-1], settings) else set_s


def _of_visibility(
    start_s: float, end_s: float, received_s: float, settings: RetrySettings | None
) -> Wait:
    """A wait of SQS: the settings behind it where they explain its length, else its own length.

    The timeout runs from the receive and the log tells of the start: a cold start before the
    attempt that failed makes the wait look shorter, one before the next attempt longer. How long a
    batch was gathered, no log tells: a gap that is neither the timeout nor the timeout and a whole
    window is called by its own length, beside both settings.
    """
    wait = _wait(start_s, end_s, received_s, "received again after")
    visibility_s = settings.visibility_timeout_s if settings else None
    if settings is None or not visibility_s:
        return wait
    cause, late_s = f"visibility timeout {spoken_s(visibility_s)}", wait.length_s - visibility_s
    window_s = settings.batching_window_s
    if window_s and abs(late_s - window_s) <= _COLD_START_S:
        return replace(wait, cause=f"{cause} + batching window {spoken_s(window_s)}")
    if abs(late_s) <= _COLD_START_S:
        left_s = end_s - start_s
        told = hidden(visibility_s, left_s if start_s - received_s > UNNAMED_WAIT_S else None)
        return replace(wait, cause=told, length_s=visibility_s)
    if settings.function_sets_visibility and not window_s:
        own = f"visibility timeout changed to {spoken_s(wait.length_s)}"
        return replace(wait, cause=f"{own} (the queue's is {spoken_s(visibility_s)})")
    # Or somebody changed the setting or the message's own timeout: the gap does not tell which.
    return _with_window(replace(wait, cause=f"{wait.cause} ({cause})"), settings)


def _with_window(wait: Wait, settings: RetrySettings | None) -> Wait:
    """The wait, and beside it how long the mapping may gather a batch."""
    if settings is None or not settings.batching_window_s:
        return wait
    window = f"batching window {spoken_s(settings.batching_window_s)}"
    if wait.cause.endswith(")"):
        return replace(wait, cause=f"{wait.cause[:-1]}, {window})")
    return replace(wait, cause=f"{wait.cause} ({window})")


def _is_visibility(length_s: float, settings: RetrySettings) -> bool:
    """Whether the visibility timeout that is set now explains a wait of this length."""
    late_s = length_s - (settings.visibility_timeout_s or 0.0)
    window_s = settings.batching_window_s
    return -_COLD_START_S - window_s <= late_s <= window_s + _COLD_START_S
