"""Which attempts that look good are known to be good, where logs are seen late. Pure.

A REPORT line says nothing about an exception that the handler raised: other lines do. So an attempt
without an error may have one that cannot be seen yet. It is good as soon as the handler's own line
proves it, or when every line of that time must have been seen: of a function that prints nothing
there is no other evidence.
"""

from datetime import datetime

import pandas as pd

from workshop.evidence.attempts import UNKNOWN


def believed(
    attempts: pd.DataFrame, seen_until: datetime | None, largest_batch: int | None = None
) -> pd.DataFrame:
    """The attempts; those that may turn out to have failed are "not known yet".

    Args:
        attempts: as `attempts_table` makes them.
        seen_until: what was logged up to this moment is seen; None: everything is.
        largest_batch: how many messages of a queue an invocation can have; None where that is not
            known. SNS and callers give one.
    """
    if seen_until is None or attempts.empty:
        return attempts
    # Another message of the batch, or an order that asked for a fault (an answer that is no JSON,
    # say), can fail the invocation after this line was printed.
    is_alone = attempts["source"].isin(["sns", "invoke"]) | (largest_batch == 1)
    is_proven = (attempts["handler_outcome"] == "ok") & is_alone & attempts["fault"].isna()
    is_recent = attempts["ended_at"] > pd.Timestamp(seen_until)
    is_open = (attempts["outcome"] == "ok") & ~is_proven & is_recent
    return attempts.assign(outcome=attempts["outcome"].mask(is_open, UNKNOWN))
