"""Taking one thing of what AWS listed, where the list can be empty.

A restart, a cell that runs again or another session in the same account can take away what a cell
is about: somebody else emptied the queue, or deleted the alarm. That is told instead of an
IndexError.
"""

from typing import Any

import pandas as pd

from workshop.errors import DataError


def first_of(found: Any, what: str) -> Any:
    """The first of some things.

    Args:
        found: a list of them, or a table with a row for each.
        what: what one of them is, e.g. "attempt at order A-1".

    Raises:
        DataError: there is none.
    """
    if not len(found):
        raise DataError(
            f"AWS shows no {what}: it has not come yet, or was taken away, by another session in "
            "this account or by a cell that ran again.",
            "Run the notebook once more from the section Run on, while nobody else works with it.",
        )
    return found.iloc[0] if isinstance(found, pd.DataFrame | pd.Series) else found[0]
