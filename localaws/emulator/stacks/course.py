"""In which order things that need each other begin, answer and end, where all that can goes on.

AWS begins every resource whose dependencies are done. Here one call is made after the other, so
that the same template has the same events each time, however busy the machine is; which comes when
is told by moments of no length that only this module knows. Pure.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

import heapq
from collections.abc import Collection, Mapping
from enum import IntEnum


class Turn(IntEnum):
    """What happens to one thing. At one moment, in this order."""

    END = 0
    BEGIN = 1
    CALL = 2


class Course:
    """Tells the steps one by one; who takes them says which follows.

    Each thing begins by itself once all that it needs has ended. One that never ends keeps back
    what needs it.

    Args:
        needs: name -> the names of what must have ended before; others than these count for none.

    >>> course = Course({"Queue": [], "Alarm": ["Queue"]})
    >>> course.next()
    (<Turn.BEGIN: 1>, 'Queue')
    """

    def __init__(self, needs: Mapping[str, Collection[str]]) -> None:
        self._moment = 0
        self._steps: list[tuple[int, Turn, str]] = []
        self._waits = {
            name: {one for one in before if one in needs and one != name}
            for name, before in needs.items()
        }
        for name, before in self._waits.items():
            if not before:
                self.follow(name, Turn.BEGIN)

    def next(self) -> tuple[Turn, str] | None:
        """What happens next, and to which; None when nothing more does."""
        if not self._steps:
            return None
        self._moment, step, name = heapq.heappop(self._steps)
        if step is Turn.END:
            for other, before in self._waits.items():
                if name in before:
                    before.remove(name)
                    if not before:
                        self.follow(other, Turn.BEGIN)
        return step, name

    def follow(self, name: str, step: Turn, moments: int = 0) -> None:
        """Let a step of one thing come so many moments after this one."""
        heapq.heappush(self._steps, (self._moment + moments, step, name))


# A nested stack is done long after what stands beside it; what else there is takes equally long.
_LONG = 1_000
_NESTED = "AWS::CloudFormation::Stack"


def moments_until_call(kind: str) -> int:
    """How long after its beginning it is known how a resource's own call ends.

    A service refuses at once; a nested stack fails when something in it has failed.
    """
    return _LONG if kind == _NESTED else 0


def moments_until_end(kind: str) -> int:
    """How long after its call a resource is complete."""
    return 0 if kind == _NESTED else 1
