"""Behind whom a message of a FIFO queue waits: earlier ones of its message group. Pure.

While a message of a group is hidden or tried, SQS hands out none of that group that comes after it.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workshop.evidence.lane_waits import UNNAMED_WAIT_S
from workshop.evidence.lanes import spoken_s

# How the cause of such a wait begins: its end is that of a visibility timeout, so it is foretold.
BEHIND = "behind "
# How the cause of the wait before a first receive begins (`evidence.lane_waits`).
_IN_QUEUE = "in the queue"
Message = Mapping[str, Any]
Wait = dict[str, Any]


def waits_in_groups(messages: Sequence[Message]) -> list[list[Wait]]:
    """The waits of each message, those behind others of its group among them.

    Args:
        messages: of the facts, in the order of sending; `group` is "" where there is none.
    """
    groups: dict[str, list[Message]] = {}
    for message in sorted(messages, key=lambda one: (one["sent_s"], _received_s(one))):
        groups.setdefault(message["group"], []).append(message)
    return [_waits(one, _before(one, groups[one["group"]])) for one in messages]


def _before(message: Message, group: Sequence[Message]) -> Sequence[Message]:
    """Those of its group that were sent earlier: what was sent at once was received in order."""
    return group[: group.index(message)] if message["group"] else ()


def _received_s(message: Message) -> float:
    starts = [one["start_s"] for one in message["attempts"]]
    return min([*starts, *(one["at_s"] for one in message["unseen"])], default=float("inf"))


def _waits(message: Message, before: Sequence[Message]) -> list[Wait]:
    at_s, until_s = message["sent_s"], _received_s(message)
    parts: list[Wait] = []
    for other in before:
        for part in _held_back(other, at_s, until_s):
            parts.append(part)
            at_s = part["end_s"]
    own = list(message["waits"])
    if not parts:
        return own
    in_queue = [one for one in own if one["cause"].startswith(_IN_QUEUE)]
    others = [one for one in own if one not in in_queue]
    found = [*(gap for one in in_queue for gap in _between(one, parts)), *parts, *others]
    return sorted(found, key=lambda one: one["start_s"])


def _held_back(other: Message, from_s: float, until_s: float) -> Iterator[Wait]:
    """When, of a time, another one was hidden, or was tried for so long that one sees it."""
    name = other["name"]
    hidden = [one for one in other["waits"] if not one["cause"].startswith(_IN_QUEUE)]
    told = [(one["start_s"], one["end_s"], one) for one in hidden]
    told += [
        (one["start_s"], one["end_s"], {})
        for one in other["attempts"]
        if one["end_s"] is not None and one["end_s"] - one["start_s"] > UNNAMED_WAIT_S
    ]
    for start_s, end_s, wait in sorted(told, key=lambda one: one[:2]):
        start_s, end_s = max(start_s, from_s), min(end_s, until_s)
        if end_s <= start_s:
            continue
        from_s = end_s
        own = {"cause": f"while {name} of its group is tried", "told": _tried(name)}
        if wait:
            own = {"cause": f"{BEHIND}{name} of its group", "told": _hidden(name, wait)}
        setting = {key: wait[key] for key in ("setting", "set_s") if key in wait}
        yield _timed(own, start_s, end_s) | setting | {"behind": other["id"]}


def _hidden(name: str, wait: Mapping[str, Any]) -> str:
    told = f"{BEHIND}{name} of its group"
    return f"{told}, which its visibility timeout hides" if "setting" in wait else told


def _tried(name: str) -> str:
    return f"{BEHIND}{name} of its group, which is tried"


def _between(wait: Wait, parts: Sequence[Wait]) -> Iterator[Wait]:
    """What is left of a wait where nobody was in front."""
    starts = [wait["start_s"], *(part["end_s"] for part in parts)]
    ends = [*(part["start_s"] for part in parts), wait["end_s"]]
    for start_s, end_s in zip(starts, ends, strict=True):
        if end_s - start_s > UNNAMED_WAIT_S:
            yield _timed({"cause": _IN_QUEUE, "told": wait["told"]}, start_s, end_s)


def _timed(wait: Mapping[str, Any], start_s: float, end_s: float) -> Wait:
    length = spoken_s(end_s - start_s)
    times = {"start_s": start_s, "end_s": end_s, "length_s": round(end_s - start_s, 3)}
    return {**times, "length": length, **wait, "cause": f"{wait['cause']} {length}"}
