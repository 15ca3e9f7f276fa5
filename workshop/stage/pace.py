"""How fast a scene is shown: at AWS's speed, with a pause at each moment, or step by step.

Pressed keys change it in one thread, the scene goes on by it in another one.
"""

import threading
from collections.abc import Callable

from workshop.stage.theatre import RATES, REAL, SKIP

# How long a moment is shown before the next one: where time is skipped, and where it runs.
PAUSE_S, _SHORT_S = 0.9, 0.25
# How often somebody who looks away is noticed.
_LOOK_S = 0.1


class Pace:
    """The speed, whether it is frozen, and a step that is asked for.

    Args:
        changed: is notified by whoever changes it or ends the scene.
        is_virtual: whether time can be skipped.
        pause_s: how long a moment is shown where it is.
        now_s: seconds that only grow.

    Attributes:
        speed: how AWS's time runs.
        is_frozen: whether each moment waits for its step.
        is_stepping: whether a step is asked for that has not come yet.
    """

    def __init__(
        self,
        changed: threading.Condition,
        *,
        is_virtual: bool,
        pause_s: float,
        now_s: Callable[[], float],
    ) -> None:
        self._changed, self._is_virtual = changed, is_virtual
        self._pause_s, self._now_s = pause_s, now_s
        self.speed = SKIP if is_virtual else REAL
        self.is_frozen = self.is_stepping = self._is_pausing = False
        self._hurry = threading.Event()

    # --- What is asked of it ------------------------------------------------------------------

    def freeze(self) -> None:
        """Stop at every event, or go on by itself again."""
        self.is_frozen, self.is_stepping = not self.is_frozen, False

    def hold(self) -> None:
        """Stop where it is: somebody went back."""
        self.is_frozen, self.is_stepping = True, False

    def release(self) -> None:
        """Go on by itself, as at the beginning."""
        self.is_frozen = self.is_stepping = False

    def choose(self, speed: str) -> bool:
        """Another speed; False: there is none of this name, or no choice."""
        if speed not in RATES or not self._is_virtual or speed == self.speed:
            return False
        self.speed = speed
        return True

    def step(self) -> bool:
        """One step of a scene that goes on; False: one is under way already."""
        if self.is_frozen:
            is_new, self.is_stepping = not self.is_stepping, True
            return is_new
        if self._is_pausing and not self._hurry.is_set():
            self._hurry.set()
            return True
        return False

    def hurry(self) -> None:
        """End the pause."""
        self._hurry.set()

    # --- How the scene goes on ----------------------------------------------------------------

    @property
    def at_speed(self) -> str:
        """How AWS's time is to run now: frozen it stands, from one step to the next."""
        return SKIP if self.is_frozen else self.speed

    @property
    def rate(self) -> float:
        """How many seconds pass on AWS's clock in one of ours, while nobody has to press."""
        return RATES[self.at_speed]

    def wait_for_step(self, is_stopped: Callable[[], bool]) -> bool:
        """Whether a step was asked for; False when it goes on by itself again, or is stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_stepping or not self.is_frozen or is_stopped())
            return self.is_stepping and not is_stopped()

    def reached(self) -> None:
        """A moment is on the screen: the step has come, a pause begins."""
        self.is_stepping, self._is_pausing = False, not self.is_frozen
        self._hurry.clear()

    def pause(self, goes_on: Callable[[], bool]) -> None:
        """Let the moment be seen, as long as somebody looks on and nobody presses a key."""
        pause_s = self._pause_s if self.speed == SKIP else min(_SHORT_S, self._pause_s)
        end_s = self._now_s() + pause_s
        while goes_on() and not (self.is_frozen or self._hurry.is_set()):
            left_s = end_s - self._now_s()
            if left_s <= 0:
                break
            self._hurry.wait(min(left_s, _LOOK_S))
        self._is_pausing = False
