"""What is on the stage: a scene as far as it has come, what it set, and the calls that it made.

Who uses it in several threads holds a lock.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from workshop.stage import remarks, scripts
from workshop.stage.moments import payoff
from workshop.stage.recording import Recording
from workshop.stage.scripts import Script


class OnStage:
    """One scene; without a name an empty stage.

    Attributes:
        name: of the scene.
        note: what was set, or what is under way, in a sentence.
        closing: what is told in its place once all is over and its last moment is on the screen.
        recording: its moments.
        looked_at_s: when the last look at AWS began, by the director's clock.
    """

    def __init__(self, name: str = "", note: str = "") -> None:
        self.name, self.note, self.closing = name, note, ""
        self.recording = Recording()
        self.looked_at_s = 0.0
        self._code: list[str] = []

    def know(
        self, facts: Mapping[str, Any], note: str, code: Sequence[str], looked_at_s: float
    ) -> None:
        """What AWS shows now, and what was set and called for it."""
        self.recording.know(facts)
        self.note, self._code, self.looked_at_s = note, list(code), looked_at_s

    def end(self, following: Script, told: Sequence[str], *, is_stopped: bool) -> None:
        """It is over: what is told of it stays, and what follows it is told."""
        given_up = self.recording.given_up()
        self.closing = remarks.at_end(following, told, is_stopped=is_stopped, given_up=given_up)
        self.note = remarks.before_end(told, is_stopped=is_stopped)

    def told(self, *, rate: float, since_s: float | None) -> dict[str, Any]:
        """What there is to see of it.

        Args:
            rate: seconds of AWS in one of ours; 0 where its time stands.
            since_s: how much time has gone on since the last look; None: the clock shows the time
                of the moment.

        With `until_s` a page knows how far its clock may run until it hears more; None: as it will.
        """
        recording, script = self.recording, scripts.scripts().get(self.name)
        facts, shown_s = recording.seen(since_s=since_s)
        until_s = recording.until_s()
        return {
            "scene": script.told() if script else None,
            "facts": facts,
            "t_s": shown_s,
            "rate": rate,
            "until_s": until_s if math.isfinite(until_s) else None,
            "late_s": round(recording.late_s) if rate else 0,
            "sure_s": recording.sure_s() if rate and facts and facts["late_s"] else None,
            "shown": recording.shown + 1,
            "recorded": len(recording),
            "payoff": payoff(facts) if facts else [],
            "note": self.closing if self.closing and recording.is_last else self.note,
            "code": list(self._code),
        }
