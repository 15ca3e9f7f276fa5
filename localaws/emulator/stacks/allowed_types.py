"""The types that a request lets a stack have (`ResourceTypes`).

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
The words: recordings of AWS's answers in https://github.com/localstack/localstack
(tests/aws/services/cloudformation/api/test_update_stack.snapshot.json).
"""

from collections.abc import Mapping, Sequence
from typing import Any


def type_not_allowed(template: Mapping[str, Any], allowed: Sequence[str]) -> str | None:
    """What AWS says of a template with another type; None where all are allowed.

    Args:
        allowed: names of types, or what such names begin with and a star; none where all are.

    >>> type_not_allowed({"Resources": {"It": {"Type": "AWS::SNS::Topic"}}}, ["AWS::EC2::*"])
    'Resource type AWS::SNS::Topic is not allowed by parameter ResourceTypes [AWS::EC2::*]'
    """
    for definition in (template.get("Resources") or {}).values():
        kind = str(definition.get("Type"))
        if allowed and not any(_is_one(kind, name) for name in allowed):
            listed = ", ".join(allowed)
            return f"Resource type {kind} is not allowed by parameter ResourceTypes [{listed}]"
    return None


def _is_one(kind: str, name: str) -> bool:
    stem = name.removesuffix("::*")
    return kind == name or (stem != name and kind.startswith(f"{stem}::"))
