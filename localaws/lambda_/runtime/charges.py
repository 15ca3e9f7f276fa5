"""What a handler's work is charged where time stands while it runs.

Real milliseconds are the machine's, and depend on what else it does; so none of them counts. The
rule, the same on every machine:

- starting a process and importing the handler's module: `INIT_S`;
- an invocation: `INVOKE_S`, beside its `time.sleep` and the synchronous invocations it waits for;
- what a handler computes, in whole seconds of its processor's time; less than one is nothing;
- what it waits for in other ways (a socket, a thread), once that is `PATIENCE_S` in one step of its
  work, in whole seconds.

The first two are choices: on AWS a small Python handler's init phase takes about so long, and its
invocation a few milliseconds.
"""

import os
import sys
from dataclasses import dataclass

INIT_S = 0.12
INVOKE_S = 0.003
PATIENCE_S = 5


@dataclass(frozen=True)
class Used:
    """What a process has used so far.

    Attributes:
        processor_s: its processor's time.
        queued_s: how long it could have run, and another process did.
    """

    processor_s: float = 0.0
    queued_s: float = 0.0


def used(pid: int) -> Used | None:
    """Of a process with all its threads; None while it cannot be told.

    Anywhere but on Linux it is nothing: a handler that computes is charged there as one that waits.
    """
    if sys.platform != "linux":
        return Used()
    processor_ns, queued_ns = 0, 0
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  (looked at often)
            with open(f"/proc/{pid}/task/{thread}/schedstat", "rb") as file:  # noqa: PTH123
                ran, queued, *_ = file.read().split()
            processor_ns += int(ran)
            queued_ns += int(queued)
    except (OSError, ValueError):  # a thread, or all of it, ended meanwhile
        return None
    return Used(processor_ns / 1e9, queued_ns / 1e9)


class Meter:
    """Adds up what one step of a handler's work is charged for what it computes and waits for."""

    def __init__(self, pid: int, real_s: float) -> None:
        self._pid = pid
        self._before = used(pid) or Used()
        self._since_s = real_s
        self._charged_s = 0

    def owed_s(self, real_s: float) -> int:
        """How many whole seconds have been added since this was last asked.

        Args:
            real_s: a reading of the event loop's clock, as at construction.
        """
        now = used(self._pid)
        if now is None:
            return 0
        computed_s = now.processor_s - self._before.processor_s
        waited_s = real_s - self._since_s - computed_s - (now.queued_s - self._before.queued_s)
        due_s = int(max(computed_s, 0)) + (int(waited_s) if waited_s >= PATIENCE_S else 0)
        owed_s = max(0, due_s - self._charged_s)
        self._charged_s += owed_s
        return owed_s
