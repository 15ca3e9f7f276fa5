"""What a scene has come to, moment by moment, and which of its moments is on the screen. Pure."""

import math
from typing import Any

from workshop.stage.moments import Facts, ReachedMoment, cut, is_over, moments_of, under_way

# Where nothing has happened for so long on AWS's clock, nothing more is waited for.
_LONGEST_S = 1_800.0
# What is seen within so long is news; later than that, one has to say when it happened.
_LATE_S = 3.0


class Recording:
    """One scene, from its first look on; who uses it in several threads holds a lock.

    Attributes:
        shown: the number of the moment on the screen; -1 before the first one.
        late_s: how long after it had happened AWS showed it; 0 where that is no news.
    """

    def __init__(self) -> None:
        self.shown, self.late_s = -1, 0.0
        self._facts: Facts | None = None
        self._moments: list[ReachedMoment] = []

    def __len__(self) -> int:
        return len(self._moments)

    @property
    def is_last(self) -> bool:
        """Whether no later moment is known."""
        return self.shown >= len(self._moments) - 1

    def know(self, facts: Facts) -> None:
        """What AWS shows now; what was shown stays, and of what was before the scene nothing is."""
        moments = moments_of(facts, self._moments[: self.shown + 1])
        if self._facts is None:
            begun_s = float(facts["begun_s"])
            self.shown = sum(one.until_s < begun_s for one in moments) - 1
        self._facts, self._moments = facts, moments

    def forward(self) -> bool:
        """To the next moment that is known."""
        if self.is_last or self._facts is None:
            return False
        self.shown += 1
        late_s = self._now_s() - self._moments[self.shown].until_s
        self.late_s = late_s if self._facts["late_s"] and late_s > _LATE_S else 0.0
        return True

    def back(self) -> bool:
        """To the one before; the first one stays."""
        if self.shown <= 0:
            return False
        self.shown, self.late_s = self.shown - 1, 0.0
        return True

    def seen(self, *, since_s: float | None) -> tuple[dict[str, Any] | None, float]:
        """The facts of the moment on the screen, and the time that the screen shows with them.

        Args:
            since_s: how much time has gone on since the last look, where the clock shows AWS's
                time and not that of the moment. No later one than `until_s` tells.
        """
        if self._facts is None or self.shown < 0:
            return None, 0.0
        moment = self._moments[self.shown]
        before = self._moments[self.shown - 1] if self.shown else None
        now_s = 0.0 if since_s is None else self._now_s() + since_s
        return cut(self._facts, moment, before), max(moment.until_s, min(now_s, self.until_s()))

    def until_s(self) -> float:
        """How far the clock may go before more is known; infinite where AWS tells late.

        What happens at a time is told when the clock has got there, and the clock does not turn
        back for it: it waits at the next moment, or at the next end of a wait, until that is in.
        """
        if self._facts is None or self.shown < 0 or self._facts["late_s"]:
            return math.inf
        at_s = self._moments[self.shown].until_s
        if not self.is_last:
            return max(at_s, self._moments[self.shown + 1].at_s)
        if self._is_sure():
            return at_s
        return max(at_s, self._now_s(), self._due_s(at_s))

    def _due_s(self, at_s: float) -> float:
        """When the first wait is over that lasts longer than to a time; 0: none does."""
        assert self._facts is not None
        runs = cut(self._facts, self._moments[self.shown])["runs"]
        waits = (wait for run in runs for one in run["messages"] for wait in one["waits"])
        return min((wait["end_s"] for wait in waits if wait["end_s"] > at_s), default=0.0)

    def is_over(self) -> bool:
        """Whether all is shown and nothing more is to come, as far as AWS tells."""
        return self._facts is not None and (self._is_sure() or self._quiet_s() > _LONGEST_S)

    def _is_sure(self) -> bool:
        sure_s = self.sure_s()
        return sure_s is not None and self._now_s() >= sure_s

    def given_up(self) -> int:
        """How many messages are still under way although the scene is over."""
        if self._facts is None or is_over(self._facts):
            return 0
        return under_way(self._facts)

    def sure_s(self) -> float | None:
        """When nothing more can come, where all seems to have ended; None: something goes on.

        A log line may come later than what came of the attempt that it tells of.
        """
        if self._facts is None or not (self.is_last and is_over(self._facts)):
            return None
        return self._moments[-1].until_s + float(self._facts["late_s"])

    def _quiet_s(self) -> float:
        """For how long nothing of this scene has happened; what was before it does not count."""
        last_s = self._moments[-1].until_s if self._moments else 0.0
        begun_s = float(self._facts["begun_s"]) if self._facts else 0.0
        return self._now_s() - max(last_s, begun_s)

    def _now_s(self) -> float:
        """AWS's time at the last look."""
        return float(self._facts["now_s"]) if self._facts else 0.0
