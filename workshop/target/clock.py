"""AWS's time as a notebook sees it: virtual on the embedded AWS, the ordinary one on AWS."""

import http.client
import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from workshop.errors import EndpointError, TargetError
from workshop.progress import ProgressLine
from workshop.target import telling
from workshop.target.lengths import length_s
from workshop.target.local_http import LocalHttp
from workshop.target.repeatable import own_now_s

# How often a clock that cannot skip is looked at: often enough for a demonstration, and on AWS
# for a person who reads the seconds.
_FAST_POLL_S = 0.1
_TICK_S = 1.0

# How long one call to the embedded AWS may take, of the clock or of a service: a wait of hours
# takes moments, but a handler that computes takes its real time.
CALL_LIMIT_S = 600.0
_ANSWERS_LIMIT_S = 3.0

# In these modes of the embedded AWS a wait for its clock costs nothing.
SKIPPING = ("skip", "flow")

# Nobody is there, not in time, or somebody else is.
_UNANSWERED = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True)
class Step:
    """What letting time pass has led to.

    Attributes:
        now: AWS's time after it.
        is_stuck: nothing happens any more within the limit; False where that cannot be known.
        next_event_at: when something will happen next; None when unknown or never.
    """

    now: datetime
    is_stuck: bool = False
    next_event_at: datetime | None = None


class Clock(Protocol):
    """The time of one target."""

    @property
    def is_virtual(self) -> bool:
        """Whether AWS's clock can skip ahead of yours."""

    @property
    def mode(self) -> str:
        """ "skip", "flow", "real" or a speed factor such as "60"; always "real" on AWS."""

    def now(self) -> datetime:
        """AWS's time now, in UTC."""

    def sleep(self, seconds: float, cause: str = "") -> None:
        """Let so much time pass on AWS's clock; of more than 2 s a line tells, with the `cause`.

        Raises:
            DataError: `seconds` is no number from 0 to a year.
        """

    def set_mode(self, mode: str | float) -> None:
        """Choose how time runs: "skip", "flow", "real" or a factor of 1 or more; embedded only.

        In "skip" it stands but for waits, in "flow" it runs as yours does and waits are skipped.
        """

    def settle(self) -> None:
        """Let what runs at this moment come to its end, without skipping any time."""

    def next_step(self, limit_s: float) -> Step:
        """Let time pass until something may have changed, at most `limit_s` seconds."""


class EmbeddedClock:
    """The virtual clock of the embedded AWS, over its clock API.

    Args:
        url: the clock API's address.
        token: the run's secret access key.
        slept: told the seconds of each sleep that came to its end.
    """

    is_virtual = True

    def __init__(
        self, url: str, token: str, slept: Callable[[float], None] = lambda seconds: None
    ) -> None:
        self._slept = slept
        self._http = LocalHttp(url)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        # What had happened when this client last looked: whatever has since then may be what the
        # caller waits for, and must not be skipped over.
        self._happened: int | None = None

    @property
    def mode(self) -> str:
        mode = self._call()["mode"]
        return mode if isinstance(mode, str) else f"{mode:g}"

    def now(self) -> datetime:
        return _utc(self._call()["now"])

    def sleep(self, seconds: float, cause: str = "") -> None:
        seconds = length_s(seconds)
        state = self._call()
        told = _Told(seconds, cause, _utc(state["now"]), is_virtual=True)
        if state["mode"] in SKIPPING:
            self._call({"advance_s": seconds})
        else:
            with told.ended():
                while (now := self.now()) < told.end:
                    told.update(now)
                    time.sleep(_FAST_POLL_S)
        told.finish()
        self._slept(seconds)

    def set_mode(self, mode: str | float) -> None:
        self._call({"mode": _factor(mode)})

    def settle(self) -> None:
        self._call({"run": "until_idle", "limit_s": 0})

    def next_step(self, limit_s: float) -> Step:
        asked = {"run": "next_event", "limit_s": max(limit_s, 0.0), "after": self._happened}
        state = self._call(asked | {"skipping": True})
        if state["mode"] not in SKIPPING:
            time.sleep(_FAST_POLL_S)
            state = self._call()
            return _step(state, is_stuck=bool(state["idle"]) and state["next_event_at"] is None)
        return _step(state, is_stuck=state["ran"] == 0)

    def answers(self) -> bool:
        """Whether the embedded AWS of this address and token is there."""
        try:
            status, answer = self._request(None, _ANSWERS_LIMIT_S)
            return status == 200 and "happened" in json.loads(answer)
        except _UNANSWERED:
            return False

    def _call(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            status, answer = self._request(body, CALL_LIMIT_S)
            state: dict[str, Any] = json.loads(answer) if status == 200 else {}
        except _UNANSWERED as error:
            raise self._unanswered(body, error) from None
        if status != 200:
            raise EndpointError(
                f"The embedded AWS refused {body or 'a look at its clock'}: "
                f"{answer.decode(errors='replace')}",
                'A mode is "skip", "flow", "real" or a factor of at least 1.'
                if body and "mode" in body
                else "Ask it for something else.",
            )
        self._happened = state["happened"]
        return state

    def _request(self, body: dict[str, Any] | None, timeout_s: float) -> tuple[int, bytes]:
        data = None if body is None else json.dumps(body).encode()
        return self._http.request("GET" if data is None else "POST", data, self._headers, timeout_s)

    def _unanswered(self, body: dict[str, Any] | None, error: Exception) -> Exception:
        if not isinstance(error, TimeoutError):
            return EndpointError(
                f"The embedded AWS does not answer any more ({error}).",
                "Run the cell with workshop.connect() again: it starts a new one, which is empty.",
            )
        asked = f"{body or 'a look at its clock'} took longer than {CALL_LIMIT_S:.0f} s."
        if self.answers():
            return EndpointError(
                f"The embedded AWS works, but {asked}",
                "What it caused goes on: a handler that computes takes its real time. Wait, and "
                "look again.",
            )
        return EndpointError(
            f"The embedded AWS hangs: {asked}",
            "End the command that started it, such as `lab`, or close all notebooks that use it; "
            "then begin anew.",
        )


class RealClock:
    """The ordinary clock, for a real account: waiting is polling.

    Args:
        pause: lets real seconds pass.
        read: the time, in UTC.
        slept: told the seconds of each sleep that came to its end.
    """

    is_virtual = False
    mode = "real"

    def __init__(
        self,
        pause: Callable[[float], None] = time.sleep,
        read: Callable[[], datetime] = lambda: datetime.now(UTC),
        slept: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self._slept = slept
        self._pause = pause
        self._read = read

    def now(self) -> datetime:
        return self._read()

    def sleep(self, seconds: float, cause: str = "") -> None:
        seconds = length_s(seconds)
        told = _Told(seconds, cause, self.now(), is_virtual=False)
        with told.ended():
            while (left_s := (told.end - (now := self.now())).total_seconds()) > 0:
                told.update(now)
                self._pause(min(_TICK_S, left_s))
        told.finish()
        self._slept(seconds)

    def set_mode(self, mode: str | float) -> None:
        if mode != "real":
            raise TargetError(
                f"Time cannot run as {mode!r} on a real account.",
                "Use the embedded AWS to skip waits; here every second is a second.",
            )

    def settle(self) -> None:
        """Nothing to do: nobody skips time here."""

    def next_step(self, limit_s: float) -> Step:
        self._pause(min(_TICK_S, max(limit_s, 0.0)))
        return Step(self.now())


class _Told:
    """The line of one sleep, if it is long enough to have one."""

    def __init__(self, seconds: float, cause: str, now: datetime, *, is_virtual: bool) -> None:
        self.end = now + timedelta(seconds=seconds)
        self._seconds, self._cause, self._is_virtual = seconds, cause, is_virtual
        self._started_s = own_now_s()
        self._line = ProgressLine() if seconds > telling.SILENT_S else None

    def ended(self) -> AbstractContextManager[None]:
        return self._line.ended() if self._line else nullcontext()

    def update(self, now: datetime) -> None:
        if self._line:
            own_s = own_now_s() - self._started_s if self._is_virtual else None
            self._line.update(telling.passing(self._seconds, self._cause, now, self.end, own_s))

    def finish(self) -> None:
        if self._line:
            real_s = own_now_s() - self._started_s
            self._line.finish(
                telling.passed(self._seconds, self._cause, real_s, is_virtual=self._is_virtual)
            )


def _step(state: dict[str, Any], *, is_stuck: bool) -> Step:
    next_s = state["next_event_at"]
    return Step(_utc(state["now"]), is_stuck, None if next_s is None else _utc(next_s))


def _factor(mode: str | float) -> str | float:
    """A factor may be given as `mode` shows it."""
    try:
        return float(mode)
    except ValueError:
        return mode


def _utc(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)
