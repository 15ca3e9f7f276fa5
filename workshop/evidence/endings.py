"""Whether the attempts in a log tell the stories of orders to their end. Pure.

CloudWatch Logs on AWS shows an event some seconds after it was written. What is missing shows in a
story that does not end.
"""

from collections.abc import Iterable
from datetime import datetime

import pandas as pd

from workshop.evidence.attempts import OPEN


def all_told(
    attempts: pd.DataFrame,
    ids: Iterable[str],
    most: int | None,
    seen_until: datetime | None = None,
) -> bool:
    """Whether every order was processed, or tried as often as it can be.

    Args:
        attempts: the attempts table.
        ids: of the orders, or of their messages.
        most: how often a message is tried that always fails; None when nothing ends that.
        seen_until: what was logged up to this moment is seen; None: everything is.
    """
    groups = [attempts.groupby(name) for name in ("order_id", "message_id")]

    def is_told(one: str) -> bool:
        known = [told.get_group(one) for told in groups if one in told.groups]
        return any(_is_told(tries, most, seen_until) for tries in known)

    return all(is_told(one) for one in ids)


def _is_told(tries: pd.DataFrame, most: int | None, seen_until: datetime | None) -> bool:
    if tries["outcome"].isin(OPEN).any() or _has_gap(tries, seen_until):
        return False
    is_processed = bool((tries["outcome"] == "ok").any())
    return is_processed or (most is not None and len(tries) >= most)


def _has_gap(tries: pd.DataFrame, seen_until: datetime | None) -> bool:
    """Whether a receive before the last attempt left no line, and may have left one all the same.

    What came before an attempt was logged before it: once that attempt must be seen, so must these.
    """
    if seen_until is None:
        return False
    late = tries[tries["started_at"] > pd.Timestamp(seen_until)]
    for row in late.to_dict("records"):
        before = tries[
            (tries["message_id"] == row["message_id"]) & (tries["started_at"] <= row["started_at"])
        ]
        if pd.notna(row["receive_count"]) and row["receive_count"] > len(before):
            return True
    return False
