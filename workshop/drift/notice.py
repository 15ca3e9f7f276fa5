"""What a comparison found, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from workshop import html
from workshop.drift.comparison import Compared, Difference
from workshop.target.commands import remaking
from workshop.target.target import Target

_UNITS = {
    "VisibilityTimeout": "s",
    "MessageRetentionPeriod": "s",
    "DelaySeconds": "s",
    "ReceiveMessageWaitTimeSeconds": "s",
    "Timeout": "s",
    "MaximumBatchingWindowInSeconds": "s",
    "MaximumEventAgeInSeconds": "s",
    "Period": "s",
    "MaximumMessageSize": "bytes",
    "MemorySize": "MB",
}
_LONGEST = 60
# What follows the list: it is not known whose doing it is.
WHOSE = (
    "Left so by a lesson, or a removal of the stacks, that did not come to its end, unless another "
    "notebook is in the middle of one right now, or you changed it on purpose. Nothing was changed "
    "back."
)
REMEDY = "lab.put_back() restores all of it, lab.put_back(PATTERN) that of one pattern."
LATE = "AWS can show a queue's new attributes a minute late: if they were just set, look again."
OFF = "A disabled mapping fetches nothing: switch it on before a lesson that sends to its queue."
GONE = "What is gone cannot be put back, only made anew with its stack."


class Drift:
    """What is not as the stacks say; shows itself as sentences.

    Attributes:
        differences: one for each setting.
        unreadable: what nothing is known of, with the reason.
        compared: how many settings were compared.
    """

    def __init__(
        self, found: Compared, *, is_late: bool = False, target: Target | None = None
    ) -> None:
        self.differences = found.differences
        self.unreadable = found.unreadable
        self.compared, self._is_late, self._target = found.compared, is_late, target or Target()

    def __bool__(self) -> bool:
        return bool(self.differences)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.differences)

    @property
    def lines(self) -> list[str]:
        """One sentence for each setting."""
        return [told(one) for one in self.differences]

    @property
    def remarks(self) -> list[str]:
        """What there is to say about them."""
        remarks = [WHOSE, REMEDY] if self else []
        if self._is_late and any(one.kind.is_late for one in self.differences):
            remarks.append(LATE)
        if any(one.setting == "Enabled" and not one.found for one in self.differences):
            remarks.append(OFF)
        if any(not one.setting for one in self.differences):
            remarks.append(f"{GONE} {remaking(self._target)}.")
        if self.unreadable:
            remarks.append(f"Could not be compared: {'; '.join(self.unreadable)}.")
        return remarks

    def __repr__(self) -> str:
        if not self:
            return "\n".join([self._nothing, *self.remarks])
        return "\n".join([f"{self._title}:", *(f"  {one}" for one in self.lines), *self.remarks])

    def _repr_html_(self) -> str:
        if not self:
            return html.note(html.GOOD, self._nothing, *self.remarks)
        parts = [html.items(self.lines), *self.remarks]
        return html.note(html.WAITING, self._title, *parts)

    @property
    def _nothing(self) -> str:
        if not self.compared:
            return "No setting was compared."
        return f"All {self.compared} settings that were compared are as the stacks say."

    @property
    def _title(self) -> str:
        return "Not as the stacks say"


def told(one: Difference) -> str:
    """A difference as a sentence."""
    where = f"{one.pattern}, {one.resource}"
    if not one.setting:
        return f"{where}: it is gone"
    name, found, said = _facts(one)
    return f"{where}: {name} is {found}, the stack says {said}"


def mended(one: Difference) -> str:
    """A difference that is no more, as a sentence."""
    name, found, said = _facts(one)
    return f"{one.pattern}, {one.resource}: {name} was {found}, is {said} again"


def _facts(one: Difference) -> tuple[str, str, str]:
    """What is set, what it is, what the stack says."""
    if one.setting == "Enabled":
        states = {True: "enabled", False: "disabled"}
        return "it", states[one.found], states[one.said]
    name, found, said = one.setting, one.found, one.said
    if isinstance(found, Mapping) and isinstance(said, Mapping):
        keys = [key for key in {**said, **found} if said.get(key) != found.get(key)]
        if len(keys) == 1:
            name, found, said = f"{name} {keys[0]}", found.get(keys[0]), said.get(keys[0])
    unit = _UNITS.get(one.setting, "")
    return name, _value(found, unit), _value(said, unit)


def _value(value: Any, unit: str) -> str:
    if value is None or value in ({}, [], ""):
        return "none"
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = value if isinstance(value, str) else _short(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"{value:g} {unit}".strip() if isinstance(value, float) else f"{value} {unit}".strip()


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_short(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_short(one) for one in value)
    text = str(value)
    return text.rpartition(":")[2] if text.startswith("arn:") else text
