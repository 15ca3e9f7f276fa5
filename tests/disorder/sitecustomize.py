"""In each Python that starts while a seed is set: who is first by chance may be last.

Threads begin and end late at random, event loops stutter, and the interpreter changes threads all
the time. What holds only as long as the machine has time fails here, on an idle machine too. Python
imports a module of this name by itself where it finds one on its path.
"""

import asyncio
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

# How often something is held up, and for how long at the most. A loop turns far more often than
# threads begin.
_THREADS, _THREAD_S = 0.6, 0.08
_TURNS, _TURN_S = 0.03, 0.02
_SWITCH_S = 1e-5

# A test may replace the module's.
_sleep = time.sleep


def begin(seed: str) -> None:
    """Hold things up from now on, in this process."""
    chance = random.Random(seed)

    def pause(often: float, longest_s: float) -> None:
        if chance.random() < often:
            _sleep(chance.random() * longest_s)

    def late(work: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any, **named: Any) -> Any:
            pause(_THREADS, _THREAD_S)
            try:
                return work(*given, **named)
            finally:
                pause(_THREADS, _THREAD_S)

        return done

    submit, loops = ThreadPoolExecutor.submit, asyncio.BaseEventLoop
    turn: Callable[[Any], None] = vars(loops)["_run_once"]

    def submit_late(pool: Any, work: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        return submit(pool, late(work), *given, **named)

    def stutter(loop: Any) -> None:
        pause(_TURNS, _TURN_S)
        turn(loop)

    ThreadPoolExecutor.submit = submit_late
    threading.Thread.run = late(threading.Thread.run)
    loops._run_once = stutter
    sys.setswitchinterval(_SWITCH_S)


if seed := os.environ.get("WORKSHOP_DISORDER"):
    begin(seed)
