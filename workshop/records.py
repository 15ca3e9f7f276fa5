"""What arrives when Lambda gives up, field by field, with the meaning of each. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd


def explain(message: Mapping[str, Any]) -> pd.DataFrame:
    """Take a message from a DLQ or destination apart.

    Recognises an invocation record (destination), an event with the function DLQ's three
    attributes, an SNS notification (subscription's DLQ), and a message moved by a queue's redrive
    policy (source queue's DLQ).

    Args:
        message: as boto3's receive_message or `Lab.messages` returns it.

    Returns:
        Columns `field` (str, path), `value` (str, long values shortened), `meaning` (str); the
        kind is in `.attrs["kind"]`.

    Raises:
        DataError: it is none of these.
    """
    raise NotImplementedError
