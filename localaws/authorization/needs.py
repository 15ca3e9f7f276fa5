"""What a call must be allowed to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

EVERYTHING = "*"


@dataclass(frozen=True)
class Need:
    """One action of IAM's on one resource; `*` where the action has no resource of its own.

    Attributes:
        context: what conditions of a policy can ask about this call besides, by IAM's keys.
    """

    action: str
    resource_arn: str
    context: Mapping[str, str] = field(default_factory=dict)


NeedsOf: TypeAlias = Callable[[str, Mapping[str, Any]], list[Need]]
