"""What a table was made from, which it carries along: the log, the messages, the pattern's names.

Whoever draws a table can then show the evidence behind a mark, and the call that draws it needs no
more arguments. It travels in `DataFrame.attrs`, which pandas hands on to what is made of a table:
whole, also to some of its rows. So rows are chosen by `chosen`, which chooses among what is
attached as well, and of a table that somebody filtered by hand `passed_over` shows no more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

_KEY = "behind"
# The columns by which a message is asked for: of attempts, of arrivals, or of both.
_IDS = ("order_id", "message_id", "queue_message_id")


@dataclass(frozen=True, eq=False)
class Behind:
    """What AWS showed.

    Attributes:
        logs: the log that an attempts table was read from; None of a table of arrivals.
            Of all orders: an invocation's lines are looked up by the attempts that are shown.
        not_tried: of an attempts table, what its function was given and did not try: rows of the
            same columns, without an attempt.
        nameless: of an attempts table, the attempts whose lines tell no order, of all messages:
            the message that arrived somewhere tells which order some of them were at.
        groups: of an attempts table, message id -> its message group, of messages of FIFO queues.
        messages: id in the queue where it lies -> message as boto3 returned it, of arrivals.
        outputs: the pattern's names; empty when nobody told them.
        rows: how many the table had when all this was attached.
    """

    logs: pd.DataFrame | None = None
    not_tried: pd.DataFrame | None = None
    nameless: pd.DataFrame | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> "Behind":
        # pandas copies `attrs` with each table that it makes of another; nothing here changes.
        return self


def behind(table: pd.DataFrame | None) -> Behind:
    """What a table carries; nothing is known about one that somebody made by hand."""
    found = None if table is None else table.attrs.get(_KEY)
    return found if isinstance(found, Behind) else Behind()


def carrying(table: pd.DataFrame, **known: Any) -> pd.DataFrame:
    """The table itself, which from now on carries this too."""
    table.attrs[_KEY] = replace(behind(table), rows=len(table), **known)
    return table


def chosen(
    table: pd.DataFrame, are_meant: Callable[[pd.DataFrame], "pd.Series[bool]"]
) -> pd.DataFrame:
    """Some rows of a table, with what is behind these alone.

    Args:
        table: of attempts or arrivals.
        are_meant: says of each row whether it is one of them; asked of what was not tried too.
    """

    def meant(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[are_meant(rows)].reset_index(drop=True)

    known, rows = behind(table), meant(table)
    not_tried = None if known.not_tried is None else meant(known.not_tried)
    lying = set(rows["queue_message_id"]) if known.messages else set()
    messages = {name: known.messages[name] for name in known.messages if name in lying}
    return carrying(rows, not_tried=not_tried, messages=messages)


def of_orders(table: pd.DataFrame, ids: Iterable[str]) -> pd.DataFrame:
    """The rows of a table that are about these orders, as `chosen` has them.

    Args:
        table: of attempts or arrivals.
        ids: order ids; or message ids, of messages that hold no order, say.
    """
    wanted, names = list(ids), [name for name in _IDS if name in table]
    return chosen(table, lambda rows: rows[names].isin(wanted).any(axis=1))


def of_messages(table: pd.DataFrame, message_ids: Iterable[str]) -> pd.DataFrame:
    """The rows of a table with `message_id` that are about these, as `chosen` has them."""
    wanted = list(message_ids)
    return chosen(table, lambda rows: rows["message_id"].isin(wanted))


def passed_over(attempts: pd.DataFrame) -> pd.DataFrame | None:
    """What the function was given and did not try, as far as it belongs to this table.

    Of a table with fewer rows than when it was read somebody has chosen some: then only what was
    passed over of the messages that are left.
    """
    known = behind(attempts)
    if known.not_tried is None or len(attempts) >= known.rows:
        return known.not_tried
    return known.not_tried[known.not_tried["message_id"].isin(attempts["message_id"])]
