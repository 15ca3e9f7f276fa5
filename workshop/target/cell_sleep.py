"""`time.sleep` in a notebook's cell: AWS's time passes, as it does on a real account.

On the embedded AWS time stands between waits, so a cell that sleeps for 30 seconds and looks then
would sleep for ever in vain. In a notebook's own cells, and nowhere else in its kernel,
`time.sleep` is `lab.clock.sleep`.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from workshop.target.clock import Clock

_CELLS = "__main__"  # the module whose globals a notebook's cells have


class CellSleep:
    """In place of `time.sleep`: the clock's for cells, the real one for everything else."""

    def __init__(self, real: Callable[[Any], None], clock: Clock) -> None:
        self.real = real
        self.clock = clock

    def __call__(self, seconds: Any, /) -> None:
        """Sleep; errors are those of `time.sleep`."""
        caller = sys._getframe(1).f_globals.get("__name__")
        if caller != _CELLS or not isinstance(seconds, int | float) or not seconds > 0:
            self.real(seconds)
        else:
            self.clock.sleep(seconds)


def install(clock: Clock) -> None:
    """Let cells sleep on this clock from now on; on a clock like everybody's nothing changes."""
    now = time.sleep
    real = now.real if isinstance(now, CellSleep) else now
    time.sleep = CellSleep(real, clock) if clock.is_virtual else real
