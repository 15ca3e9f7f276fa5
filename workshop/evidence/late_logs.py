"""A function's log where it is seen late, as on an account: read again while it lacks an end."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import pandas as pd

from workshop.errors import WaitTimeoutError
from workshop.evidence.attempts import OPEN, attempts_table
from workshop.evidence.behind import of_orders
from workshop.evidence.believing import believed
from workshop.evidence.endings import all_told
from workshop.evidence.logs import log_table, read_events, read_logs
from workshop.evidence.retry_settings import RetrySettings
from workshop.target import waiting
from workshop.target.clock import SKIPPING
from workshop.target.session import Session

# CloudWatch Logs on AWS shows an event some seconds after it was written. A log is read after the
# first of these; where it is known what it should tell, at once, and again until the second.
LATENCY_S, PATIENCE_S = 5.0, 33.0
CAUSE = "CloudWatch Logs shows a line some seconds after it was written"


def log(session: Session, group: str, since: datetime | None) -> pd.DataFrame:
    """Every event of a log group, as `read_logs` has it; where logs are late, 5 s from now."""
    return logs(session, [group], since)[group]


def logs(
    session: Session, groups: Iterable[str], since: datetime | None = None
) -> dict[str, pd.DataFrame]:
    """The same of several log groups, for which the time passes once."""
    _pause(session)
    return {group: read_logs(session, group, since) for group in groups}


def _pause(session: Session) -> None:
    # While somebody waits the log is read again in any case.
    if _is_late(session) and not session.waits.is_looking:
        session.clock.sleep(LATENCY_S, CAUSE)


def all_attempts(
    session: Session,
    group: str,
    since: datetime | None,
    read_settings: Callable[[], RetrySettings],
) -> pd.DataFrame:
    """Every attempt in a log group; where logs are late, 5 s from now."""
    _pause(session)
    largest_batch = read_settings().batch_size if session.lateness.logs_s else None
    return seen_attempts(session, group, since, largest_batch)


def seen_attempts(
    session: Session, group: str, since: datetime | None = None, largest_batch: int | None = None
) -> pd.DataFrame:
    """Every attempt in a log group, as far as it is seen; what may still fail is not known yet.

    Args:
        session: the target.
        group: the function's log group.
        since: only events from this moment on.
        largest_batch: how many messages of a queue an invocation can have, where that is known.
    """
    seen_until = session.logs_seen_until()
    return believed(_attempts(session, group, since), seen_until, largest_batch)


def _attempts(session: Session, group: str, since: datetime | None) -> pd.DataFrame:
    """Made anew only of other lines than the last ones: a wait mostly looks at the same again."""
    events = read_events(session, group, since)
    last = session.last_read.get(group)
    if last is None or last[0] != events:
        last = session.last_read[group] = events, attempts_table(log_table(events))
    table: pd.DataFrame = last[1]
    return table.copy()


def settled_attempts(session: Session, group: str) -> pd.DataFrame:
    """Every attempt in a log group; where logs are late, read again while one is not known yet."""
    table, is_fresh = seen_attempts(session, group), True
    if not _is_late(session) or session.waits.is_looking:
        return table

    def is_settled() -> bool:
        nonlocal table, is_fresh
        table = table if is_fresh else seen_attempts(session, group)
        is_fresh = False
        return not table["outcome"].isin(OPEN).any()

    if table["outcome"].isin(OPEN).any():
        _wait(session, is_settled, "every attempt that has begun")
    return table


def let_come(session: Session) -> None:
    """Where logs are late, let the time pass until what was logged by now is seen."""
    if _is_late(session) and not session.waits.is_looking:
        session.clock.sleep(PATIENCE_S, CAUSE)


def attempts(
    session: Session,
    group: str,
    order_ids: Sequence[str],
    since: datetime | None,
    read_settings: Callable[[], RetrySettings],
) -> pd.DataFrame:
    """The attempts at some orders, as `attempts_table` has them.

    Args:
        session: the target.
        group: the function's log group.
        order_ids: of which.
        since: only events from this moment on.
        read_settings: how many attempts they allow; with as many a story is at its end.
    """

    seen_until = session.logs_seen_until()
    if seen_until is None:
        return of_orders(seen_attempts(session, group, since), order_ids)
    settings = read_settings()

    def read() -> pd.DataFrame:
        found = seen_attempts(session, group, since, settings.batch_size)
        return of_orders(found, order_ids)

    table, is_fresh = read(), True
    if not _is_late(session) or session.waits.is_looking:
        return table

    def is_told() -> bool:
        nonlocal table, is_fresh, seen_until
        if not is_fresh:
            seen_until = session.logs_seen_until()
            table = read()
        is_fresh = False
        return all_told(table, order_ids, settings.maximum_attempts, seen_until)

    if not all_told(table, order_ids, settings.maximum_attempts, seen_until):
        _wait(session, is_told, orders_in_words(order_ids))
    return table


def _wait(session: Session, is_told: Callable[[], bool], what: str) -> None:
    """Read a log again until it tells an end, as long as lines can be late."""
    # What is not there in the end is still to come, or never will: neither is a failure.
    with contextlib.suppress(WaitTimeoutError):
        waiting.wait_until(
            session.clock,
            is_told,
            f"the log tells the end of {what}",
            cause=CAUSE,
            timeout_s=PATIENCE_S,
            otherwise=(
                f"the log was read for {PATIENCE_S:.0f} s more, and does not tell the whole of "
                f"{what}: what is missing never was, or comes later still"
            ),
            waits=session.waits,
        )


def orders_in_words(ids: Sequence[str]) -> str:
    """ "order A-17", "3 orders"."""
    return f"order {ids[0]}" if len(ids) == 1 else f"{len(ids)} orders"


def _is_late(session: Session) -> bool:
    # A person who lets virtual time stand or run slowly would wait as well: shown is what is
    # seen by now.
    in_time = not session.clock.is_virtual or session.clock.mode in SKIPPING
    return bool(session.lateness.logs_s) and in_time
