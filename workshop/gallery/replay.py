"""What can be watched of a failure: the facts of its player. Pure.

A player shows moments, and needs some that AWS told: log lines, or the message where it ended. Of
a message that a filter dropped there are counts alone; then there is nothing to watch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from workshop.evidence.lane_making import make_lanes
from workshop.evidence.retry_settings import RetrySettings
from workshop.player.facts import facts_of


@dataclass(frozen=True, eq=False)
class CaseEvidence:
    """What a case was read from.

    Attributes:
        attempts: the rows of the attempts table about it.
        arrivals: the rows of the arrivals table about it.
        settings: what its function and queue are set to; None where there is none any more.
        is_gone: it is nowhere any more.
    """

    attempts: pd.DataFrame
    arrivals: pd.DataFrame
    settings: RetrySettings | None
    is_gone: bool = False


def of_one_message(attempts: pd.DataFrame, message_id: str, sent_at: pd.Timestamp) -> pd.DataFrame:
    """Attempts of a function that names no message, as those at the only one that it had."""
    if attempts.empty or attempts["source"].notna().any():
        return attempts
    known = attempts.sort_values("started_at", kind="stable", ignore_index=True)
    numbers = pd.Series(range(1, len(known) + 1), dtype=known["attempt"].dtype)
    return known.assign(message_id=message_id, attempt=numbers, sent_at=sent_at)


def replay(found: Mapping[str, CaseEvidence]) -> dict[str, Any] | None:
    """The facts of a card's player; None where AWS told no moment.

    Args:
        found: title of a way -> what is known of it.
    """
    runs = {}
    for title, one in found.items():
        lanes = make_lanes(one.attempts, one.arrivals, one.settings, None)
        if lanes:
            told = [replace(lane, is_gone=one.is_gone) for lane in lanes]
            runs[title if len(found) > 1 else ""] = (told, one.attempts, one.arrivals, one.settings)
    return facts_of(runs) if runs else None
