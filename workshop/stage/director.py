"""The director: one scene at a time, in a thread of its own, moment by moment.

Each command is accepted or dropped, and none is kept for later: a key that is pressed twice, too
early or by mistake does no harm. What is shown is always a moment that AWS has reached.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError

from workshop.errors import EndpointError, WorkshopError
from workshop.stage import scripts
from workshop.stage.moments import ReachedMoment, cut, is_over, moments_of, payoff
from workshop.stage.theatre import REAL, SKIP, SPEEDS, Facts, StagedScene, Theatre

# What a director is at.
EMPTY, RUNNING, STOPPING, STOPPED, OVER, FAILED, CLEARING = (
    "empty",
    "running",
    "stopping",
    "stopped",
    "over",
    "failed",
    "clearing",
)
_BUSY = (RUNNING, STOPPING, CLEARING)
# How long a moment is shown before the next one, and how soon the next scene may be asked for.
_PAUSE_S, _SHORT_S, _SETTLED_S = 0.9, 0.25, 0.7
# Where nothing has happened for so long on AWS's clock, nothing more is waited for.
_LONGEST_S = 1_800.0
_ON = "Press R to empty the stage and go on."
_AGAIN = (
    "End the stage (Ctrl-C in its terminal, or the notebook's kernel) and start it again; what "
)
_AGAIN += "lay in its queues is gone."
_LATER = "When AWS answers again, press R to empty the stage and go on."


class Director:
    """Shows scenes of a theatre.

    Args:
        theatre: where they are shown.
        pause_s: how long a moment is shown where time is skipped.
        now_s: seconds that only grow.
    """

    def __init__(
        self,
        theatre: Theatre,
        *,
        pause_s: float = _PAUSE_S,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._theatre, self._pause_s, self._now_s = theatre, pause_s, now_s
        self._changed = threading.Condition(threading.RLock())
        self._listeners: list[Callable[[dict[str, Any]], None]] = []
        self._worker: threading.Thread | None = None
        self._stop, self._hurry = threading.Event(), threading.Event()
        self._speed = SKIP if theatre.is_virtual else REAL
        self._is_frozen = self._is_stepping = self._is_pausing = False
        self._ended_at_s = 0.0
        # Whether somebody looks on: for nobody no moment has to last.
        self.is_watched: Callable[[], bool] = lambda: True
        self._forget()

    def _forget(self) -> None:
        self._phase, self._name, self._note = EMPTY, "", ""
        self._code: list[str] = []
        self._facts: Facts | None = None
        self._moments: list[ReachedMoment] = []
        self._shown = -1

    # --- What is asked of it ------------------------------------------------------------------

    def listen(self, heard: Callable[[dict[str, Any]], None]) -> None:
        """Have somebody told of each new state; from the thread in which it came about."""
        self._listeners.append(heard)

    def press(self, what: str, **given: Any) -> bool:
        """One command: scene, next, back, freeze, speed, stop or reset.

        Returns:
            Whether it was accepted; what was not is forgotten.
        """
        acts = {
            "scene": self._begin,
            "next": self._next,
            "back": self._back,
            "freeze": self._freeze,
            "speed": self._set_speed,
            "stop": self._interrupt,
            "reset": self._reset,
        }
        with self._changed:
            is_accepted = what in acts and acts[what](**given)
            self._changed.notify_all()
        if is_accepted:
            self._tell()
        return is_accepted

    def state(self) -> dict[str, Any]:
        """What there is to see."""
        with self._changed:
            facts, shown_s = self._facts, 0.0
            is_last = self._shown >= len(self._moments) - 1
            if facts is not None and self._shown >= 0:
                moment = self._moments[self._shown]
                before = self._moments[self._shown - 1] if self._shown else None
                facts, shown_s = cut(facts, moment, before), moment.until_s
                if is_last and self._phase in (RUNNING, STOPPING, STOPPED):
                    shown_s = max(shown_s, float(self._facts["now_s"]))  # type: ignore[index]
            else:
                facts = None
            script = scripts.scripts().get(self._name)
            runs = self._phase == RUNNING and is_last and not self._is_frozen
            return {
                "phase": self._phase,
                "scene": script.told() if script else None,
                "next": scripts.after(self._name or None).told(),
                "facts": facts,
                "t_s": shown_s,
                "rate": self._rate() if runs else 0.0,
                "shown": self._shown + 1,
                "recorded": len(self._moments),
                "payoff": payoff(facts) if facts else [],
                "note": self._note,
                "code": list(self._code),
                "speed": self._speed,
                "is_frozen": self._is_frozen,
                "is_working": self._is_stepping and self._phase == RUNNING,
                "is_virtual": self._theatre.is_virtual,
                "target": self._theatre.target,
            }

    def wait(self) -> None:
        """Wait until what goes on has ended."""
        if self._worker:
            self._worker.join()

    def check(self) -> None:
        """Look whether AWS is still there while nothing else would notice."""
        if self._phase not in (*_BUSY, FAILED) and not self._theatre.answers():
            with self._changed:
                self._fail(f"AWS does not answer any more. {self._way_back()}")
            self._tell()

    def close(self) -> None:
        """Stop what runs, and wait until everything is put back."""
        self._stop.set()
        self._hurry.set()
        with self._changed:
            self._changed.notify_all()
        self.wait()

    # --- Commands -----------------------------------------------------------------------------

    def _begin(self, name: str = "", own: Mapping[str, Any] | None = None) -> bool:
        if self._phase in _BUSY or name not in scripts.scripts() or self._is_at_work():
            return False
        if name == scripts.OWN and own is None:
            return False
        self._forget()
        self._phase, self._name = RUNNING, name
        self._stop.clear()
        self._worker = threading.Thread(
            target=self._perform, args=(name, own), name="workshop-stage", daemon=True
        )
        self._worker.start()
        return True

    def _next(self) -> bool:
        if self._shown < len(self._moments) - 1 and (self._is_frozen or self._phase != RUNNING):
            self._shown += 1
            return True
        if self._phase == RUNNING:
            if self._is_frozen:
                if self._is_stepping:
                    return False
                self._is_stepping = True
                return True
            if self._is_pausing and not self._hurry.is_set():
                self._hurry.set()
                return True
            return False
        if self._now_s() - self._ended_at_s < _SETTLED_S:
            return False
        return self._begin(scripts.after(self._name or None).name)

    def _back(self) -> bool:
        if self._shown <= 0 or self._phase in (STOPPING, CLEARING):
            return False
        if self._phase == RUNNING:
            self._is_frozen = True
            self._is_stepping = False
        self._shown -= 1
        return True

    def _freeze(self) -> bool:
        self._is_frozen, self._is_stepping = not self._is_frozen, False
        return True

    def _set_speed(self, speed: str = "") -> bool:
        if speed not in SPEEDS or not self._theatre.is_virtual or speed == self._speed:
            return False
        self._speed = speed
        return True

    def _interrupt(self) -> bool:
        if self._phase != RUNNING:
            return False
        self._phase = STOPPING
        self._stop.set()
        return True

    def _reset(self) -> bool:
        if self._phase == CLEARING:
            return False
        running = self._worker
        self._stop.set()
        self._forget()
        self._phase, self._note = CLEARING, "The stage is being emptied."
        self._worker = threading.Thread(
            target=self._clear, args=(running,), name="workshop-stage-reset", daemon=True
        )
        self._worker.start()
        return True

    # --- In the worker's thread ---------------------------------------------------------------

    def _perform(self, name: str, own: Mapping[str, Any] | None) -> None:
        scene: StagedScene | None = None
        try:
            try:
                scene = self._theatre.scene(name, own)
                scene.begin()
                self._know(scene)
                self._play(scene)
            finally:
                if scene is not None:
                    scene.end()
        except Exception as error:
            with self._changed:
                if self._is_mine():
                    self._fail(self._told(error))
        else:
            with self._changed:
                if self._is_mine():
                    self._phase = STOPPED if self._stop.is_set() else OVER
                    self._note = (
                        "Stopped. " + self._after() if self._stop.is_set() else self._after()
                    )
        with self._changed:
            if self._is_mine():
                self._ended_at_s = self._now_s()
        self._tell()

    def _play(self, scene: StagedScene) -> None:
        self._show_new()
        goes_on, at_s = True, ""
        while goes_on and not self._stop.is_set() and not self._is_over():
            wanted = SKIP if self._is_frozen else self._speed
            if wanted != at_s:
                scene.run_at(wanted)
                at_s = wanted
            if self._is_frozen and not self._wait_for_step():
                continue
            goes_on = scene.go_on()
            self._know(scene)
            self._show_new()

    def _wait_for_step(self) -> bool:
        """Whether a step was asked for; False when time goes on by itself again, or is stopped."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stepping or not self._is_frozen or self._stop.is_set()
            )
            return self._is_stepping and not self._stop.is_set()

    def _know(self, scene: StagedScene) -> None:
        facts = scene.look()
        with self._changed:
            if not self._is_mine():
                return
            moments = moments_of(facts, self._moments[: self._shown + 1])
            if self._facts is None:
                begun_s = float(facts["begun_s"])
                self._shown = sum(one.until_s < begun_s for one in moments) - 1
            self._facts, self._moments = facts, moments
            self._note, self._code = scene.note, list(scene.code)
            is_told_soon = self._shown < len(moments) - 1
        if not is_told_soon:
            self._tell()

    def _show_new(self) -> None:
        """Show what is new, one moment after the other."""
        while not self._stop.is_set():
            with self._changed:
                if not self._is_mine() or self._shown >= len(self._moments) - 1:
                    return
                if self._is_frozen and self._shown >= 0 and not self._is_stepping:
                    return
                self._shown += 1
                self._is_stepping, self._is_pausing = False, not self._is_frozen
                self._hurry.clear()
            self._tell()
            self._pause()

    def _pause(self) -> None:
        pause_s = self._pause_s if self._speed == SKIP else min(_SHORT_S, self._pause_s)
        end_s = self._now_s() + pause_s
        while self.is_watched() and not (
            self._is_frozen or self._stop.is_set() or self._hurry.is_set()
        ):
            left_s = end_s - self._now_s()
            if left_s <= 0:
                break
            self._hurry.wait(min(left_s, 0.1))
        self._is_pausing = False

    def _clear(self, running: threading.Thread | None) -> None:
        if running is not None:
            running.join()
        try:
            told = self._theatre.clear()
        except Exception as error:
            with self._changed:
                self._fail(self._told(error))
        else:
            with self._changed:
                self._forget()
                self._note = told
                self._is_frozen = self._is_stepping = False
        self._ended_at_s = self._now_s()
        self._tell()

    # --- Small things -------------------------------------------------------------------------

    def _is_mine(self) -> bool:
        """Whether the stage still shows what this thread does; a reset takes it away."""
        return self._phase in (RUNNING, STOPPING) and threading.current_thread() is self._worker

    def _is_at_work(self) -> bool:
        return self._worker is not None and self._worker.is_alive()

    def _is_over(self) -> bool:
        facts = self._facts
        if facts is None:
            return False
        if float(facts["now_s"]) > _LONGEST_S:
            return True
        is_shown = self._shown >= len(self._moments) - 1
        # A log line may come later than what came of the attempt that it tells of.
        sure_s = self._moments[-1].until_s + float(facts["late_s"]) if self._moments else 0.0
        return is_shown and is_over(facts) and float(facts["now_s"]) >= sure_s

    def _rate(self) -> float:
        return (
            {SKIP: 0.0, REAL: 1.0}[self._speed]
            if self._speed in (SKIP, REAL)
            else float(self._speed)
        )

    def _after(self) -> str:
        following = scripts.after(self._name or None)
        return f"Space: {following.title}."

    def _told(self, error: Exception) -> str:
        if isinstance(error, EndpointError | NoConnection | HTTPClientError):
            return f"AWS does not answer any more. {self._way_back()}"
        if isinstance(error, WorkshopError):
            return f"{error.happened} {error.remedy}".strip()
        return f"{type(error).__name__}: {error}. {_ON}"

    def _way_back(self) -> str:
        return _AGAIN if self._theatre.is_virtual else _LATER

    def _fail(self, told: str) -> None:
        self._phase, self._note = FAILED, told

    def _tell(self) -> None:
        state = self.state()
        for heard in self._listeners:
            heard(state)
