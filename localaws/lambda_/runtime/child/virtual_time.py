"""The handler's clock: real time moved to the endpoint's virtual time.

`time.time`, `datetime.now` and their like follow; `time.monotonic` and timers do not, so that
waiting for I/O stays real. `time.sleep` is charged to the virtual clock.
"""

import sys
import threading
import time
from importlib import import_module
from typing import Any

from .runtime_client import RuntimeClient

_TOLERANCE_S = 0.02
"""An answer is as old as its journey: differences below this are no skip of the clock."""
_LONGEST_SLEEP_S = 1e8


class VirtualTime:
    """Follows the virtual time that the Runtime API tells.

    time_machine takes 30 ms to import, so it is loaded when the times first differ, or after the
    first invocation, while nobody waits for this process.
    """

    def __init__(self, client: RuntimeClient) -> None:
        self._client = client
        self._real_sleep = time.sleep
        self._traveller: Any = None

    def prepare(self) -> None:
        """Load time_machine now."""
        _time_machine()

    def follow(self, now_s: float, *, tolerance_s: float = _TOLERANCE_S) -> None:
        """It is `now_s`. Never steps back for a difference that the journey explains."""
        ahead_s = now_s - time.time()
        if self._traveller is not None:
            if ahead_s > 0 or ahead_s < -_TOLERANCE_S:
                self._traveller.shift(ahead_s)
        elif ahead_s > tolerance_s or ahead_s < -_TOLERANCE_S:
            self._traveller = _time_machine().travel(now_s, tick=True).start()

    def sleep(self, seconds: float) -> None:
        """In place of `time.sleep`."""
        if not isinstance(seconds, int | float) or not 0.001 <= seconds <= _LONGEST_SLEEP_S:
            self._real_sleep(seconds)
            return
        main_thread = threading.current_thread() is threading.main_thread()
        self.follow(self._client.sleep(seconds, main_thread=main_thread), tolerance_s=0.0)

    def install(self) -> None:
        """Follow from now on, and take the place of `time.sleep`."""
        self.follow(self._client.now_s())
        time.sleep = self.sleep  # type: ignore[assignment]

    def forked(self) -> None:
        """Sleep for real: the endpoint knows only the process that this one was forked from."""
        time.sleep = self._real_sleep


def _time_machine() -> Any:
    """time_machine without its extras: importing pytest for a plugin costs 100 ms."""
    extras = [name for name in ("pytest", "dateutil") if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(extras))
    try:
        return import_module("time_machine")
    finally:
        for name in extras:
            del modules[name]
