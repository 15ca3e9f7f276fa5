"""What a table was made from, which it carries along: the log, the messages, the pattern's names.

Whoever draws a table can then show the evidence behind a mark, and the call that draws it needs no
more arguments. It travels in `DataFrame.attrs`, which pandas hands on to what is made of a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

_KEY = "behind"


@dataclass(frozen=True, eq=False)
class Behind:
    """What AWS showed.

    Attributes:
        logs: the log that an attempts table was read from; None of a table of arrivals.
        not_tried: of an attempts table, what its function was given and did not try: rows of the
            same columns, without an attempt.
        groups: of an attempts table, message id -> its message group, of messages of FIFO queues.
        messages: id in the queue where it lies -> message as boto3 returned it, of arrivals.
        outputs: the pattern's names; empty when nobody told them.
    """

    logs: pd.DataFrame | None = None
    not_tried: pd.DataFrame | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Behind":
        # pandas copies `attrs` with each table that it makes of another; nothing here changes.
        return self


def behind(table: pd.DataFrame | None) -> Behind:
    """What a table carries; nothing is known about one that somebody made by hand."""
    found = None if table is None else table.attrs.get(_KEY)
    return found if isinstance(found, Behind) else Behind()


def carrying(table: pd.DataFrame, **known: Any) -> pd.DataFrame:
    """The table itself, which from now on carries this too."""
    table.attrs[_KEY] = replace(behind(table), **known)
    return table
