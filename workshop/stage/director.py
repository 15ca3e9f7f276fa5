"""The director: one scene at a time, in a thread of its own, moment by moment.

Each command is accepted or dropped: a key that is pressed too early does no harm, and none is kept
for later. What is shown is always a moment that AWS has reached.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workshop.stage import remarks, scripts
from workshop.stage.on_stage import OnStage
from workshop.stage.pace import PAUSE_S, Pace
from workshop.stage.theatre import StagedScene, Theatre

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
# How soon after the end of a scene the next one may be asked for.
_SETTLED_S = 0.7


class Director:
    """Shows scenes of a theatre.

    Args:
        theatre: where they are shown.
        pause_s: how long a moment is shown where time is skipped.
        now_s: seconds that only grow.
        order: the scenes that "next" goes through; default all.
    """

    def __init__(
        self,
        theatre: Theatre,
        *,
        pause_s: float = PAUSE_S,
        now_s: Callable[[], float] = time.monotonic,
        order: Sequence[str] = (),
    ) -> None:
        self._order = tuple(order) or scripts.steps()
        # The last scene of that order that was begun: another one in between changes nothing.
        self._step: str | None = None
        self._theatre, self._now_s = theatre, now_s
        self._changed = threading.Condition(threading.RLock())
        # Held before that one, where both are.
        self._telling = threading.RLock()
        self._pace = Pace(
            self._changed, is_virtual=theatre.is_virtual, pause_s=pause_s, now_s=now_s
        )
        self._listeners: list[Callable[[dict[str, Any]], None]] = []
        self._worker: threading.Thread | None = None
        self._stop = threading.Event()
        self._ended_at_s = 0.0
        self._phase, self._on = EMPTY, OnStage()
        # Whether somebody looks on: for nobody no moment has to last.
        self.is_watched: Callable[[], bool] = lambda: True

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

    def refusal(self, what: str, name: str = "", **_: Any) -> str:
        """Why a command was dropped, where somebody has to be told; "" for a key pressed twice."""
        is_asked = what == "scene" and self._phase in _BUSY
        return remarks.refused(name, self._on.name, self._phase) if is_asked else ""

    def state(self) -> dict[str, Any]:
        """What there is to see."""
        with self._changed:
            pace, is_running = self._pace, self._phase == RUNNING
            rate = pace.rate if is_running else 0.0
            return {
                "phase": self._phase,
                "next": self._following().told(),
                "speed": pace.speed,
                "is_frozen": pace.is_frozen,
                "is_working": pace.is_stepping and is_running,
                "is_virtual": self._theatre.is_virtual,
                "target": self._theatre.target,
                **self._on.told(rate=rate, since_s=self._since_s(rate)),
            }

    def wait(self) -> None:
        """Wait until what goes on has ended."""
        if self._worker:
            self._worker.join()

    def check(self) -> None:
        """Look whether AWS is still there while nothing else would notice."""
        if self._phase not in (*_BUSY, FAILED) and not self._theatre.answers():
            with self._changed:
                self._fail(remarks.gone(self._theatre.is_virtual))
            self._tell()

    def close(self) -> None:
        """Stop what runs, and wait until everything is put back."""
        self._stop.set()
        self._pace.hurry()
        with self._changed:
            self._changed.notify_all()
        self.wait()

    # --- Commands -----------------------------------------------------------------------------

    def _begin(self, name: str = "", own: Mapping[str, Any] | None = None) -> bool:
        is_known = name in scripts.scripts() and (name != scripts.OWN or own is not None)
        if self._phase in _BUSY or not is_known:
            return False
        self._phase = RUNNING
        self._on = OnStage(name, remarks.setting(self._theatre.is_virtual))
        self._step = name if name in self._order else self._step
        self._stop.clear()
        self._worker = threading.Thread(
            target=self._perform, args=(name, own), name="workshop-stage", daemon=True
        )
        self._worker.start()
        return True

    def _next(self) -> bool:
        if (self._pace.is_frozen or self._phase != RUNNING) and self._on.recording.forward():
            return True
        if self._phase == RUNNING:
            return self._pace.step()
        if self._now_s() - self._ended_at_s < _SETTLED_S:
            return False
        return self._begin(self._following().name)

    def _back(self) -> bool:
        if self._phase in (STOPPING, CLEARING) or not self._on.recording.back():
            return False
        if self._phase == RUNNING:
            self._pace.hold()
        return True

    def _freeze(self) -> bool:
        self._pace.freeze()
        return True

    def _set_speed(self, speed: str = "") -> bool:
        return self._pace.choose(speed)

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
        self._step = None
        self._phase, self._on = CLEARING, OnStage(note=remarks.CLEARING)
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
                scene.begin(self._stop.is_set)
                self._know(scene)
                self._play(scene)
            finally:
                if scene is not None:
                    scene.end()
        except Exception as error:
            with self._changed:
                if self._is_mine():
                    self._fail(remarks.of_error(error, self._theatre.is_virtual))
        else:
            with self._changed:
                if self._is_mine():
                    self._phase = STOPPED if self._stop.is_set() else OVER
                    told = (scene.note, scene.answer)
                    self._on.end(self._following(), told, is_stopped=self._stop.is_set())
                    self._ended_at_s = self._now_s()
        self._tell()

    def _play(self, scene: StagedScene) -> None:
        self._show_new()
        goes_on, at_speed = True, ""
        while goes_on and not self._stop.is_set() and not self._on.recording.is_over():
            wanted = self._pace.at_speed
            if wanted != at_speed:
                scene.run_at(wanted)
                at_speed = wanted
            if self._pace.is_frozen and not self._pace.wait_for_step(self._stop.is_set):
                continue
            goes_on = scene.go_on()
            self._know(scene)
            self._show_new()

    def _know(self, scene: StagedScene) -> None:
        looked_at_s = self._now_s()
        facts = scene.look()
        with self._changed:
            if not self._is_mine():
                return
            self._on.know(facts, scene.note, scene.code, looked_at_s)
            is_told_soon = not self._on.recording.is_last
        if not is_told_soon:
            self._tell()

    def _show_new(self) -> None:
        """Show what is new, one moment after the other."""
        while not self._stop.is_set():
            with self._changed:
                if not self._is_mine():
                    return
                pace = self._pace
                if pace.is_frozen and self._on.recording.shown >= 0 and not pace.is_stepping:
                    return
                if not self._on.recording.forward():
                    return
                pace.reached()
            self._tell()
            pace.pause(lambda: self.is_watched() and not self._stop.is_set())

    def _clear(self, running: threading.Thread | None) -> None:
        if running is not None:
            running.join()
        try:
            told = self._theatre.clear()
        except Exception as error:
            with self._changed:
                self._fail(remarks.of_error(error, self._theatre.is_virtual))
        else:
            with self._changed:
                self._phase, self._on = EMPTY, OnStage(note=told)
                self._pace.release()
        self._ended_at_s = self._now_s()
        self._tell()

    # --- Small things -------------------------------------------------------------------------

    def _is_mine(self) -> bool:
        """Whether the stage still shows what this thread does; a reset takes it away."""
        return self._phase in (RUNNING, STOPPING) and threading.current_thread() is self._worker

    def _since_s(self, rate: float) -> float | None:
        """How much of AWS's time has passed since the last look, where the clock goes by it."""
        # The clock stays where it was, also when all is over: it does not turn back.
        stood_s = 0.0 if self._on.recording.is_last else None
        return (self._now_s() - self._on.looked_at_s) * rate if rate else stood_s

    def _following(self) -> scripts.Script:
        return scripts.after(self._step, self._order)

    def _fail(self, told: str) -> None:
        self._phase, self._on.note, self._on.closing = FAILED, told, ""

    def _tell(self) -> None:
        # Threads take turns: what is heard last is the latest.
        with self._telling:
            state = self.state()
            for heard in self._listeners:
                heard(state)
