"""What the director needs of AWS: scenes that begin, go on and end, an empty stage, the time."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from workshop.lab import Lab
from workshop.stage import moving_back
from workshop.stage.acts import ACTS, SQS, Act, OwnMessage
from workshop.stage.clearing import clear
from workshop.stage.performance import Found, Performance, ScenePath, SceneStoppedError
from workshop.stage.scripts import OWN
from workshop.target.target import PATTERNS
from workshop.target.telling import SILENT_S

SKIP, REAL = "skip", "real"
# How many seconds of AWS pass in one of ours.
RATES = {SKIP: 0.0, "60": 60.0, "10": 10.0, REAL: 1.0}
# The longest step of time: whatever is late on AWS comes with it.
_STEP_S = 900.0
# How much of the time that runs meanwhile a look may miss.
_LOOK_TAKES_S = 0.4
# So long after its receive a message's first log line may be written.
_COLD_START_S = 2.0

Facts = dict[str, Any]


class StagedScene(Protocol):
    """A scene that goes on."""

    @property
    def note(self) -> str:
        """What was set, in a sentence."""

    @property
    def code(self) -> Sequence[str]:
        """The calls that were made."""

    @property
    def answer(self) -> str:
        """To its question, as far as the last look shows it; "" where that is to be seen."""

    def begin(self, is_stopped: Callable[[], bool]) -> None:
        """Set what it needs, and send, unless it is stopped meanwhile."""

    def run_at(self, speed: str) -> None:
        """Let time run at a speed; "skip": it stands until `go_on`."""

    def look(self) -> Facts:
        """The facts by now."""

    def go_on(self) -> bool:
        """Let time pass until something may have happened; False: nothing more will."""

    def end(self) -> None:
        """Put back the time and the settings."""


class Theatre(Protocol):
    """Where scenes are shown."""

    @property
    def is_virtual(self) -> bool:
        """Whether time can be skipped."""

    @property
    def target(self) -> str:
        """Which AWS, in words."""

    def scene(self, name: str, own: Mapping[str, Any] | None) -> StagedScene:
        """Make one; nothing is sent yet."""

    def clear(self) -> str:
        """Empty what the scenes have filled; says what it did."""

    def answers(self) -> bool:
        """Whether AWS is there."""


class LiveScene:
    """A scene on a target."""

    def __init__(self, lab: Lab, act: Act, on_end: Callable[[Performance, Facts | None], None]):
        self._lab, self._act, self._on_end = lab, act, on_end
        self._mode = lab.clock.mode
        self._speed = SKIP
        self._facts: Facts | None = None
        self._patience_s = _COLD_START_S + lab.session.lateness.logs_s
        self.performance = Performance(lab, act.paths, self._patience_s)

    @property
    def note(self) -> str:
        """What was set."""
        return self.performance.note

    @property
    def code(self) -> Sequence[str]:
        """The calls that were made."""
        return self.performance.code

    @property
    def answer(self) -> str:
        """To its question."""
        return self._act.answer(self._facts) if self._facts else ""

    def begin(self, is_stopped: Callable[[], bool]) -> None:
        """Set what it needs, and send, unless it is stopped meanwhile."""
        self.performance.is_stopped = is_stopped
        with contextlib.suppress(SceneStoppedError):
            self._act.begin(self.performance)

    def run_at(self, speed: str) -> None:
        """On an account time runs as it does."""
        if not self._lab.clock.is_virtual:
            return
        self._lab.clock.set_mode(speed)
        self._speed = speed
        self.performance.patience_s = self._patience_s + _LOOK_TAKES_S * RATES[speed]

    def look(self) -> Facts:
        """The facts by now."""
        self._facts = self.performance.look()
        return self._facts

    def go_on(self) -> bool:
        """To the next event, or a moment later where time runs."""
        clock, decided_s = self._lab.clock, self.performance.decides_within_s()
        is_stuck = clock.next_step(_STEP_S if decided_s is None else decided_s).is_stuck
        if self._speed == SKIP and clock.is_virtual:
            if is_stuck and decided_s is not None:
                # In steps that no line tells of: the stage tells the time itself.
                clock.sleep(min(decided_s, SILENT_S), "a receive may still get its log line")
                is_stuck = False
            clock.settle()
        return not is_stuck

    def end(self) -> None:
        """Put back the time and the settings, also of a scene that was stopped."""
        self._on_end(self.performance, self._facts)
        try:
            self._lab.put_back(*self.performance.patterns)
        finally:
            if self._lab.clock.is_virtual:
                self._lab.clock.set_mode(self._mode)


class LiveTheatre:
    """The stage's AWS.

    Args:
        lab: the target.
    """

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._lying: list[moving_back.GivenUp] = []
        # What the last scene that ended has shown: path -> attempts, arrivals, settings.
        self.found: Mapping[str, Found] = {}

    @property
    def is_virtual(self) -> bool:
        """Whether time can be skipped."""
        return self._lab.clock.is_virtual

    @property
    def target(self) -> str:
        """Which AWS, in words."""
        return str(self._lab.session.target)

    def scene(self, name: str, own: Mapping[str, Any] | None) -> LiveScene:
        """Make one; whatever an interrupted lesson left changed is put back first."""
        act = self._act(name, own)
        self._lab.put_back(*dict.fromkeys(path.pattern for path in act.paths.values()))
        return LiveScene(self._lab, act, self._remember)

    def _act(self, name: str, own: Mapping[str, Any] | None) -> Act:
        if name == OWN:
            return OwnMessage(**(own or {})).act()
        if name == "redrive":
            lying = list(self._lying)
            paths = {"SQS with a DLQ": ScenePath(SQS)}
            return Act(paths, lambda scene: moving_back.move_back(scene, lying))
        return ACTS[name]

    def _remember(self, scene: Performance, facts: Facts | None) -> None:
        """What it has shown, and what lies in the DLQ now, for a redrive."""
        self.found = scene.found
        again = {one.order_id for one in scene.sent if one.past is not None}
        self._lying = [one for one in self._lying if one.sent.order_id not in again]
        self._lying += moving_back.given_up(scene, facts)

    def clear(self) -> str:
        """Empty the queues of all patterns that a scene uses."""
        self._lying = []
        used = [*(path.pattern for act in ACTS.values() for path in act.paths.values())]
        there = [one for one in PATTERNS if one in used]
        return clear(self._lab, there)

    def answers(self) -> bool:
        """Whether the embedded AWS is there; of an account the next call tells."""
        if not self._lab.clock.is_virtual:
            return True
        with contextlib.suppress(Exception):
            self._lab.clock.now()
            return True
        return False
