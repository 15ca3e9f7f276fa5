"""One rule of a filter policy: a value, or an operator such as `{"prefix": "a"}`. Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html. Where the words of
refusals were recorded they are those of Event Ruler, the library that AWS filters with, and so its
order of complaints and its numbers are taken for the rest: https://github.com/aws/event-ruler,
`RuleCompiler.java`.
"""

import json
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import floor
from typing import Any, TypeAlias

from localaws.sns.limits import FILTER_NUMBER_STEPS, MAX_FILTER_NUMBER
from localaws.words.address_ranges import AddressRange

Test: TypeAlias = Callable[[Any], bool]

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ONE_KEY = "Only one key allowed in match expression"
_END = object()  # of an array


class FilterPolicyError(Exception):
    """What is wrong with a policy, in SNS's words."""

    def __init__(self, complaint: str) -> None:
        super().__init__(f"FilterPolicy: {complaint}")


class ScopeError(FilterPolicyError):
    """The policy is not for its scope. SNS names this differently from all other complaints."""

    def __init__(self, scope: str) -> None:
        Exception.__init__(
            self, f"Filter policy scope {scope} does not support nested filter policy"
        )


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def compile_rule(rule: Any) -> Test:
    """The test of one rule on one value; `exists` is not tested on values but by the caller.

    Raises:
        FilterPolicyError: read in the order of the text, as SNS does.
    """
    if isinstance(rule, list):
        raise FilterPolicyError("Match value must be String, number, true, false, or null")
    if not isinstance(rule, dict):
        return lambda value: equal(rule, value)
    if not rule:
        raise FilterPolicyError("Match expression name not found")
    name, operand = next(iter(rule.items()))
    if name not in _OPERATORS:
        raise FilterPolicyError(f"Unrecognized match type {name}")
    test = _OPERATORS[name](operand)
    if len(rule) > 1:
        counted = name in ("numeric", "anything-but")
        raise FilterPolicyError("Too many elements in numeric expression" if counted else _ONE_KEY)
    return test


def presence(rule: Any) -> bool | None:
    """Whether a rule asks for what is there, or for what is not; None for any other rule."""
    if not isinstance(rule, dict) or next(iter(rule), None) != "exists":
        return None
    wanted = rule["exists"]
    if not isinstance(wanted, bool):
        raise FilterPolicyError("exists match pattern must be either true or false.")
    if len(rule) > 1:
        raise FilterPolicyError(_ONE_KEY)
    return wanted


def equal(expected: Any, value: Any) -> bool:
    """JSON equality: 1 equals 1.0, but true is not 1 and "1" is not 1."""
    if is_number(expected) and is_number(value):
        return _steps(expected) == _steps(value)
    return type(expected) is type(value) and bool(expected == value)


def _steps(number: float) -> int | float:
    """A number as rules compare it: in millionths, what is beyond them cut off.

    Messages with 100.1234561 and with 100.1234567 pass 100.123456, as was tried on AWS:
    https://github.com/getmoto/moto/pull/6242. Numbers that are out of range are compared as such.
    """
    if abs(number) > MAX_FILTER_NUMBER:
        return number * FILTER_NUMBER_STEPS
    return floor(Decimal(str(number)) * FILTER_NUMBER_STEPS)


def _text_test(name: str, test: Callable[[str, str], bool]) -> Callable[[Any], Test]:
    def compiler(operand: Any) -> Test:
        if not isinstance(operand, str):
            raise FilterPolicyError(f"{name} match pattern must be a string")
        return lambda value: isinstance(value, str) and test(value, operand)

    return compiler


def _ignoring_case(operand: str, value: str) -> bool:
    return operand.casefold() == value.casefold()


def _numeric(operand: Any) -> Test:
    """A comparison such as `["=", 1]`, or a range such as `[">", 1, "<=", 5]`.

    The members are judged in their order, which decides what is told of several faults.
    """
    if not isinstance(operand, list):
        raise FilterPolicyError("Value of numeric must be an array.")
    members = [*operand, _END]
    sign = members[0]
    if not isinstance(sign, str):
        raise FilterPolicyError(f"Invalid member in numeric match: {_token(sign)}")
    if sign not in _COMPARISONS:
        raise FilterPolicyError(f"Unrecognized numeric range operator: {sign}")
    bounds = [(sign, _bound(sign, members[1]))]
    if sign not in (">", ">="):
        if members[2] is not _END:
            raise FilterPolicyError("Too many elements in numeric expression")
    elif members[2] is not _END:
        bounds.append(_top(members[2:]))
    steps = [(_COMPARISONS[sign], _in_range(bound)) for sign, bound in bounds]
    if len(steps) == 2 and steps[1][1] <= steps[0][1]:
        raise FilterPolicyError("Bottom must be less than top")
    return lambda value: is_number(value) and all(t(_steps(value), b) for t, b in steps)


def _top(members: list[Any]) -> tuple[str, float]:
    """The second half of a range."""
    sign = members[0]
    if not isinstance(sign, str):
        raise FilterPolicyError(f"Bad value in numeric range: {_token(sign)}")
    if sign not in ("<", "<="):
        raise FilterPolicyError(f"Bad numeric range operator: {sign}")
    top = _bound(sign, members[1])
    if members[2] is not _END:
        raise FilterPolicyError("Too many terms in numeric range expression")
    return sign, top


def _bound(sign: str, bound: Any) -> float:
    if not is_number(bound):
        raise FilterPolicyError(f"Value of {'equals' if sign == '=' else sign} must be numeric")
    return float(bound)


def _in_range(bound: float) -> int | float:
    """The bound in steps; a rule cannot compare with what is out of range."""
    if abs(bound) > MAX_FILTER_NUMBER:
        raise FilterPolicyError("Value must be between -1.0E9 and 1.0E9, inclusive")
    return _steps(bound)


def _token(value: Any) -> str:
    """How a JSON reader names what it meets: of arrays and objects, where they begin."""
    if value is _END:
        return "]"
    return json.dumps(value)[0] if isinstance(value, (list, dict)) else json.dumps(value)


def _anything_but(operand: Any) -> Test:
    if isinstance(operand, dict):
        return _anything_but_prefix(operand)
    if operand is None or isinstance(operand, bool):
        raise FilterPolicyError(
            "Value of anything-but must be an array or single string/number value."
        )
    excluded = operand if isinstance(operand, list) else [operand]
    if not all(isinstance(item, str) or is_number(item) for item in excluded):
        raise FilterPolicyError("Inside anything but list, start|null|boolean is not supported.")
    for number in filter(is_number, excluded):
        _in_range(float(number))
    if len({isinstance(item, str) for item in excluded}) != 1:
        raise FilterPolicyError(
            "Inside anything but list, either all values are number or string, mixed type is not "
            "supported"
        )
    return lambda value: not any(equal(item, value) for item in excluded)


def _anything_but_prefix(operand: Mapping[str, Any]) -> Test:
    """What does not begin so. AWS was seen to refuse `suffix` here, which its guide has."""
    if not operand:
        raise FilterPolicyError("Anything-But expression name not found")
    name, prefix = next(iter(operand.items()))
    if name != "prefix":
        raise FilterPolicyError(f"Unsupported anything-but pattern: {name}")
    test = _TEXT_OPERATORS[name](prefix)
    if not prefix:
        raise FilterPolicyError("Null prefix not allowed")
    if len(operand) > 1:
        raise FilterPolicyError(_ONE_KEY)
    return lambda value: not test(value)


def _cidr(operand: Any) -> Test:
    if not isinstance(operand, str):
        raise FilterPolicyError("prefix match pattern must be a string")  # so it says
    try:
        return AddressRange.of_cidr(operand).holds
    except ValueError as error:
        raise FilterPolicyError(str(error)) from error


_TEXT_OPERATORS: Mapping[str, Callable[[Any], Test]] = {
    "prefix": _text_test("prefix", str.startswith),
    "suffix": _text_test("suffix", str.endswith),
    "equals-ignore-case": _text_test("equals-ignore-case", _ignoring_case),
}
_OPERATORS: Mapping[str, Callable[[Any], Test]] = {
    **_TEXT_OPERATORS,
    "numeric": _numeric,
    "anything-but": _anything_but,
    "cidr": _cidr,
}
# What no field within `$or` may be called, Event Ruler's plans among them (`Constants.java`).
RESERVED = frozenset(
    {
        *_OPERATORS,
        *_COMPARISONS,
        "exactly",
        "exists",
        "wildcard",
        "regex",
        "not-wildcard",
        "not-equals-ignore-case",
        "date-after",
        "date-on-or-after",
        "date-before",
        "date-on-or-before",
        "in-date-range",
        "ip-address-in-range",
        "ip-address-not-in-range",
    }
)
