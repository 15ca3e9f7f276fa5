"""Functions of one row: numbers, text, time.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from localaws.logs.insights.values import Moment, Value, equal, number_of, text_of

Function = Callable[..., Value]

PERIODS_MS: Mapping[str, int] = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 7 * 86_400_000,
    "mo": 30 * 86_400_000,
    "q": 91 * 86_400_000,
    "y": 365 * 86_400_000,
}


def _of_number(compute: Callable[[Any], Any]) -> Function:
    def function(value: Value) -> Value:
        number = number_of(value)
        try:
            return None if number is None else compute(number)
        except (ValueError, OverflowError):
            return None

    return function


def _of_text(compute: Callable[..., Any]) -> Function:
    def function(value: Value, *more: Value) -> Value:
        return None if value is None else compute(text_of(value), *more)

    return function


def _extreme(choose: Callable[[Any], Any]) -> Function:
    def function(*values: Value) -> Value:
        numbers = [n for n in map(number_of, values) if n is not None]
        return choose(numbers) if numbers else None

    return function


def _substr(text: str, start: Value, length: Value = None) -> str:
    begin = int(number_of(start) or 0)
    return text[begin:] if length is None else text[begin : begin + int(number_of(length) or 0)]


def _floor_to(value: Value, period_ms: Value) -> Value:
    number = number_of(value)
    return None if number is None else Moment(number // period_ms * period_ms)


def _ceil_to(value: Value, period_ms: Value) -> Value:
    number = number_of(value)
    return None if number is None else Moment(-(-number // period_ms) * period_ms)


def _concat(*values: Value) -> str:
    return "".join(text_of(value) for value in values if value is not None)


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


FUNCTIONS: Mapping[str, Function] = {
    "abs": _of_number(abs),
    "ceil": _of_number(math.ceil),
    "floor": _of_number(math.floor),
    "log": _of_number(math.log),
    "sqrt": _of_number(math.sqrt),
    "greatest": _extreme(max),
    "least": _extreme(min),
    "ispresent": lambda value: value is not None,
    "isempty": lambda value: value is None or text_of(value) == "",
    "isblank": lambda value: value is None or not text_of(value).strip(),
    "coalesce": _coalesce,
    "concat": _concat,
    "strlen": _of_text(len),
    "toupper": _of_text(str.upper),
    "tolower": _of_text(str.lower),
    "trim": _of_text(lambda text, signs=None: text.strip(signs)),
    "ltrim": _of_text(lambda text, signs=None: text.lstrip(signs)),
    "rtrim": _of_text(lambda text, signs=None: text.rstrip(signs)),
    "substr": _of_text(_substr),
    "replace": _of_text(lambda text, old, new: text.replace(text_of(old), text_of(new))),
    "strcontains": _of_text(lambda text, part: part is not None and text_of(part) in text),
    "frommillis": _of_number(Moment),
    "tomillis": _of_number(int),
    "datefloor": _floor_to,
    "dateceil": _ceil_to,
}


def arithmetic(sign: str, left: Value, right: Value) -> Value:
    """`+ - * / % ^` on what can be read as numbers; None where that makes no number."""
    a, b = number_of(left), number_of(right)
    if a is None or b is None:
        return None
    try:
        result: Value = _ARITHMETIC[sign](a, b)
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(result, complex) else result


def compare(sign: str, left: Value, right: Value) -> bool:
    """The comparison signs; a missing value differs from everything and is not ordered."""
    if sign == "=":
        return equal(left, right)
    if sign == "!=":
        return not equal(left, right)
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        return bool(_ORDERS[sign](a, b))
    if left is None or right is None:
        return False
    return bool(_ORDERS[sign](text_of(left), text_of(right)))


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "^": lambda a, b: float(a) ** float(b),
}
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
