"""What the CDK CLI's lines say of stacks: the events that it prints while it deploys.

With `--progress events` it prints one line per event:
`STACK | done/total | time | STATUS | type | path (LogicalId) reason`. Whatever else it prints is
only of interest when it fails.
"""

import re

from workshop.stacks.activity import StackEvent, StackProgress, progress
from workshop.stacks.following import OnStack

_LINE = re.compile(
    r"(?P<stack>[\w-]+) \|\s*(?P<done>\d+)/(?P<total>\d+) \| (?P<time>[^|]+) \| "
    r"(?P<status>[A-Z_]+)\s+\| "
    r"(?P<type>\S+)\s*\| (?P<rest>.*)"
)
_UNCHANGED = re.compile(r"\W*(?P<stack>[\w-]+) \(no changes\)")
# The CLI writes times of day in the person's own language: "5:56:57 PM", "17:56:57", "17.56.57".
# Whether it is morning makes no difference to a length of less than half a day.
_TIME = re.compile(r"(\d{1,2})[:.](\d\d)[:.](\d\d)")
_HALF_A_DAY_S = 12 * 3600
_REST = re.compile(r"(?P<path>\S+)(?: \((?P<id>\w+)\))? ?(?P<reason>.*)")


class CdkLines:
    """Reads the lines of one deployment.

    Args:
        on_stack: is told how far each stack is.
    """

    def __init__(self, on_stack: OnStack | None) -> None:
        self._on_stack = on_stack
        self._events: dict[str, list[StackEvent]] = {}
        self._totals: dict[str, int] = {}
        self._began_s: dict[str, int] = {}
        self.unchanged: set[str] = set()
        """Stacks that were as they should be."""

    def take(self, line: str) -> bool:
        """Read one line; whether it was about a stack."""
        if (same := _UNCHANGED.fullmatch(line.strip())) and self._on_stack:
            self.unchanged.add(same["stack"])
            self._on_stack(StackProgress(same["stack"], "UPDATE_COMPLETE"))
            return True
        if not (found := _LINE.fullmatch(line.strip())):
            return False
        rest = _REST.fullmatch(found["rest"].strip())
        if rest is None:
            return False
        name, kind = found["stack"], found["type"]
        at_s = self._since_beginning(name, found["time"])
        event = StackEvent(rest["id"] or rest["path"], kind, found["status"], rest["reason"], at_s)
        self._events.setdefault(name, []).append(event)
        # The CLI counts the stack itself as well.
        self._totals[name] = max(int(found["total"]) - 1, 0)
        if self._on_stack:
            self._on_stack(self._progress(name))
        return True

    def failed(self) -> list[StackProgress]:
        """The stacks that were not made or changed as they should be."""
        found = map(self._progress, self._events)
        return [one for one in found if one.failure]

    def _since_beginning(self, name: str, time: str) -> int | None:
        """Seconds from the stack's first event: lines come in sheaves, after what they tell."""
        if not (told := _TIME.search(time)):
            return None
        hour, minute, second = map(int, told.groups())
        at_s = hour * 3600 + minute * 60 + second
        return (at_s - self._began_s.setdefault(name, at_s)) % _HALF_A_DAY_S

    def _progress(self, name: str) -> StackProgress:
        return progress(name, self._events[name], self._totals[name])
