"""Lambda's Runtime API (2018-06-01), and what the embedded AWS adds for its children.

Each child process has an address of its own with an unguessable token in it. Additions, under
`/localaws/`: `GET clock` tells the virtual time, `POST sleep` answers when virtual time has
passed. Every answer carries the virtual time in the header `Localaws-Now-S`.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping

from localaws.lambda_.runtime.outcomes import Exited, Failed, InitFailed, Outcome, Ready, Responded
from localaws.lambda_.runtime.waits import VirtualWaits
from localaws.time.clock import Clock
from localaws.words.http import HttpRequest, HttpResponse

# No bucket's name begins so: an S3 path can never be taken for one of these.
RUNTIME_PATH = "/_runtime/"
_API = "/2018-06-01/runtime"

# No invocation lives to see its end; a clock at infinity would never show another time.
_LONGEST_SLEEP_S = 1e9


class RuntimeApi:
    """Finds the child process that a request comes from."""

    def __init__(self) -> None:
        self._sessions: dict[str, RuntimeSession] = {}

    def open(self, session: "RuntimeSession") -> str:
        """Give a session an address; returns its path below the endpoint, without a slash."""
        token = secrets.token_urlsafe(24)
        self._sessions[token] = session
        return RUNTIME_PATH.strip("/") + "/" + token

    def close(self, path: str) -> None:
        """The address is no longer valid."""
        self._sessions.pop(path.rpartition("/")[2], None)

    def admits(self, path: str) -> bool:
        """Whether the path is the address of a child that lives."""
        return path.removeprefix(RUNTIME_PATH).partition("/")[0] in self._sessions

    async def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer one request of a child process."""
        token, _, path = request.path.removeprefix(RUNTIME_PATH).partition("/")
        session = self._sessions.get(token)
        if session is None:
            return _error(403, "InvalidToken", "no execution environment has this address")
        return await session.handle(f"/{path}", request)


class RuntimeSession:
    """The Runtime API as one child process sees it.

    Args:
        report: called with what happened, at once.
        will_sleep: called before the handler waits for virtual time.
    """

    def __init__(
        self,
        clock: Clock,
        waits: VirtualWaits,
        report: Callable[[Outcome], None],
        will_sleep: Callable[[], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self._waits = waits
        self._report = report
        self._will_sleep = will_sleep
        self._poll: asyncio.Future[HttpResponse] | None = None
        self._request_id: str | None = None
        self._closed = False

    @property
    def polled(self) -> bool:
        """The child waits for its next invocation."""
        return self._poll is not None and not self._poll.done()

    def deliver(self, request_id: str, headers: Mapping[str, str], event: bytes) -> None:
        """Answer the pending poll with an invocation."""
        assert self._poll is not None
        self._request_id = request_id
        self._poll.set_result(self._answer(200, event, headers))
        self._poll = None

    def close(self) -> None:
        """The child is gone: let go of what it waited for."""
        self._closed = True
        self._waits.end()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(_gone())

    async def handle(self, path: str, request: HttpRequest) -> HttpResponse:
        """Answer one request; `path` is what follows the token."""
        if self._closed:
            # Sent with its last breath; whoever waited here would wait for ever.
            return _gone()
        match request.method, path.removeprefix(_API).split("/")[1:]:
            case "GET", ["invocation", "next"]:
                return await self._next()
            case "POST", ["invocation", request_id, "response"]:
                return self._finish(request_id, Responded(request.body))
            case "POST", ["invocation", request_id, "error"]:
                return self._finish(request_id, Failed(request.body))
            case "POST", ["init", "error"]:
                return self._init_error(request)
            case "GET", ["localaws", "clock"]:
                return self._answer(200)
            case "POST", ["localaws", "sleep"]:
                return await self._sleep(request)
        return _error(404, "NotFound", f"the Runtime API has no {request.method} {path}")

    async def _next(self) -> HttpResponse:
        if self._request_id is not None:
            # It gives up the invocation that it has: nobody will ever answer that one.
            self._request_id = None
            self._report(Exited(0))
            return _gone()
        poll: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        earlier, self._poll = self._poll, poll
        if earlier is None:
            self._report(Ready())
        elif not earlier.done():  # The client connected anew: nobody reads the old answer.
            earlier.set_result(_gone())
        return await poll

    def _finish(self, request_id: str, outcome: Outcome) -> HttpResponse:
        if request_id != self._request_id:
            return _error(400, "InvalidRequestID", f"{request_id} is not the current invocation")
        self._request_id = None
        self._report(outcome)
        return self._answer(202)

    def _init_error(self, request: HttpRequest) -> HttpResponse:
        error_type = request.headers.get("lambda-runtime-function-error-type", "")
        self._report(InitFailed(request.body, error_type))
        return self._answer(202)

    async def _sleep(self, request: HttpRequest) -> HttpResponse:
        try:
            seconds = float(request.headers["localaws-sleep-s"])
            threads = int(request.headers["localaws-threads"])
        except (KeyError, ValueError) as error:
            return _error(400, "InvalidSleep", f"not a sleep: {error!r}")
        if not 0 <= seconds <= _LONGEST_SLEEP_S:
            return _error(400, "InvalidSleep", f"cannot sleep for {seconds} s")
        await self._will_sleep()
        if self._closed:
            # The child ended meanwhile, and all waits with it: one that begins now would never end.
            return _gone()
        await self._waits.wait(self._clock.now_s() + seconds, threads=threads)
        return self._answer(200)

    def _answer(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        # `repr` of a float loses nothing that the handler could see (less than a microsecond).
        now = {"localaws-now-s": repr(self._clock.now_s())}
        return HttpResponse(status, body, {**now, **(headers or {})})


def _gone() -> HttpResponse:
    return _error(410, "Gone", "this execution environment has ended")


def _error(status: int, error_type: str, message: str) -> HttpResponse:
    body = json.dumps({"errorMessage": message, "errorType": error_type}).encode()
    return HttpResponse(status, body, {"content-type": "application/json"})
