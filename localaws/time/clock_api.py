"""The clock over HTTP: look at virtual time, let it run, choose how it runs.

`GET /_clock` and `POST /_clock` with one JSON object:

| body | does |
|---|---|
| `{"advance_s": n}` | n seconds of virtual time pass now |
| `{"run": "until_idle", "limit_s": n}` | runs until nothing is scheduled within n seconds |
| `{"run": "next_event", "limit_s": n}` | runs the next event and all that it causes at once; with |
| | `"after": happened` what has happened since that answer counts as the next event; with |
| | `"skipping": true` it is answered at once, and nothing is run, in a mode that skips nothing |
| `{"step": true}` | the same whatever the mode, without limit |
| `{"mode": "skip", "flow", "real" or a factor}` | changes how time runs from now on |

Every answer is `{"now", "mode", "idle", "next_event_at", "ran", "happened"}`: times in epoch
seconds, how many events ran, and how much has happened since the start: events, and work that ended
or began to sleep.
"""

import json
from typing import Any

from localaws.time.mode import SKIPPING
from localaws.time.time import Time
from localaws.time.timekeeper import Timekeeper
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse

# As long as SQS keeps a message at the most: nothing that a lesson waits for is further away.
_DEFAULT_LIMIT_S = 14 * 24 * 3600.0

# The clock never goes back: a slip of the keyboard must not end it.
_MOST_S = 366 * 24 * 3600.0


class InvalidClockRequest(AwsError):
    """The body is not one of the requests above."""


class ClockApi:
    """Serves the clock of one endpoint."""

    def __init__(self, time: Time, timekeeper: Timekeeper) -> None:
        self._time = time
        self._timekeeper = timekeeper

    async def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer a request whose caller was already checked."""
        try:
            ran = await self._act(_parse(request)) if request.method == "POST" else 0
        except InvalidClockRequest as error:
            return _json(error.status, {"message": error.message})
        return _json(200, self._state() | {"ran": ran})

    def _state(self) -> dict[str, Any]:
        next_s = self._time.scheduler.next_at_s()
        return {
            "now": self._time.now_s(),
            "mode": self._timekeeper.mode,
            "idle": self._time.activity.idle and next_s is None,
            "next_event_at": next_s,
            "happened": self._timekeeper.happened,
        }

    async def _act(self, body: dict[str, Any]) -> int:
        match body:
            case {"advance_s": seconds}:
                return await self._timekeeper.advance(_seconds("advance_s", seconds))
            case {"run": "until_idle", **rest}:
                return await self._timekeeper.run_until_idle(_limit_s(rest))
            case {"run": "next_event", **rest}:
                return await self._run_next_event(rest)
            case {"step": True}:
                return await self._timekeeper.run_next_event(_DEFAULT_LIMIT_S, forced=True)
            case {"mode": mode}:
                try:
                    self._timekeeper.set_mode(mode)
                except ValueError as error:
                    raise InvalidClockRequest(str(error)) from None
                return 0
        raise InvalidClockRequest(
            f"{body!r} is not a clock request; send one of advance_s, run, step, mode"
        )

    async def _run_next_event(self, body: dict[str, Any]) -> int:
        after = body.get("after")
        if after is not None and type(after) is not int:
            raise InvalidClockRequest(f"after must be a whole number, not {after!r}")
        limit_s = _limit_s(body)
        if body.get("skipping") and self._timekeeper.mode not in SKIPPING:
            return 0
        return await self._timekeeper.run_next_event(limit_s, after=after)


def _parse(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise InvalidClockRequest(f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise InvalidClockRequest(f"the body must be a JSON object, not {body!r}")
    return body


def _limit_s(body: dict[str, Any]) -> float:
    return _seconds("limit_s", body.get("limit_s", _DEFAULT_LIMIT_S))


def _seconds(name: str, value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= _MOST_S:
        raise InvalidClockRequest(
            f"{name} must be a number of seconds from 0 to {_MOST_S:.0f} (a year), not {value!r}"
        )
    return float(value)


def _json(status: int, body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(status, json.dumps(body).encode(), {"content-type": "application/json"})
