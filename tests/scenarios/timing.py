"""How scenarios wait: the embedded AWS skips virtual time, a real account takes real time."""

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from localaws import EndpointInfo

# What AWS needs until a changed role or function setting holds everywhere.
PROPAGATION_S = 15
# And until a queue goes by its changed attributes, the retention period apart.
QUEUE_PROPAGATION_S = 60
# And until every line of a log can be seen.
LOGS_S = 30
# And until every metric of a queue can be seen: its minute has to end first.
METRICS_S = 960


class Time:
    """Waiting on AWS's clock.

    Args:
        clock_url: the clock API of the embedded AWS; None waits in real time.
        token: what the clock API wants to see.
        is_late: what is changed takes effect as late as on AWS.
        longest_wait_s: in real time, gives up each wait after so long; None waits as long as
            scenarios say.

    Attributes:
        spared: how often a change needed no time to hold everywhere, which it does on AWS.
    """

    def __init__(
        self,
        clock_url: str | None = None,
        token: str = "",
        *,
        is_late: bool = False,
        longest_wait_s: float | None = None,
    ) -> None:
        self._clock_url = clock_url
        self._token = token
        self._is_late = is_late or clock_url is None
        self._is_looking = False
        self._longest_wait_s = longest_wait_s
        self.spared = 0

    @property
    def is_virtual(self) -> bool:
        """Whether waits are skipped."""
        return self._clock_url is not None

    def clock(self, **body: Any) -> dict[str, Any]:
        """One request to the clock API."""
        assert self._clock_url is not None
        request = urllib.request.Request(
            self._clock_url,
            data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {self._token}"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            state: dict[str, Any] = json.load(answer)
            return state

    def now_s(self) -> float:
        """Epoch seconds on AWS's clock."""
        return self.clock()["now"] if self._clock_url else time.time()

    def until(self, condition: Callable[[], Any], within_s: float = 900.0) -> Any:
        """What the condition returns once that is truthy."""
        if self._longest_wait_s is not None:
            within_s = min(within_s, self._longest_wait_s)
        deadline_s = self.now_s() + within_s
        # What happens between a look and the request to let time pass must be looked at first.
        looked = self.clock()["happened"] if self._clock_url else 0
        while not (value := self._look(condition)):
            left_s = deadline_s - self.now_s()
            assert left_s > 0, f"not within {within_s} s"
            ran, looked = self._let_pass(left_s, looked)
            if not ran:
                # Work that was under way when the condition was read has ended since.
                value = self._look(condition)
                assert value, "nothing is scheduled any more"
                return value
        return value

    def _look(self, condition: Callable[[], Any]) -> Any:
        self._is_looking = True
        try:
            return condition()
        finally:
            self._is_looking = False

    def pass_(self, seconds: float) -> None:
        """Let time pass on AWS's clock."""
        if self._clock_url:
            self.clock(advance_s=seconds)
        else:
            time.sleep(seconds)

    def propagate(self) -> None:
        """Wait until a changed role or setting holds everywhere; a punctual AWS needs no time."""
        if self._is_late:
            self.pass_(PROPAGATION_S)
        else:
            self.spared += 1

    def propagate_queue(self) -> None:
        """Wait until changed attributes of a queue hold, or it is empty after a purge."""
        if self._is_late:
            self.pass_(QUEUE_PROPAGATION_S)

    def await_logs(self) -> None:
        """Wait until a log that is read now shows all that was written until now.

        Not in a condition of `until`, which looks again by itself.
        """
        if self._is_late and not self._is_looking:
            self.pass_(LOGS_S)

    def await_metrics(self) -> None:
        """Wait until the metrics of all that has happened can be seen."""
        if self._is_late:
            self.pass_(METRICS_S)

    def _let_pass(self, limit_s: float, looked: int) -> tuple[bool, int]:
        """Let time pass until something may have changed; False if nothing ever will."""
        if self._clock_url:
            state = self.clock(run="next_event", limit_s=limit_s, after=looked)
            return bool(state["ran"]), state["happened"]
        time.sleep(2)
        return True, looked


def time_of(info: EndpointInfo) -> Time:
    """The time of an embedded AWS."""
    return Time(info.clock_url, info.aws_secret_access_key, is_late=bool(info.lateness))
