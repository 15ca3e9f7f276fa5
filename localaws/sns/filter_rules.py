"""One rule of a filter policy: a value, or an operator such as `{"prefix": "a"}`. Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

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
    if len(rule) != 1:
        raise FilterPolicyError("Only one key allowed in match expression")
    [(name, operand)] = rule.items()
    compiler = _OPERATORS.get(name)
    if compiler is None:
        raise FilterPolicyError(f"Unrecognized match type {name}")
    return compiler(operand)


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
    if not isinstance(operand, list):
        raise FilterPolicyError("Value of numeric must be an array.")
    if not operand:
        raise FilterPolicyError("Invalid member in numeric match: ]")
    first, *rest = _pairs(operand)
    if len(rest) > 1:
        raise FilterPolicyError("Too many terms in numeric range expression")
    if rest:
        _check_range(first, rest[0])
    tests = [(_COMPARISONS[sign], bound) for sign, bound in (first, *rest)]
    return lambda value: is_number(value) and all(t(float(value), b) for t, b in tests)


def _pairs(operand: list[Any]) -> list[tuple[str, float]]:
    """Comparisons with their bounds."""
    pairs = []
    for position in range(0, len(operand), 2):
        sign, *bounds = operand[position : position + 2]
        if not isinstance(sign, str):
            raise FilterPolicyError(f"Invalid member in numeric match: {sign}")
        if sign not in _COMPARISONS:
            raise FilterPolicyError(f"Unrecognized numeric range operator: {sign}")
        if not bounds or not is_number(bounds[0]):
            name = "equals" if sign == "=" else sign
            raise FilterPolicyError(f"Value of {name} must be numeric")
        pairs.append((sign, float(bounds[0])))
    return pairs


def _check_range(bottom: tuple[str, float], top: tuple[str, float]) -> None:
    if bottom[0] not in (">", ">="):
        raise FilterPolicyError("Too many elements in numeric expression")
    if top[0] not in ("<", "<="):
        raise FilterPolicyError(f"Bad numeric range operator: {top[0]}")
    if top[1] <= bottom[1]:
        raise FilterPolicyError("Bottom must be less than top")


def _anything_but(operand: Any) -> Test:
    if isinstance(operand, dict):
        inner = compile_rule(operand)
        if next(iter(operand)) not in ("prefix", "suffix", "equals-ignore-case"):
            raise FilterPolicyError(f"Unsupported anything-but pattern: {next(iter(operand))}")
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


_OPERATORS: Mapping[str, Callable[[Any], Test]] = {
    "prefix": _text_test("prefix", str.startswith),
    "suffix": _text_test("suffix", str.endswith),
    "equals-ignore-case": _text_test("equals-ignore-case", _ignoring_case),
    "numeric": _numeric,
    "anything-but": _anything_but,
    "cidr": _cidr,
}
