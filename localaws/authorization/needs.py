"""What a call must be allowed to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

EVERYTHING = "*"


@dataclass(frozen=True)
class Need:
    """One action of IAM's on one resource; `*` where the action has no resource of its own."""

    action: str
    resource_arn: str


NeedsOf: TypeAlias = Callable[[str, Mapping[str, Any]], list[Need]]
