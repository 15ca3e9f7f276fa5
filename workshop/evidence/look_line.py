"""One line for looks into queues on an account, each of which takes seconds.

SQS is asked by long polls, so that no server of it is left out: an empty queue takes two seconds,
and one with messages as long after the last of them.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from workshop.counting import counted
from workshop.progress import ProgressLine
from workshop.target.session import Session
from workshop.target.telling import because

LONG_POLL_S = 2
_CAUSE = "a long poll asks all of SQS's servers"


class LookLine:
    """The line of some looks that belong together.

    Args:
        total: into how many queues; 0 where that is not known.
        now_s: seconds that only grow.
    """

    def __init__(self, total: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._total, self._now_s = total, now_s
        self._line, self._began_s, self._queues = ProgressLine(now_s), now_s(), 0

    def begin(self, name: str) -> None:
        """Say which queue is looked into now, and how long that and the others take."""
        self._queues += 1
        left = max(self._total - self._queues, 0) + 1
        number = f", {self._queues} of {self._total}" if self._total > 1 else ""
        self._line.update(
            f"looking into {name}{number}{because(_CAUSE)}: about {left * LONG_POLL_S} s left"
        )

    def ended(self) -> AbstractContextManager[None]:
        """Let no error, and no Ctrl-C, leave the line as if the look went on."""
        return self._line.ended()

    def end(self) -> None:
        """Say how long it took."""
        took_s = self._now_s() - self._began_s
        queues = counted(self._queues, "queue")
        self._line.finish(f"looked into {queues}: {took_s:.0f} s{because(_CAUSE)}")


@contextmanager
def look_line(session: Session, total: int = 0) -> Iterator[Callable[[str], None]]:
    """What is to be called with the name of each queue before it is looked into.

    Looks within looks share a line. Where nobody has to wait, or a wait has a line of its own,
    there is none.
    """
    waits = session.waits
    if session.clock.is_virtual or waits.is_looking:
        yield lambda _: None
        return
    if waits.look_line is not None:
        yield waits.look_line
        return
    line = LookLine(total)
    waits.look_line = line.begin
    try:
        with line.ended():
            yield line.begin
        line.end()
    finally:
        waits.look_line = None
