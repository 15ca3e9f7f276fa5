"""The handler's clock: real time moved to the endpoint's virtual time.

`time.time`, `datetime.now` and their like follow; `time.monotonic` and timers do not, so that
waiting for I/O stays real. `time.sleep` is charged to the virtual clock.
"""

import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from .libraries import Libraries
from .runtime_client import RuntimeClient

_TOLERANCE_S = 0.02
"""An answer is as old as its journey: differences below this are no skip of the clock."""
_LONGEST_SLEEP_S = 1e8

# What time_machine imports for decorators and a pytest plugin that nobody uses here. It is
# prepared to miss the first ones, and takes the others without looking at them.
_NEEDED = ("datetime", "typing", "uuid")
_OPTIONAL = ("pytest", "dateutil")
_UNUSED = ("inspect", "unittest", "zoneinfo")


class _StandIn(ModuleType):
    """A module that has every name, and means nothing by it."""

    def __getattr__(self, name: str) -> type:
        return object


class VirtualTime:
    """Follows the virtual time that the Runtime API tells.

    time_machine takes some 15 ms to import, so it is loaded when the times first differ, or after
    the first invocation, while nobody waits for this process.

    Args:
        client: tells the virtual time.
        stands: between two answers time stands for the handler too, so that how fast this machine
            is gets into nothing that it writes.
    """

    def __init__(
        self, client: RuntimeClient, libraries: Libraries, *, stands: bool = False
    ) -> None:
        self._client = client
        self._libraries = libraries
        self._stands = stands
        self._real_sleep = time.sleep
        self._shift: Callable[[float], None] | None = None

    def prepare(self) -> None:
        """Load time_machine now."""
        load_time_machine(self._libraries)

    def follow(self, now_s: float, *, tolerance_s: float = _TOLERANCE_S) -> None:
        """It is `now_s`. Never steps back for a difference that the journey explains."""
        if self._stands:
            if self._shift is None:
                self._shift = (
                    load_time_machine(self._libraries).travel(now_s, tick=False).start().shift
                )
            else:
                self._shift(now_s - time.time())
            return
        ahead_s = now_s - time.time()
        if self._shift is not None:
            if ahead_s > 0 or ahead_s < -_TOLERANCE_S:
                self._shift(ahead_s)
        elif ahead_s > tolerance_s or ahead_s < -_TOLERANCE_S:
            self._shift = load_time_machine(self._libraries).travel(now_s, tick=True).start().shift

    def sleep(self, seconds: float) -> None:
        """In place of `time.sleep`."""
        if not isinstance(seconds, int | float) or not 0.001 <= seconds <= _LONGEST_SLEEP_S:
            self._real_sleep(seconds)
            return
        over_s = time.time() + seconds
        now_s = self._client.sleep(seconds, threads=threading.active_count())
        # Where AWS's time stands, this process is ahead of it: no sleep may seem short for that.
        self.follow(max(now_s, over_s), tolerance_s=0.0)

    def install(self) -> None:
        """Follow from now on, and take the place of `time.sleep`."""
        self.follow(self._client.now_s())
        time.sleep = self.sleep  # type: ignore[assignment]

    def forked(self) -> None:
        """Sleep for real: the endpoint knows only the process that this one was forked from."""
        time.sleep = self._real_sleep


def load_time_machine(libraries: Libraries) -> ModuleType:
    """Load time_machine without what it does not need here: half of its import time."""
    for name in _NEEDED:  # so that only time_machine itself meets the stand-ins
        import_module(name)
    modules: dict[str, ModuleType | None] = dict.fromkeys(_OPTIONAL)
    modules.update((name, _StandIn(name)) for name in _UNUSED)
    missing = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(missing)  # type: ignore[arg-type]
    try:
        return libraries.load("time_machine", "_time_machine")
    finally:
        for name in missing:
            del sys.modules[name]
