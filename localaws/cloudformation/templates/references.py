"""What a part of a template refers to: by Ref, Fn::GetAtt, Fn::Sub, Fn::If and Condition.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PSEUDO_PARAMETERS = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NoValue",
        "NotificationARNs",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)
FUNCTIONS = frozenset(
    f"Fn::{name}"
    for name in (
        "And",
        "Base64",
        "Cidr",
        "Equals",
        "FindInMap",
        "GetAZs",
        "GetAtt",
        "GetStackOutput",
        "If",
        "ImportValue",
        "Join",
        "Length",
        "Not",
        "Or",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
    )
)
_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


@dataclass(frozen=True)
class Reference:
    """One mention of something else.

    Attributes:
        by: "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::ImportValue", or a function that has no
            place in a value: those of rules, and what there is not.
        name: of a parameter, resource or condition; "" of others.
        attribute: of a resource, where one is asked for.
    """

    by: str
    name: str
    attribute: str = ""

    @property
    def is_unsupported(self) -> bool:
        """Whether the function is the mistake."""
        return self.by.startswith("Fn::") and self.by not in FUNCTIONS


def references(node: Any, conditions: Mapping[str, bool] | None = None) -> Iterator[Reference]:
    """All that is mentioned in a value.

    Args:
        conditions: how they turned out: the other branch of an Fn::If then does not count.
    """
    if isinstance(node, list):
        for item in node:
            yield from references(item, conditions)
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _of_member(key, value, is_alone=len(node) == 1, conditions=conditions)


def _of_member(
    key: Any, value: Any, *, is_alone: bool, conditions: Mapping[str, bool] | None
) -> Iterator[Reference]:
    if key == "Ref" and is_alone and isinstance(value, str):
        yield Reference("Ref", value)
    elif key == "Fn::GetAtt" and is_alone:
        name, _, attribute = value.partition(".") if isinstance(value, str) else _pair(value)
        yield Reference(key, name, attribute)
    elif key == "Fn::Sub" and is_alone:
        yield from _of_sub(value, conditions)
    elif key == "Fn::If" and isinstance(value, list) and value and isinstance(value[0], str):
        yield Reference(key, value[0])
        taken = value[1:]
        if conditions is not None and len(value) == 3:
            taken = [value[1] if conditions.get(value[0]) else value[2]]
        yield from references(taken, conditions)
    else:
        known = FUNCTIONS - {"Fn::ImportValue"}
        if isinstance(key, str) and key.startswith("Fn::") and is_alone and key not in known:
            yield Reference(key, "")
        yield from references(value, conditions)


def _pair(value: Any) -> tuple[str, str, str]:
    if not isinstance(value, list) or not value or not isinstance(value[0], str):
        return "", "", ""
    return value[0], ".", value[1] if len(value) > 1 and isinstance(value[1], str) else ""


def _of_sub(value: Any, conditions: Mapping[str, bool] | None) -> Iterator[Reference]:
    text, own = value, {}
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], Mapping):
        text, own = value
        yield from references(list(own.values()), conditions)
    if isinstance(text, str):
        for variable in _VARIABLE.findall(text):
            if variable not in own:
                name, _, attribute = variable.strip().partition(".")
                yield Reference("Fn::Sub", name, attribute)
