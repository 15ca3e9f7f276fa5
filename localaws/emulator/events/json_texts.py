"""The JSON that ministack's services hand to others, as AWS's write it.

https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html has the order of an
event's fields, as all examples of AWS's do.
"""

import json
import re
from collections.abc import Iterable
from types import ModuleType, SimpleNamespace
from typing import Any

from localaws.emulator.seams import replace
from localaws.words.json_text import compact

_FIELDS = (
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
)
_FRACTION = re.compile(r"\.\d+(?=Z$)")


def write_as_aws(modules: Iterable[ModuleType]) -> None:
    """Let modules that write JSON write it without blanks, and in UTF-8."""
    for module in modules:
        replace(module, "json", SimpleNamespace(**vars(json) | {"dumps": compact}))


def order_events(eventbridge: ModuleType) -> None:
    """Let events have their fields in AWS's order, and their time in seconds."""
    theirs = eventbridge._pattern_event_view

    def view(event: Any) -> Any:
        found = theirs(event).envelope()
        ordered = {name: found[name] for name in _FIELDS if name in found}
        ordered["time"] = _FRACTION.sub("", ordered["time"])
        return eventbridge._EventView({**ordered, **_others(found)}, event.get("Detail", "{}"))

    replace(eventbridge, "_pattern_event_view", view)


def _others(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _FIELDS}
