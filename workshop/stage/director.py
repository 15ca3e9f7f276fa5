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
from workshop.stage.moments import payoff
from workshop.stage.recording import Recording
from workshop.stage.theatre import RATES, REAL, SKIP, StagedScene, Theatre

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
        self._recording = Recording()

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
            recording = self._recording
            goes_on = self._phase in (RUNNING, STOPPING, STOPPED)
            facts, shown_s = recording.seen(is_now=goes_on)
            script = scripts.scripts().get(self._name)
            runs = self._phase == RUNNING and recording.is_last and not self._is_frozen
            return {
                "phase": self._phase,
                "scene": script.told() if script else None,
                "next": scripts.after(self._name or None).told(),
                "facts": facts,
                "t_s": shown_s,
                "rate": self._rate() if runs else 0.0,
                "shown": recording.shown + 1,
                "recorded": len(recording),
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
        if (self._is_frozen or self._phase != RUNNING) and self._recording.forward():
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
        if self._phase in (STOPPING, CLEARING) or not self._recording.back():
            return False
        if self._phase == RUNNING:
            self._is_frozen = True
            self._is_stepping = False
        return True

    def _freeze(self) -> bool:
        self._is_frozen, self._is_stepping = not self._is_frozen, False
        return True

    def _set_speed(self, speed: str = "") -> bool:
        if speed not in RATES or not self._theatre.is_virtual or speed == self._speed:
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
                    self._ended_at_s = self._now_s()
        self._tell()

    def _play(self, scene: StagedScene) -> None:
        self._show_new()
        goes_on, at_s = True, ""
        while goes_on and not self._stop.is_set() and not self._recording.is_over():
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
            self._recording.know(facts)
            self._note, self._code = scene.note, list(scene.code)
            is_told_soon = not self._recording.is_last
        if not is_told_soon:
            self._tell()

    def _show_new(self) -> None:
        """Show what is new, one moment after the other."""
        while not self._stop.is_set():
            with self._changed:
                if not self._is_mine():
                    return
                if self._is_frozen and self._recording.shown >= 0 and not self._is_stepping:
                    return
                if not self._recording.forward():
                    return
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

    def _rate(self) -> float:
        """How fast AWS's time runs beside ours."""
        return RATES[self._speed]

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
