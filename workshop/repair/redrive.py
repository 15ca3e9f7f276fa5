"""Redrive: send dead letters again, after a dry run."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from workshop.lab import Lab

# Which dead letters: a test of one row of the viewer's table; {column: value}; or order ids.
Where = Callable[[Mapping[str, Any]], bool] | Mapping[str, Any] | Iterable[str]


class Redrive:
    """What was, or in a dry run would be, sent again.

    Attributes:
        table: one row per message: `order_id`, `place`, `to`, `how` (the API calls), `changed`
            (whether the payload is), `done`, `queue_message_id`.
        is_dry_run: nothing was sent.
        moved: how many messages were sent again.
    """

    table: pd.DataFrame
    is_dry_run: bool
    moved: int

    def came_back(self, *, timeout_s: float = 900.0) -> pd.DataFrame:
        """Wait until each order's fate is known: `order_id`, `state`, `place`, `times_processed`.

        An order that was processed more than once is named: a redrive can duplicate.
        """
        raise NotImplementedError


def redrive(
    lab: Lab,
    pattern: str,
    dry_run: bool = True,
    where: Where | None = None,
    *,
    place: str | None = None,
    change: Callable[[Any], Any] | None = None,
    at_most: int = 1000,
    max_per_second: int | None = None,
) -> Redrive:
    """Send a pattern's dead letters to where they came from.

    The source queue's DLQ, without filter and change: StartMessageMoveTask. Everything else one by
    one, sent before it is deleted, so that an interruption can duplicate a message (it is named)
    and never lose one. Events of a function's DLQ, records of an on-failure destination and
    notifications of a subscription's DLQ have no source queue: the function is invoked again,
    asynchronously, with the original event.

    Args:
        lab: the target.
        pattern: the pattern.
        dry_run: only say what would be done.
        where: which messages, default all: a function of a row of `dead_letters(...).table`,
            `{column: value}`, or order ids.
        place: only this DLQ or destination, e.g. "function's DLQ"; default all of the pattern.
        change: order (parsed payload) -> repaired order; only the payload is replaced.
        at_most: messages per queue.
        max_per_second: speed limit, so that a weak dependency is not overrun.
    """
    raise NotImplementedError
