"""Receives of a message that no attempt tells of, as far as SQS's counts prove them. Pure.

A receive is told by its count and the second, since the sending, at which its invocation began.
"""

from typing import Any

import pandas as pd

from workshop.evidence.lanes import Phantom
from workshop.evidence.retry_settings import RetrySettings


def told_receives(rows: list[dict[Any, Any]], sent_at: pd.Timestamp) -> list[tuple[int, float]]:
    """The receives that the log tells of: SQS's count, and when the invocation began."""
    return sorted(
        (int(row["receive_count"]), max((row["started_at"] - sent_at).total_seconds(), 0.0))
        for row in rows
        if pd.notna(row["receive_count"])
    )


def passed_over_receives(rows: list[dict[Any, Any]], sent_at: pd.Timestamp) -> tuple[Phantom, ...]:
    """Receives in a batch whose function stopped before this message."""
    return tuple(
        Phantom(
            at_s=max((row["started_at"] - sent_at).total_seconds(), 0.0),
            receive_count=number_of(row["receive_count"]),
            batch=str(row["request_id"]),
            batch_size=int(row["batch_size"]),
            duration_s=None if pd.isna(row["duration_ms"]) else float(row["duration_ms"]) / 1000,
        )
        for row in rows
    )


def receives_between(told: list[tuple[int, float]]) -> tuple[Phantom, ...]:
    """Receives between two others that no log line tells of, spread evenly between them."""
    found: list[Phantom] = []
    previous_count, previous_s = 0, 0.0
    for count, at_s in told:
        missed = range(previous_count + 1, count)
        step_s = (at_s - previous_s) / (len(missed) + (previous_count > 0) or 1)
        first_s = previous_s + step_s if previous_count else previous_s
        found += [Phantom(first_s + i * step_s, receive) for i, receive in enumerate(missed)]
        previous_count, previous_s = count, at_s
    return tuple(found)


def last_receives(
    told: list[tuple[int, float]],
    hidden_s: float,
    arrived: dict[Any, Any] | None,
    settings: RetrySettings | None,
) -> tuple[Phantom, ...]:
    """Receives after the last one that the log tells of, of a message that SQS moved.

    The settings may have been others when it was received, so they alone prove none: SQS has to
    have counted so many receives, and Lambda so many throttles meanwhile.
    """
    was_moved = arrived is not None and pd.isna(arrived["arrived_at"])
    if arrived is None or not was_moved or settings is None or not settings.max_receive_count:
        return ()
    # The look that found the message there is counted too.
    counted = number_of(arrived.get("receive_count")) - 1
    if counted < settings.max_receive_count:
        return ()
    latest = last_count(told)
    # Without any of them the first receive happened when the message was sent.
    last_s = told[-1][1] if told else -hidden_s
    throttled = number_of(arrived.get("throttled"))
    missed = range(latest + 1, min(settings.max_receive_count, latest + throttled) + 1)
    return tuple(Phantom(last_s + i * hidden_s, count) for i, count in enumerate(missed, start=1))


def last_count(told: list[tuple[int, float]]) -> int:
    """SQS's count at the last receive that the log tells of."""
    return max([count for count, _ in told], default=0)


def unseen_receives(
    arrived: dict[Any, Any] | None, settings: RetrySettings | None, hidden_s: float
) -> tuple[Phantom, ...]:
    """The receives of a message that no line tells of, as far as SQS's count proves them.

    So it is with the messages behind one that ran into the function's timeout, or of a function
    that stops at a failure and says nothing of the rest. The first receive was at the sending. Of
    a message that was tried, the looks since then may be in the count as well.
    """
    most = settings.max_receive_count if settings else None
    counted = number_of(arrived.get("receive_count")) - 1 if arrived else 0
    if not most or counted < most:
        return ()
    return tuple(Phantom(n * hidden_s, n + 1) for n in range(most))


def number_of(value: Any) -> int:
    return 0 if value is None or pd.isna(value) else int(value)
