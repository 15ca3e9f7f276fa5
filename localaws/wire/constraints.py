"""What a model demands of a request: members that must be there, lengths, ranges, patterns, enums.

The words are those of AWS's service framework. Constraints of a list's elements are reported for
the list as a whole, as the recordings show (`Value '[X86_64]' at 'architectures' ...`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from localaws.wire.java_text import compiled, set_order
from localaws.wire.models import Member, Shape

NOT_NULL = "Member must not be null"


@dataclass(frozen=True)
class Problem:
    """One violated constraint.

    Attributes:
        path: where, in AWS's spelling: `messageAttributes.attr1.member.dataType`.
        name: the member's own name as boto3 spells it.
        value: the offending value as AWS prints it, or None where it is missing.
        constraint: the sentence that names the rule.
    """

    path: str
    name: str
    value: str | None
    constraint: str
    sensitive: bool = False

    def __str__(self) -> str:
        value = "Value null" if self.value is None else f"Value '{self.value}'"
        if self.sensitive and self.value is not None:
            value = "Value"
        return f"{value} at '{self.path}' failed to satisfy constraint: {self.constraint}"


Check: TypeAlias = Callable[[Any, str, str], Iterator[Problem]]
Rule: TypeAlias = Callable[[Any], str | None]


class Checks:
    """Functions that find a request's problems, built once for every shape.

    Args:
        constrain: check lengths, ranges, patterns and enums too, not only what is required.
        lenient: names of shapes whose own constraints the service checks elsewhere.
        listed: by the names of lists, what their elements may be, as AWS names it.
        within: check what is inside the request's members, too.
        spelled: names of shapes whose pattern alone the service checks elsewhere.
    """

    def __init__(
        self,
        constrain: bool,
        lenient: frozenset[str] = frozenset(),
        listed: Mapping[str, Sequence[str]] | None = None,
        within: bool = True,
        spelled: frozenset[str] = frozenset(),
    ) -> None:
        self._constrain = constrain
        self._lenient = lenient
        self._listed = listed or {}
        self._within = within
        self._spelled = spelled
        self._built: dict[str, Check | None] = {}

    def of(self, shape: Shape) -> Check | None:
        """The check of a value of `shape`, or None when every value will do."""
        if shape.name not in self._built:
            # Only a shape that contains itself looks this up before it is built.
            self._built[shape.name] = lambda *place: _run(self._built[shape.name], *place)
            self._built[shape.name] = self._build(shape)
        return self._built[shape.name]

    def _build(self, shape: Shape) -> Check | None:
        if shape.type == "structure":
            return self._structure(shape)
        rules = self._rules(shape)
        own = _own_check(rules, shape) if rules else None
        inner = self._inner(shape)
        if own is None or inner is None:
            return own or inner
        return lambda value, path, name: _chain(own, inner, value, path, name)

    def _structure(self, shape: Shape) -> Check | None:
        required = [(name, _spelled(name)) for name in shape.required]
        checks = {
            name: (_spelled(name), check)
            for name, member in shape.members.items()
            if self._within and (check := self.of(member.shape)) is not None
        }
        if not required and not checks:
            return None

        def check_structure(value: Any, path: str, name: str) -> Iterator[Problem]:
            prefix = f"{path}." if path else ""
            for member, spelled in required:
                if member not in value:
                    yield Problem(prefix + spelled, member, None, NOT_NULL)
            for member, (spelled, check) in checks.items():
                if member in value:
                    yield from check(value[member], prefix + spelled, member)

        return check_structure

    def _inner(self, shape: Shape) -> Check | None:
        element = shape.element or shape.value
        if element is None or element.shape.type not in ("structure", "list", "map"):
            return None
        check = self.of(element.shape)
        if check is None:
            return None

        def check_all(value: Any, path: str, name: str) -> Iterator[Problem]:
            items = value.items() if isinstance(value, dict) else enumerate(value, start=1)
            for place, item in items:
                yield from check(item, f"{path}.{place}.member", name)

        return check_all

    def _rules(self, shape: Shape) -> list[Rule]:
        if not self._constrain or shape.name in self._lenient:
            return []
        is_spelled = shape.name in self._spelled
        rules = [] if is_spelled else list(_scalar_rules(shape))
        rules = rules or list(_size_rules(shape))
        if shape.name in self._listed:
            rules.append(_listed_rule(self._listed[shape.name]))
        elif shape.element is not None:
            rules += _element_rule(shape.element, "Member must satisfy constraint: ", NOT_NULL)
        if shape.key is not None and shape.value is not None:
            rules += _entry_rule(shape.key, "Map keys must satisfy constraint: ", keys=True)
            rules += _entry_rule(shape.value, "Map value must satisfy constraint: ", keys=False)
        return rules


def _run(check: Check | None, value: Any, path: str, name: str) -> Iterator[Problem]:
    return check(value, path, name) if check else iter(())


def _chain(own: Check, inner: Check, value: Any, path: str, name: str) -> Iterator[Problem]:
    yield from own(value, path, name)
    yield from inner(value, path, name)


def _own_check(rules: list[Rule], shape: Shape) -> Check:
    sensitive = bool(shape.traits.get("sensitive"))

    def check(value: Any, path: str, name: str) -> Iterator[Problem]:
        for rule in rules:
            constraint = rule(value)
            if constraint is not None:
                yield Problem(path, name, _printed(value, shape), constraint, sensitive)

    return check


def _scalar_rules(shape: Shape) -> Iterator[Rule]:
    traits = shape.traits
    if "enum" in traits:
        yield _enum_rule(traits["enum"])
    elif shape.type == "string":
        yield from _size_rules(shape)
        pattern = compiled(traits.get("pattern"))
        if pattern is not None:
            yield _pattern_rule(pattern, traits["pattern"])
    elif shape.type in ("integer", "long", "float", "double"):
        yield from _bounds(traits, "value", lambda value: value)


def _size_rules(shape: Shape) -> Iterator[Rule]:
    if shape.type in ("string", "list", "map", "blob"):
        yield from _bounds(shape.traits, "length", len)


def _bounds(traits: Any, measure: str, size: Callable[[Any], Any]) -> Iterator[Rule]:
    if "min" in traits:
        yield _bound_rule(size, measure, "greater", traits["min"], lambda n, low: n >= low)
    if "max" in traits:
        yield _bound_rule(size, measure, "less", traits["max"], lambda n, high: n <= high)


def _bound_rule(
    size: Callable[[Any], Any],
    measure: str,
    side: str,
    bound: float,
    holds: Callable[[Any, Any], bool],
) -> Rule:
    text = f"Member must have {measure} {side} than or equal to {bound}"
    return lambda value: None if holds(size(value), bound) else text


def _pattern_rule(pattern: re.Pattern[str], shown: str) -> Rule:
    text = f"Member must satisfy regular expression pattern: {shown}"
    return lambda value: None if pattern.fullmatch(value) else text


def _enum_rule(values: list[str]) -> Rule:
    allowed = frozenset(values)
    text = _enum_text(values)
    return lambda value: None if value in allowed else text


def _listed_rule(values: Sequence[str]) -> Rule:
    """As https://github.com/aws-cloudformation/cfn-lint/issues/4427 has it."""
    text = f"Member must satisfy enum value set: [{', '.join(values)}]"
    return lambda elements: None if set(elements) <= set(values) else text


def _element_rule(element: Member, prefix: str, *more: str) -> list[Rule]:
    rules = list(_scalar_rules(element.shape))
    if not rules:
        return []
    text = f"{prefix}[{', '.join([*_texts(element.shape), *more])}]"
    return [lambda values: text if any(rule(v) for v in values for rule in rules) else None]


def _entry_rule(entry: Member, prefix: str, *, keys: bool) -> list[Rule]:
    """What is said of a map's values names that they must not be null, what of its keys does not.

    As AWS answered in pf-lambda-alias-additional-version-not-latest, pf-lambda-env-key-start-letter
    and pf-lambda-alias-version-weight-range of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """

    def of_map(rule: Rule) -> Rule:
        return lambda value: rule(value if keys else value.values())

    more = () if keys else (NOT_NULL,)
    return [of_map(rule) for rule in _element_rule(entry, prefix, *more)]


def _texts(shape: Shape) -> list[str]:
    """Every constraint of a scalar shape as text, in the order AWS lists them: bounds reversed."""
    traits = shape.traits
    if "enum" in traits:
        return [_enum_text(traits["enum"])]
    measure = "length" if shape.type == "string" else "value"
    texts = []
    if "max" in traits:
        texts.append(f"Member must have {measure} less than or equal to {traits['max']}")
    if "min" in traits:
        texts.append(f"Member must have {measure} greater than or equal to {traits['min']}")
    if "pattern" in traits:
        texts.append(f"Member must satisfy regular expression pattern: {traits['pattern']}")
    return texts


def _enum_text(values: list[str]) -> str:
    return f"Member must satisfy enum value set: [{', '.join(set_order(values))}]"


def _printed(value: Any, shape: Shape) -> str:
    """As Java prints it; structures as in https://github.com/nubo-db/dynoxide/issues/11."""
    if isinstance(value, bytes):
        return "java.nio.HeapByteBuffer"
    if isinstance(value, list) and shape.element:
        return f"[{', '.join(_printed(item, shape.element.shape) for item in value)}]"
    if isinstance(value, dict) and shape.value:
        entries = (f"{key}={_printed(item, shape.value.shape)}" for key, item in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, dict):
        members = (
            f"{_spelled(name)}="
            + (_printed(value[name], member.shape) if name in value else "null")
            for name, member in shape.members.items()
        )
        return f"{shape.name}({', '.join(members)})"
    return str(value)


def _spelled(name: str) -> str:
    """A member's name as AWS's validation spells it: functionName, s3Bucket."""
    return name[:1].lower() + name[1:]
