"""What fields hold: text, numbers, moments, and how they compare and print."""

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

Value: TypeAlias = Any  # str, int, float, bool, Moment, Measured, or None where there is none

# Looking first is cheaper than failing to convert: most texts are no numbers.
_NUMBERS_BEGIN = frozenset("0123456789+-.")


class Moment(int):
    """A point in time, in epoch milliseconds."""


class Measured(float):
    """A number that CloudWatch Logs found in a Lambda log line; it prints as Java's doubles do."""


def text_of(value: Value) -> str:
    """A value as query results show it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Moment):
        return _date(value)
    if isinstance(value, Measured):
        return _java_double(value)
    if isinstance(value, float):
        return _rounded(value)
    return str(value)


def number_of(value: Value) -> float | int | None:
    """A value as a number, or None when it is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if not isinstance(value, str) or value[:1] not in _NUMBERS_BEGIN:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def is_true(value: Value) -> bool:
    """Whether a condition holds."""
    return value not in (None, False, 0, "", "0", "false")


def equal(left: Value, right: Value) -> bool:
    """`=`: as numbers where both are, else as text; a missing value equals nothing."""
    if left is None or right is None:
        return False
    if type(left) is str and type(right) is str and left == right:
        return True
    if isinstance(left, bool) and isinstance(right, str) and right in ("true", "false"):
        return left == (right == "true")
    numbers = number_of(left), number_of(right)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return text_of(left) == text_of(right)


def order(value: Value) -> tuple[int, Any]:
    """A key for sorting: missing values, then numbers, then text."""
    if value is None:
        return 0, 0
    number = number_of(value)
    return (1, number) if number is not None else (2, text_of(value))


def _date(moment_ms: int) -> str:
    try:
        moment = datetime.fromtimestamp(moment_ms // 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return str(int(moment_ms))  # beyond the calendar
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment_ms % 1000:03d}"


def _rounded(number: float) -> str:
    """Four decimals at most, none for whole numbers."""
    if not math.isfinite(number):
        return str(number)
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _java_double(number: float) -> str:
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(float(number))
    sign, digits, _ = Decimal(repr(float(number))).normalize().as_tuple()
    exponent = Decimal(repr(float(number))).adjusted()
    mantissa = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{mantissa}E{exponent}"
