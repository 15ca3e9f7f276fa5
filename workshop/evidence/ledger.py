"""The ledger: sent = processed + DLQ + destination + in flight + lost."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from workshop.lab import Lab


class Ledger:
    """Where every order is; shows itself as an equation and a table.

    Attributes:
        orders: one row per order: `pattern`, `order_id`, `state` (processed, dead-lettered,
            destination, in flight, lost), `place` ("source queue's DLQ", ...), `why`, `attempts`,
            `times_processed`, `evidence` (the API call or log that shows it), `number` (orders
            that the row stands for; more than one only for messages nobody has tried yet).
        summary: one row per pattern: `sent`, `processed`, one column per place, `in flight`,
            `lost`, `processed twice`.
        counts: the sums of all patterns by name, in the order of the equation.
        balances: whether sent is the sum of the rest.
    """

    orders: pd.DataFrame
    summary: pd.DataFrame
    counts: dict[str, int]
    balances: bool


def ledger(
    lab: Lab, pattern: str | Iterable[str], order_ids: Iterable[str] | None = None
) -> Ledger:
    """Account for every order: sent = processed + DLQ + destination + in flight + lost.

    Args:
        lab: the target.
        pattern: "SqsDlq", "LambdaDestinations", "LambdaDlq", or several of them.
        order_ids: the orders that were sent; default every order of which AWS shows a trace. Give
            them whenever you know them: an order that left no trace at all can only be missed by
            whoever knows that it was sent.
    """
    raise NotImplementedError
