"""What the functions of a template come to.

Before a stack is made its resources are UNKNOWN, and so is what is made of them: what goes wrong
without them goes wrong on AWS before anything is made.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import ipaddress
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from localaws.cloudformation.templates.intrinsics import (
    BASE64,
    CIDR,
    ERROR,
    FIND_IN_MAP,
    GET_ATT,
    GET_STACK_OUTPUT,
    IMPORT,
    JOIN,
    SELECT,
    SELECT_INDEX,
    SPLIT,
    SUB_VALUE,
    VARIABLE,
    ZONES,
    function_in,
    is_scalar,
)
from localaws.cloudformation.templates.properties import UNKNOWN

# AWS::NoValue: what has this value is left out.
NO_VALUE = object()
_NO_VALUE_NAME = "AWS::NoValue"


class NoSuchValue(ValueError):
    """A function whose arguments have no such value; the message is AWS's."""


@dataclass(frozen=True)
class TemplateScope:
    """What functions ask for besides their arguments.

    Attributes:
        reference: what a Ref to a parameter, pseudo parameter or resource gives.
        attribute: an attribute of a resource.
        condition: how a condition turned out, by its name.
        mappings: the template's.
        imported: the value of an export.
        output: of a stack, by the names of both.
        region: whose Availability Zones `Fn::GetAZs: ""` gives.
    """

    reference: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    condition: Callable[[str], bool]
    mappings: Mapping[str, Any]
    imported: Callable[[str], Any]
    output: Callable[[str, str], Any]
    region: str


def conditions_of(definitions: Mapping[str, Any], scope: TemplateScope) -> dict[str, bool]:
    """How each condition turns out."""
    found: dict[str, bool] = {}

    def condition(name: str) -> bool:
        if name not in found:
            found[name] = resolver.value(definitions[name]) is True
        return found[name]

    resolver = Resolver(replace(scope, condition=condition))
    for name in definitions:
        condition(name)
    return found


class Resolver:
    """Reads a part of a template whose functions are given what they take (`misused`)."""

    def __init__(self, scope: TemplateScope) -> None:
        self._scope = scope

    def value(self, node: Any) -> Any:
        """What it comes to, NO_VALUE where that is nothing.

        Raises:
            NoSuchValue: what a function is given has not the value that it takes.
        """
        if isinstance(node, list):
            return [v for v in map(self.value, node) if v is not NO_VALUE]
        if not isinstance(node, Mapping):
            return node
        name = function_in(node)
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](self, node[name])
        if [*node] == ["Condition"] and isinstance(node["Condition"], str):
            return self._scope.condition(node["Condition"])
        read = {key: self.value(member) for key, member in node.items()}
        return {key: member for key, member in read.items() if member is not NO_VALUE}

    def _text(self, node: Any, problem: str) -> Any:
        """A value as text; UNKNOWN where it is not known."""
        return _as_text(self.value(node), problem)

    def _ref(self, name: str) -> Any:
        return NO_VALUE if name == _NO_VALUE_NAME else self._scope.reference(name)

    def _get_att(self, given: Any) -> Any:
        name, attribute = given.split(".", 1) if isinstance(given, str) else given
        return self._scope.attribute(name, self._text(attribute, GET_ATT))

    def _join(self, given: Any) -> Any:
        items = self.value(given[1])
        if items is UNKNOWN:
            return UNKNOWN
        if not isinstance(items, list):
            raise NoSuchValue(JOIN)
        texts = [_as_text(item, JOIN) for item in items]
        return UNKNOWN if UNKNOWN in texts else given[0].join(texts)

    def _split(self, given: Any) -> Any:
        text = self._text(given[1], SPLIT)
        return UNKNOWN if text is UNKNOWN else text.split(given[0])

    def _sub(self, given: Any) -> Any:
        text, own = given if isinstance(given, list) else (given, {})
        values = {name: self._text(value, SUB_VALUE) for name, value in own.items()}
        is_known = True

        def replaced(found: Any) -> str:
            nonlocal is_known
            name = found[1].strip()
            if found[1].startswith("!"):
                return f"${{{found[1][1:]}}}"
            value = values[name] if name in values else self._variable(name)
            is_known = is_known and value is not UNKNOWN
            return "" if value is UNKNOWN else str(value)

        result = VARIABLE.sub(replaced, text)
        return result if is_known else UNKNOWN

    def _variable(self, name: str) -> Any:
        resource, _, attribute = name.partition(".")
        value = self._scope.attribute(resource, attribute) if attribute else self._ref(name)
        problem = f"{ERROR}variable {name} in Fn::Sub expression does not resolve to a string"
        return _as_text(value, problem)

    def _select(self, given: Any) -> Any:
        place, items = self._text(given[0], SELECT_INDEX), self.value(given[1])
        if place is UNKNOWN or items is UNKNOWN:
            return UNKNOWN
        if not place.strip().isdecimal():
            raise NoSuchValue(SELECT_INDEX)
        if not isinstance(items, list):
            raise NoSuchValue(SELECT)
        index = int(place)
        if index >= len(items):
            raise NoSuchValue(f"{ERROR}Fn::Select cannot select nonexistent value at index {index}")
        return items[index]

    def _if(self, given: Any) -> Any:
        return self.value(given[1 if self._scope.condition(given[0]) else 2])

    def _base64(self, given: Any) -> Any:
        text = self._text(given, BASE64)
        return UNKNOWN if text is UNKNOWN else base64.b64encode(text.encode()).decode()

    def _to_json(self, given: Any) -> Any:
        value = self.value(given)
        return UNKNOWN if _has_unknown(value) else json.dumps(value, separators=(",", ":"))

    def _find_in_map(self, given: Any) -> Any:
        name, first, second = (self._text(key, FIND_IN_MAP) for key in given[:3])
        if UNKNOWN in (name, first, second):
            return UNKNOWN
        mapping = self._scope.mappings.get(name)
        found = (mapping or {}).get(first, {})
        if second in found:  # text, or a list of texts
            value = found[second]
            return _as_text(value, FIND_IN_MAP) if is_scalar(value) else value
        if len(given) > 3:
            return self.value(given[3]["DefaultValue"])
        if mapping is None:
            raise NoSuchValue(
                f"{ERROR}Mapping named '{name}' is not present in the 'Mappings' section of "
                "template."
            )
        raise NoSuchValue(f"{ERROR}Unable to get mapping for {name}::{first}::{second}")

    def _import(self, given: Any) -> Any:
        name = self._text(given, IMPORT)
        if name is UNKNOWN:
            raise NoSuchValue(
                f"{ERROR}the attribute in Fn::ImportValue must not depend on any resources, "
                "imported values, or Fn::GetAZs"
            )
        return self._scope.imported(name)

    def _output(self, given: Any) -> Any:
        names = [self._text(given[key], GET_STACK_OUTPUT) for key in ("StackName", "OutputName")]
        return UNKNOWN if UNKNOWN in names else self._scope.output(*names)

    def _zones(self, given: Any) -> Any:
        region = self._text(given, ZONES)
        if region is UNKNOWN:
            return UNKNOWN
        here = self._scope.region
        return [f"{here}{zone}" for zone in "abc"] if region in ("", here) else []

    def _cidr(self, given: Any) -> Any:
        block, count, bits = (self._text(one, CIDR) for one in given)
        if UNKNOWN in (block, count, bits):
            return UNKNOWN
        if not count.isdecimal() or not bits.isdecimal():
            raise NoSuchValue(CIDR)
        try:
            network = ipaddress.ip_network(block, strict=False)
            subnets = network.subnets(new_prefix=network.max_prefixlen - int(bits))
            found = [str(one) for one in itertools.islice(subnets, int(count))]
        except ValueError:
            found = []
        if not 1 <= int(count) <= 256 or len(found) < int(count):
            raise NoSuchValue(
                f"{ERROR}Fn::Cidr cannot make {count} blocks with {bits} subnet bits of {block}"
            )
        return found

    def _equals(self, given: Any) -> bool:
        left, right = map(self.value, given)
        if is_scalar(left) and is_scalar(right):
            return bool(_as_text(left, ERROR) == _as_text(right, ERROR))
        return bool(left == right) and left is not UNKNOWN

    def _and(self, given: Any) -> bool:
        return all(self.value(item) is True for item in given)

    def _or(self, given: Any) -> bool:
        return any(self.value(item) is True for item in given)

    def _not(self, given: Any) -> bool:
        return self.value(given[0]) is not True


_FUNCTIONS: Mapping[str | None, Callable[[Resolver, Any], Any]] = {
    "Fn::And": Resolver._and,
    "Fn::Base64": Resolver._base64,
    "Fn::Cidr": Resolver._cidr,
    "Fn::Equals": Resolver._equals,
    "Fn::FindInMap": Resolver._find_in_map,
    "Fn::GetAZs": Resolver._zones,
    "Fn::GetAtt": Resolver._get_att,
    "Fn::GetStackOutput": Resolver._output,
    "Fn::If": Resolver._if,
    "Fn::ImportValue": Resolver._import,
    "Fn::Join": Resolver._join,
    "Fn::Not": Resolver._not,
    "Fn::Or": Resolver._or,
    "Fn::Select": Resolver._select,
    "Fn::Split": Resolver._split,
    "Fn::Sub": Resolver._sub,
    "Fn::ToJsonString": Resolver._to_json,
    "Ref": Resolver._ref,
}


def _as_text(value: Any, problem: str) -> Any:
    if value is UNKNOWN:
        return value
    if value is NO_VALUE:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not is_scalar(value):
        raise NoSuchValue(problem)
    return str(value)


def _has_unknown(node: Any) -> bool:
    if isinstance(node, Mapping):
        return any(map(_has_unknown, node.values()))
    if isinstance(node, list):
        return any(map(_has_unknown, node))
    return node is UNKNOWN
