"""What AWS shows about one pattern, and what its rows say about an order. Pure.

`fates` decides from it where each order is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from workshop.evidence.attempts import OPEN
from workshop.evidence.behind import of_orders
from workshop.evidence.believing import believed
from workshop.evidence.retry_settings import RetrySettings
from workshop.target.lateness import PUNCTUAL, Lateness


@dataclass(frozen=True)
class Evidence:
    """What AWS shows about one pattern.

    Attributes:
        attempts: all of the pattern's attempts, as `attempts_table` makes them.
        arrivals: all of its arrivals.
        settings: how it retries.
        now: AWS's time when this was read.
        queued: messages in the source queue; None for a pattern without one.
        retention_s: the source queue's; None for a pattern without one.
        failed_deliveries: DLQ and destination writes that Lambda counted as failed.
        unexplained_drops: events that SNS or Lambda counted as dropped and that left no log line.
        lateness: how late the target shows what happened.
        sent_by: when all orders that are asked for had been sent; None when nobody said.
    """

    attempts: pd.DataFrame
    arrivals: pd.DataFrame
    settings: RetrySettings
    now: datetime
    queued: int | None = None
    retention_s: float | None = None
    failed_deliveries: int = 0
    unexplained_drops: int = 0
    lateness: Lateness = PUNCTUAL
    sent_by: datetime | None = None

    def about(self, order_ids: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The attempts and the arrivals of these orders alone."""
        wanted = list(order_ids)
        return of_orders(self.attempts, wanted), of_orders(self.arrivals, wanted)


def tries_of(found: Evidence, names: dict[str, str]) -> dict[str, list[dict[Any, Any]]]:
    """The attempts at each order; those that may turn out to have failed are not known yet."""
    late_s = found.lateness.logs_s
    seen_until = found.now - timedelta(seconds=late_s) if late_s else None
    return grouped(believed(found.attempts, seen_until, found.settings.batch_size), names)


def names_in(found: Evidence) -> dict[str, str]:
    """Message id or request id -> order id, from whichever table knows it."""
    names: dict[str, str] = {}
    for table in (found.attempts, found.arrivals):
        known = table.dropna(subset=["order_id"])
        for column in ("message_id", "request_id"):
            pairs = known.dropna(subset=[column])
            # A batch has one request id for several orders: that names none of them.
            once = pairs.drop_duplicates([column, "order_id"])
            once = once.drop_duplicates(column, keep=False)
            names |= dict(zip(once[column], once["order_id"], strict=True))
    return names


def grouped(table: pd.DataFrame, names: dict[str, str]) -> dict[str, list[dict[Any, Any]]]:
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in table.to_dict("records"):
        key = row["order_id"]
        if pd.isna(key):
            ids = [str(row[column]) for column in ("message_id", "request_id")]
            key = next((names[name] for name in ids if name in names), ids[0])
        groups.setdefault(str(key), []).append(row)
    return groups


def times_processed(tries: Sequence[dict[Any, Any]]) -> int:
    """How often the handler did the work: also in invocations that failed for another message."""
    by_handler = sum(bool(row["handler_outcome"] == "ok") for row in tries)
    return by_handler or sum(bool(row["outcome"] == "ok") for row in tries)


def is_running(rows: Sequence[dict[Any, Any]]) -> bool:
    return bool(rows) and rows[-1]["outcome"] in OPEN


def is_to_be_named(found: Evidence, key: str, tries: dict[str, list[dict[Any, Any]]]) -> bool:
    """Whether this is an attempt at a queue's message whose own line will tell at which.

    The queue counts the message, so it is not one more.
    """
    rows = tries.get(key, [])
    is_nameless = bool(rows) and all(
        pd.isna(row["source"]) and pd.isna(row["order_id"]) for row in rows
    )
    is_late = bool(found.lateness.logs_s) and found.queued is not None
    return is_late and is_nameless and is_running(rows)


def sent_at(rows: Sequence[dict[Any, Any]]) -> pd.Timestamp:
    known = [row["sent_at"] for row in rows if pd.notna(row["sent_at"])]
    return pd.Timestamp(min(known or [row["started_at"] for row in rows]))


def last_end(rows: Sequence[dict[Any, Any]]) -> pd.Timestamp:
    ends = [row["ended_at"] for row in rows if pd.notna(row["ended_at"])]
    return pd.Timestamp(max(ends or [row["started_at"] for row in rows]))
