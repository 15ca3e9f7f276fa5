"""A subscription's filter policy: which messages its endpoint gets. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from localaws.sns.filter_rules import (
    RESERVED,
    FilterPolicyError,
    ScopeError,
    Test,
    compile_rule,
    presence,
)
from localaws.sns.limits import MAX_FILTER_COMBINATIONS, MAX_FILTER_KEYS
from localaws.sns.message_attributes import MessageAttributes
from localaws.words.json_errors import complaint_about

ATTRIBUTES = "MessageAttributes"
BODY = "MessageBody"
SCOPES = (ATTRIBUTES, BODY)

Match: TypeAlias = Callable[[Mapping[str, Any]], bool]


class FilterPolicy:
    """A parsed policy.

    Args:
        text: the policy as JSON.
        scope: `MessageAttributes` or `MessageBody`.

    Raises:
        FilterPolicyError: the text is no filter policy.
    """

    def __init__(self, text: str, scope: str) -> None:
        complaint = complaint_about(text)
        if complaint is not None:
            raise FilterPolicyError(f"failed to parse JSON. {complaint}")
        policy = json.loads(text)
        if not isinstance(policy, dict):
            raise FilterPolicyError("Filter is not an object")
        self._scope = scope
        self._is_empty = not policy
        try:
            _check_size(policy)
            self._matches = _compile(policy)
        except RecursionError:
            raise FilterPolicyError("Filter policy is too complex") from None
        # Recorded: what is wrong inside a nested policy is told before its being nested.
        if scope == ATTRIBUTES and _is_nested(policy):
            raise ScopeError(ATTRIBUTES)

    def accepts(self, message: str, attributes: MessageAttributes) -> bool:
        """Whether the endpoint gets a message."""
        if self._is_empty:
            return True
        if self._scope == ATTRIBUTES:
            # Where there are none, nothing is absent either (sns/latest/dg/attribute-key-matching).
            return bool(attributes) and self._matches(dict(_attribute_values(attributes)))
        try:
            body = json.loads(message)
            return isinstance(body, dict) and self._matches(body)
        except (ValueError, RecursionError):
            return False


def _compile(policy: Mapping[str, Any]) -> Match:
    """The test of one object: every key has to match."""
    tests = [_compile_key(key, rules) for key, rules in policy.items()]
    return lambda fields: all(test(fields) for test in tests)


def _compile_key(key: str, rules: Any) -> Match:
    if _is_choice(key, rules):
        branches = [_compile(branch) for branch in rules]
        return lambda fields: any(branch(fields) for branch in branches)
    if isinstance(rules, dict):
        if not rules:  # the policy itself may be empty: so it is taken away
            raise FilterPolicyError("Empty objects are not allowed")
        inside = _compile(rules)
        return lambda fields: any(inside(item) for item in _objects(fields, key))
    if not isinstance(rules, list):
        raise FilterPolicyError(f'"{key}" must be an object or an array')
    if not rules:
        raise FilterPolicyError("Empty arrays are not allowed")
    return _compile_rules(key, rules)


def _is_choice(key: str, rules: Any) -> bool:
    """Whether a key is not the name of a field but `$or` with its branches.

    It is a name like any other where a branch would have an operator for a key:
    https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html.
    """
    if key != "$or" or not isinstance(rules, list) or len(rules) < 2:
        return False
    return all(isinstance(branch, dict) and RESERVED.isdisjoint(branch) for branch in rules)


def _is_nested(policy: Mapping[str, Any]) -> bool:
    """Whether a field's rules are those of fields within it."""
    return any(
        any(map(_is_nested, rules)) if _is_choice(key, rules) else isinstance(rules, dict)
        for key, rules in policy.items()
    )


def _compile_rules(key: str, rules: list[Any]) -> Match:
    """One of the rules has to match one of the key's values.

    Only leaves exist, and only with a value that is neither null nor empty:
    https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html.
    """
    wanted: set[bool] = set()
    tests: list[Test] = []
    for rule in rules:
        there = presence(rule)
        if there is None:
            tests.append(compile_rule(rule))
        else:
            wanted.add(there)

    def match(fields: Mapping[str, Any]) -> bool:
        leaves = [v for v in _elements(list(_at(fields, key))) if not isinstance(v, dict)]
        if (False in wanted and not leaves) or (
            True in wanted and any(leaf not in (None, "") for leaf in leaves)
        ):
            return True
        return any(test(leaf) for leaf in leaves for test in tests)

    return match


def _at(fields: Mapping[str, Any], key: str) -> Iterator[Any]:
    """What a key names: `a.b` is a key of its own, and key b of what is at a."""
    for name, value in fields.items():
        if name == key:
            yield value
        elif key.startswith(f"{name}."):
            for inside in _elements(value):
                if isinstance(inside, dict):
                    yield from _at(inside, key[len(name) + 1 :])


def _objects(fields: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects at a key, one of which has to match; where there is none, an empty one.

    What is absent still matches {"exists": false} further down.
    """
    prefix = f"{key}."
    beside = {n[len(prefix) :]: value for n, value in fields.items() if n.startswith(prefix)}
    found = [item for item in _elements(list(_at(fields, key))) if isinstance(item, dict)]
    return [{**item, **beside} for item in found] or [beside]


def _elements(value: Any) -> Iterator[Any]:
    """Of an array, and of arrays within it, each element: rules are tested on these."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(reversed(item))
        else:
            yield item


def _attribute_values(attributes: MessageAttributes) -> Iterator[tuple[str, Any]]:
    """What rules see of message attributes; binary ones are ignored."""
    for name, value in attributes.items():
        data_type = str(value["DataType"])
        text = value.get("StringValue", "")
        if data_type == "String.Array":
            try:
                yield name, [_escaped(one) for one in _elements(json.loads(text))]
            except ValueError:
                yield name, _escaped(text)
        elif data_type.startswith("Number"):
            yield name, float(text)
        elif data_type.startswith("String"):
            yield name, _escaped(text)


def _escaped(value: Any) -> Any:
    """An attribute's text as rules see it, which have to escape `"` and `\\` twice.

    https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
    """
    if not isinstance(value, str):
        return value
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _check_size(policy: Mapping[str, Any]) -> None:
    if len(policy) > MAX_FILTER_KEYS:  # of a nested policy, the outer keys count
        raise FilterPolicyError(f"Filter policy can not have more than {MAX_FILTER_KEYS} keys")
    if _combinations(policy, depth=1) > MAX_FILTER_COMBINATIONS:
        raise FilterPolicyError("Filter policy is too complex")


def _combinations(policy: Mapping[str, Any], depth: int) -> int:
    """How many combinations of rules a policy has, a rule further inside counting more.

    https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
    """
    total = 1
    for key, rules in policy.items():
        if _is_choice(key, rules):
            total *= sum(_combinations(branch, depth) for branch in rules)
        elif isinstance(rules, dict):
            total *= _combinations(rules, depth + 1)
        elif isinstance(rules, list):
            total *= depth * len(rules)
    return total
