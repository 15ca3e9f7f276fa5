"""`time.sleep` in a notebook's cell: AWS's time passes, as it does on a real account.

On the embedded AWS time stands between waits, so a cell that sleeps for 30 seconds and looks then
would sleep for ever in vain. In a notebook's own cells and in boto3's waiters, and nowhere else in
its kernel, `time.sleep` is `lab.clock.sleep`.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from workshop.target.clock import Clock

# A notebook's cells have the globals of the first of these modules.
_WAIT_FOR_AWS = ("__main__", "botocore.waiter")


class CellSleep:
    """In place of `time.sleep`: the clock's for who waits for AWS, else the real one."""

    def __init__(self, real: Callable[[Any], None], clock: Clock) -> None:
        self.real = real
        self.clock = clock

    def __call__(self, seconds: Any, /) -> None:
        """Sleep; errors are those of `time.sleep`."""
        caller = sys._getframe(1).f_globals.get("__name__")
        if caller not in _WAIT_FOR_AWS or not isinstance(seconds, int | float) or not seconds > 0:
            self.real(seconds)
        else:
            self.clock.sleep(seconds)


def install(clock: Clock) -> None:
    """Let who waits for AWS sleep on this clock from now on; nothing changes on a real account."""
    now = time.sleep
    real = now.real if isinstance(now, CellSleep) else now
    time.sleep = CellSleep(real, clock) if clock.is_virtual else real
