"""One rule of a filter policy: a value, or an operator such as `{"prefix": "a"}`. Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

import json
import operator
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, TypeAlias

Test: TypeAlias = Callable[[Any], bool]

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
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
    """The test of one rule on one value; `exists` is not tested on values but by the caller."""
    if isinstance(rule, list):
        raise FilterPolicyError("Match value must be String, number, true, false, or null")
    if not isinstance(rule, dict):
        return lambda value: equal(rule, value)
    return _compile_operator(rule, _OPERATORS, "Unrecognized match type")


def _compile_operator(
    rule: Mapping[str, Any], operators: Mapping[str, Callable[[Any], Test]], unknown: str
) -> Test:
    """The test of an operator with its operand; read in their order, as SNS does."""
    if rule:
        name, operand = next(iter(rule.items()))
        if name not in operators:
            raise FilterPolicyError(f"{unknown} {name}")
        test = operators[name](operand)
        if len(rule) == 1:
            return test
    raise FilterPolicyError("Only one key allowed in match expression")


def equal(expected: Any, value: Any) -> bool:
    """JSON equality: 1 equals 1.0, but true is not 1 and "1" is not 1."""
    if is_number(expected) and is_number(value):
        return float(expected) == float(value)
    return type(expected) is type(value) and bool(expected == value)


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
        if bounds[1][1] <= bounds[0][1]:
            raise FilterPolicyError("Bottom must be less than top")
    tests = [(_COMPARISONS[sign], bound) for sign, bound in bounds]
    return lambda value: is_number(value) and all(t(float(value), b) for t, b in tests)


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


def _token(value: Any) -> str:
    """How a JSON reader names what it meets: of arrays and objects, where they begin."""
    if value is _END:
        return "]"
    return json.dumps(value)[0] if isinstance(value, (list, dict)) else json.dumps(value)


def _anything_but(operand: Any) -> Test:
    if isinstance(operand, dict):
        inner = _compile_operator(operand, _TEXT_OPERATORS, "Unsupported anything-but pattern:")
        return lambda value: not inner(value)
    excluded = operand if isinstance(operand, list) else [operand]
    if not excluded or any(isinstance(item, (dict, list)) for item in excluded):
        raise FilterPolicyError("Inside anything but list, only values of one type are allowed")
    return lambda value: not any(equal(item, value) for item in excluded)


def _cidr(operand: Any) -> Test:
    try:
        network = ip_network(operand, strict=False)
    except ValueError as error:
        raise FilterPolicyError(f"Malformed CIDR, {error}") from error

    def test(value: Any) -> bool:
        try:
            return isinstance(value, str) and ip_address(value) in network
        except ValueError:
            return False

    return test


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
