"""What a deployed stack says its resources should be: its template, with references resolved. Pure.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_IN_SUB = re.compile(r"\$\{([^}!]+)\}")


class Unresolvable(Exception):
    """A reference whose value cannot be known from the template and the resources' names."""


@dataclass(frozen=True)
class Place:
    """Where a stack is: what the pseudo parameters stand for."""

    account: str
    region: str
    partition: str = "aws"


@dataclass(frozen=True)
class Declared:
    """A resource as its stack says it should be.

    Attributes:
        logical_id: its name in the template.
        type: CloudFormation's, such as "AWS::SQS::Queue".
        physical_id: what it is called in its service: a name, URL or ARN.
        properties: resolved; those that cannot be resolved are left out.
        unknown: names of the properties that were left out.
    """

    logical_id: str
    type: str
    physical_id: str
    properties: Mapping[str, Any]
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stack:
    """All of one stack.

    Attributes:
        resources: those that exist.
        outputs: key -> value.
    """

    resources: tuple[Declared, ...]
    outputs: Mapping[str, str] = field(default_factory=dict)

    def of_type(self, resource_type: str) -> list[Declared]:
        """Its resources of a type."""
        return [one for one in self.resources if one.type == resource_type]


def read(template: Mapping[str, Any], ids: Mapping[str, str], place: Place) -> Stack:
    """The stack of a template.

    Args:
        template: as `GetTemplate` returns it, parsed.
        ids: logical id -> physical id of the resources that exist.
        place: where the stack is.
    """
    # A stack that waits for its first change set has none yet.
    stated = template.get("Resources", {})
    types = {name: one["Type"] for name, one in stated.items()}
    resolver = _Resolver(types, ids, place)
    resources = []
    for name, physical_id in ids.items():
        if name not in types:
            continue
        said = stated[name].get("Properties", {})
        known, unknown = resolver.each(said)
        resources.append(Declared(name, types[name], physical_id, known, frozenset(unknown)))
    outputs = {key: one["Value"] for key, one in template.get("Outputs", {}).items()}
    return Stack(tuple(resources), resolver.each(outputs)[0])


class _Resolver:
    def __init__(self, types: Mapping[str, str], ids: Mapping[str, str], place: Place) -> None:
        self._types, self._ids, self._place = types, ids, place
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._attribute,
            "Fn::Join": lambda given: str(given[0]).join(map(str, self.value(given[1]))),
            "Fn::Select": lambda given: self.value(given[1])[int(given[0])],
            "Fn::Split": lambda given: str(self.value(given[1])).split(given[0]),
            "Fn::Sub": self._sub,
        }

    def each(self, said: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        """The values that can be resolved, and the names of the others."""
        known, unknown = {}, []
        for name, value in said.items():
            try:
                known[name] = self.value(value)
            except Unresolvable:
                unknown.append(name)
        return known, unknown

    def value(self, said: Any) -> Any:
        if isinstance(said, list):
            return [self.value(one) for one in said]
        if not isinstance(said, Mapping):
            return said
        if len(said) == 1:
            [(name, given)] = said.items()
            if name in self._functions:
                return self._functions[name](given)
            if name.startswith("Fn::"):
                raise Unresolvable(name)
        return {key: self.value(one) for key, one in said.items()}

    def _ref(self, name: str) -> str:
        pseudo = {
            "AWS::AccountId": self._place.account,
            "AWS::Region": self._place.region,
            "AWS::Partition": self._place.partition,
        }
        found = pseudo.get(name) or self._ids.get(name)
        if found is None:
            raise Unresolvable(name)
        return found

    def _attribute(self, given: str | list[str]) -> str:
        name, attribute = given.split(".", 1) if isinstance(given, str) else given
        physical_id, kind = self._ref(name), self._types.get(name, "")
        if physical_id.startswith("arn:") and attribute.endswith("Arn"):
            return physical_id
        last = physical_id.rpartition("/")[2]
        known = {
            ("AWS::SQS::Queue", "Arn"): ("sqs", last),
            ("AWS::Lambda::Function", "Arn"): ("lambda", f"function:{physical_id}"),
            ("AWS::DynamoDB::Table", "Arn"): ("dynamodb", f"table/{physical_id}"),
        }
        if (kind, attribute) in known:
            service, rest = known[kind, attribute]
            place = self._place
            return f"arn:{place.partition}:{service}:{place.region}:{place.account}:{rest}"
        if (kind, attribute) == ("AWS::IAM::Role", "Arn"):
            # Roles of the stacks have no path, and belong to no Region.
            place = self._place
            return f"arn:{place.partition}:iam::{place.account}:role/{physical_id}"
        if (kind, attribute) == ("AWS::SQS::Queue", "QueueName"):
            return last
        raise Unresolvable(f"{name}.{attribute}")

    def _sub(self, given: str | list[Any]) -> str:
        if not isinstance(given, str):
            raise Unresolvable("Fn::Sub with variables")
        return _IN_SUB.sub(
            lambda match: self._attribute(match[1]) if "." in match[1] else self._ref(match[1]),
            given,
        )
