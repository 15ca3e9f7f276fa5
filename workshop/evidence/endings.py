"""Whether the attempts in a log tell the stories of orders to their end. Pure.

CloudWatch Logs on AWS shows an event some seconds after it was written. What is missing shows in a
story that does not end.
"""

from collections.abc import Iterable

import pandas as pd


def all_told(attempts: pd.DataFrame, order_ids: Iterable[str], most: int | None) -> bool:
    """Whether every order was processed, or tried as often as it can be.

    Args:
        attempts: the attempts table.
        order_ids: the orders.
        most: how often a message is tried that always fails; None when nothing ends that.
    """
    told = attempts.groupby("order_id")
    return all(
        order in told.groups and _is_told(told.get_group(order), most) for order in order_ids
    )


def _is_told(tries: pd.DataFrame, most: int | None) -> bool:
    if (tries["outcome"] == "running").any():
        return False
    is_processed = bool((tries["outcome"] == "ok").any())
    return is_processed or (most is not None and len(tries) >= most)
