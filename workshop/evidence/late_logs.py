"""A function's log where it is seen late, as on an account: read again while it lacks an end."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime

import pandas as pd

from workshop.errors import WaitTimeoutError
from workshop.evidence.attempts import attempts_table
from workshop.evidence.endings import all_told
from workshop.evidence.logs import read_logs
from workshop.target import waiting
from workshop.target.clock import SKIPPING
from workshop.target.session import Session

# CloudWatch Logs on AWS shows an event some seconds after it was written. A log is read after the
# first of these; where it is known what it should tell, at once, and again until the second.
LATENCY_S, PATIENCE_S = 5.0, 33.0
CAUSE = "CloudWatch Logs shows a line some seconds after it was written"


def log(session: Session, group: str, since: datetime | None) -> pd.DataFrame:
    """Every event of a log group, as `read_logs` has it; where logs are late, 5 s from now."""
    # While somebody waits this is read again in any case.
    if _is_late(session) and not session.waits.is_looking:
        session.clock.sleep(LATENCY_S, CAUSE)
    return read_logs(session, group, since)


def attempts(
    session: Session,
    group: str,
    order_ids: Sequence[str],
    since: datetime | None,
    most: Callable[[], int | None],
) -> pd.DataFrame:
    """The attempts at some orders, as `attempts_table` has them.

    Args:
        session: the target.
        group: the function's log group.
        order_ids: of which.
        since: only events from this moment on.
        most: reads how many attempts the settings allow; with as many a story is at its end.
    """

    def read() -> pd.DataFrame:
        return of_orders(attempts_table(read_logs(session, group, since)), order_ids)

    table, is_fresh = read(), True
    if not _is_late(session) or session.waits.is_looking:
        return table
    maximum = most()

    def is_told() -> bool:
        nonlocal table, is_fresh
        table = table if is_fresh else read()
        is_fresh = False
        return all_told(table, order_ids, maximum)

    if not all_told(table, order_ids, maximum):
        # What is not there in the end is still to come, or never will: neither is a failure.
        which = orders_in_words(order_ids)
        with contextlib.suppress(WaitTimeoutError):
            waiting.wait_until(
                session.clock,
                is_told,
                f"the log tells the end of {which}",
                cause=CAUSE,
                timeout_s=PATIENCE_S,
                otherwise=(
                    f"the log was read for {PATIENCE_S:.0f} s more, and does not tell the whole of "
                    f"{which}: what is missing never was, or comes later still"
                ),
                waits=session.waits,
            )
    return table


def of_orders(table: pd.DataFrame, order_ids: Sequence[str]) -> pd.DataFrame:
    """The rows of a table with `order_id` that are about these."""
    return table[table["order_id"].isin(order_ids)].reset_index(drop=True)


def orders_in_words(ids: Sequence[str]) -> str:
    """ "order A-17", "3 orders"."""
    return f"order {ids[0]}" if len(ids) == 1 else f"{len(ids)} orders"


def _is_late(session: Session) -> bool:
    # A person who lets virtual time stand or run slowly would wait as well: shown is what is
    # seen by now.
    in_time = not session.clock.is_virtual or session.clock.mode in SKIPPING
    return bool(session.lateness.logs_s) and in_time
