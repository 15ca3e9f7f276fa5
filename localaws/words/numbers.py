"""Numbers that clients write as text."""

import re

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def is_decimal(text: str) -> bool:
    """Whether Java's BigDecimal would read the text, which is what SQS and SNS take as a number.

    Python's Decimal reads more: spaces around, underscores within, `NaN` and `Infinity`.
    """
    return _DECIMAL.fullmatch(text) is not None
