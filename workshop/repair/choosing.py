"""Which dead letters are meant."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from workshop.errors import DataError

# A test of one row of the viewer's table; {column: value}; or order ids.
Where = Callable[[Mapping[str, Any]], bool] | Mapping[str, Any] | Iterable[str]


def matches(table: pd.DataFrame, where: Where | None) -> "pd.Series[bool]":
    """Row for row of `DeadLetters.table`, whether it is meant; without `where` all are.

    Raises:
        DataError: the filter names no column of the table.
    """
    if where is None:
        return pd.Series(True, index=table.index)
    if isinstance(where, Mapping):
        unknown = set(where) - set(table.columns)
        if unknown:
            raise DataError(
                f"The dead letters have no column {', '.join(sorted(unknown))}.",
                f"Filter by {', '.join(table.columns)}.",
            )
        tests = [table[name] == value for name, value in where.items()]
        return pd.concat(tests, axis=1).all(axis=1) if tests else matches(table, None)
    if callable(where):
        chosen = [bool(where(row)) for row in table.to_dict("records")]  # type: ignore[arg-type]
        return pd.Series(chosen, index=table.index, dtype=bool)
    ids = [where] if isinstance(where, str) else list(where)
    return table["order_id"].isin(ids)
