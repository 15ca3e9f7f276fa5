"""Something that others made and a stack may not have: how it is made, looked at and taken away.

`<name>`, `<function>` and others stand for texts that `filled` puts in their places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A service, its operation, and the parameters.
Call = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Outsider:
    """One type.

    Attributes:
        properties: what a template says of it, with which one it is.
        make: makes one by its service's API, other than the template would.
        look: shows what is there of it.
        undo: takes it away.
        told: what the stack's event says.
        identity: what the template says which one it is with: its name, or what it belongs to.
    """

    properties: dict[str, Any]
    make: Call
    look: Call
    undo: Call
    told: str = ""
    identity: str = "name"


def filled(node: Any, texts: Mapping[str, str]) -> Any:
    """Parameters or properties with the texts in their places; documents as text stay text."""
    if isinstance(node, Mapping):
        return {name: filled(value, texts) for name, value in node.items()}
    if isinstance(node, list):
        return [filled(value, texts) for value in node]
    if isinstance(node, str):
        for name, text in texts.items():
            node = node.replace(f"<{name}>", text)
    return node
