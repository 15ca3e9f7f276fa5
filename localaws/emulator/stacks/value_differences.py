"""What differs between two documents, part by part. Pure.

How a path looks: `/Properties/Environment/Variables/TABLE`, `/Properties/Tags/0/Value`.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ValueDifference:
    """One part.

    Attributes:
        path: where it stands.
        before: its text, JSON for a document; None where there was none.
        after: likewise.
    """

    path: str
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        """What happens to the part; "" where that is not known."""
        if self.before is None and self.after is None:
            return ""
        if self.before is None:
            return "Add"
        return "Remove" if self.after is None else "Modify"


def differences(before: Any, after: Any, path: str) -> list[ValueDifference]:
    """Each smallest part that is not the same; None stands for nothing.

    >>> [one.path for one in differences({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, "/P")]
    ['/P/b']
    """
    if before == after:
        return []
    was: Mapping[Any, Any]
    now: Mapping[Any, Any]
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        was, now = before, after
    elif isinstance(before, list) and isinstance(after, list):
        was, now = dict(enumerate(before)), dict(enumerate(after))
    else:
        return [ValueDifference(path, _text(before), _text(after))]
    return [
        found
        for name in {**was, **now}
        for found in differences(was.get(name), now.get(name), f"{path}/{name}")
    ]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))
