"""The endpoint's door: who is refused before any service sees the request."""

import asyncio
import json
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.credentials import Credentials as BotoCredentials

from localaws.door.connections import Client, Connections
from localaws.door.credentials import Credentials
from localaws.door.endpoint import Endpoint, SecretPath, send_response
from localaws.door.signatures import SignatureVerifier
from localaws.time.clock_api import ClockApi
from localaws.time.timekeeper import Timekeeper
from localaws.words.http import Caller, HttpRequest, HttpResponse
from localaws.words.identity import Identity
from tests.unit.door.test_signatures import administrator, signed
from tests.unit.virtual_time import VirtualTime, kept

HOST = "127.0.0.1:4566"
CLIENT = ("127.0.0.1", 50000)


class Echo:
    """A service that answers with what it was asked, or waits for ever."""

    def __init__(self) -> None:
        self.cancelled = False

    async def handle(self, request: HttpRequest, caller: Caller) -> HttpResponse:
        if request.body == b'"wait"':
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        return HttpResponse(200, caller.arn.encode() + b" " + request.body)


class Elsewhere:
    """All the services that are not ours."""

    async def serve(
        self, scope: Any, request: HttpRequest, service: str, caller: Caller, send: Any
    ) -> None:
        body = f"{service} for {caller.arn} ".encode() + request.body
        await send_response(send, HttpResponse(200, body))


class World(VirtualTime):
    def __init__(self) -> None:
        super().__init__(start_s=1000.0)
        self.credentials = Credentials(Identity("123456789012", "us-east-1"))
        self.connections = Connections(most=2)
        self.echo = Echo()
        self.timekeeper = Timekeeper(self.time)
        clock_api = ClockApi(self.time, self.timekeeper)

        async def runtime(request: HttpRequest) -> HttpResponse:
            return HttpResponse(200, b"runtime " + request.path.encode())

        self.endpoint = Endpoint(
            hosts=[HOST],
            verifier=SignatureVerifier(self.credentials),
            activity=self.activity,
            services={"sqs": self.echo},
            everything_else=Elsewhere(),
            clock=clock_api.handle,
            secret_paths={
                "/_runtime/": SecretPath(lambda path: path.startswith("/_runtime/token/"), runtime),
                "/_shop/": SecretPath(lambda path: False, runtime, lambda: HttpResponse(418)),
            },
            clock_token=self.credentials.administrator.secret_access_key,
            connections=self.connections,
            silence_s=0.01,
        )

    async def send(
        self, request: HttpRequest, *, gone: asyncio.Event | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; status 0 when nothing was answered."""
        sent: list[Any] = []
        body = [request.body]
        self.bodies_read = 0

        async def receive() -> Any:
            if body:
                self.bodies_read += 1
                return {"type": "http.request", "body": body.pop(), "more_body": False}
            await (gone or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.endpoint(self.scope_of(request), receive, send)
        if not sent:
            return 0, {}, b""
        headers = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        return sent[0]["status"], headers, b"".join(m["body"] for m in sent[1:])

    def scope_of(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "type": "http",
            "client": CLIENT,
            "method": request.method,
            "path": request.path,
            "raw_path": request.path.encode(),
            "query_string": request.query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in request.headers.items()],
        }

    async def clock_call(self, body: Any, token: str | None = None) -> tuple[int, Any]:
        secret = self.credentials.administrator.secret_access_key if token is None else token
        headers = {"host": HOST, "authorization": f"Bearer {secret}"}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, answer = await self.send(HttpRequest("POST", "/_clock", "", headers, content))
        return status, json.loads(answer)


@pytest.fixture
def world() -> World:
    return World()


async def test_a_signed_request_reaches_its_service(world: World) -> None:
    status, _, body = await world.send(signed(administrator(world.credentials), body=b"hello"))
    assert (status, body) == (200, b"arn:aws:iam::123456789012:user/workshop hello")


@pytest.mark.parametrize("service", ["sqs", "events"])
async def test_an_answer_has_the_date_of_the_callers_clock(world: World, service: str) -> None:
    # Given a caller whose clock is hours and days away from ours
    request = signed(administrator(world.credentials), service=service)
    at = request.headers["x-amz-date"]
    # When it is answered, then its SDK finds no difference
    _, headers, _ = await world.send(request)
    assert parsedate_to_datetime(headers["date"]).strftime("%Y%m%dT%H%M%SZ") == at


@pytest.mark.parametrize("date", [None, "", "yesterday", "20269999T999999Z"])
async def test_a_request_without_a_date_gets_none(world: World, date: str | None) -> None:
    headers = {"host": HOST} if date is None else {"host": HOST, "x-amz-date": date}
    request = HttpRequest("GET", "/_runtime/token/2018-06-01/x", "", headers, b"")
    status, answered, _ = await world.send(request)
    assert (status, answered.get("date")) == (200, None)


async def test_services_that_are_not_ours_are_elsewhere(world: World) -> None:
    status, _, body = await world.send(
        signed(administrator(world.credentials), body=b"hello", service="events")
    )
    assert (status, body) == (200, b"events for arn:aws:iam::123456789012:user/workshop hello")


@pytest.mark.parametrize("path", ["/_ministack/reset", "/%5Fministack/reset", "//_localstack/x"])
async def test_the_emulator_s_own_controls_are_out_of_reach(world: World, path: str) -> None:
    url = f"http://{HOST}{path}"
    request = signed(administrator(world.credentials), service="s3", url=url, signer=S3SigV4Auth)
    status, _, body = await world.send(request)
    assert (status, json.loads(body)) == (403, {"message": "Refused: AWS has no such path."})


@pytest.mark.parametrize(
    "header",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1:9"},
        {"origin": "http://127.0.0.1:4566"},
        {"origin": "null"},
    ],
)
async def test_a_foreign_host_or_any_origin_is_refused_even_if_signed(
    world: World, header: dict[str, str]
) -> None:
    request = signed(administrator(world.credentials))
    request.headers.update(header)  # type: ignore[attr-defined]
    status, _, _ = await world.send(request)
    assert status == 403


@pytest.mark.parametrize("service", ["sqs", "s3"])
async def test_an_unsigned_request_is_refused(world: World, service: str) -> None:
    request = signed(administrator(world.credentials), service=service)
    request.headers.pop("authorization")  # type: ignore[attr-defined]
    status, _, body = await world.send(request)
    assert status == 403
    assert b"MissingAuthenticationToken" in body
    assert world.bodies_read == 0


async def test_an_address_of_the_old_signature_is_told_which_one_is_taken(world: World) -> None:
    request = signed(administrator(world.credentials), service="s3")
    request.headers.pop("authorization")  # type: ignore[attr-defined]
    query = "AWSAccessKeyId=AKIA&Signature=x&Expires=1796016255"
    status, headers, body = await world.send(replace(request, query=query))
    assert (status, headers["content-type"]) == (400, "application/xml")
    assert b"Please use AWS4-HMAC-SHA256" in body


async def test_nothing_is_read_from_a_stranger(world: World) -> None:
    stranger = BotoCredentials("AKIA" + "0" * 16, "secret")
    status, _, body = await world.send(signed(stranger, body=b"x" * 1000))
    assert status == 403
    assert b"UnrecognizedClientException" in body
    assert world.bodies_read == 0


@pytest.mark.parametrize(
    ("query", "content_type"),
    [("", "application/x-www-form-urlencoded"), ("Action=ListQueues", "text/plain")],
)
async def test_a_stranger_s_action_is_refused_in_xml(
    world: World, query: str, content_type: str
) -> None:
    stranger = BotoCredentials("AKIA" + "0" * 16, "secret")
    request = replace(signed(stranger), query=query)
    request.headers["content-type"] = content_type  # type: ignore[index]
    status, _, body = await world.send(request)
    assert status == 403
    assert b"<Code>InvalidClientTokenId</Code>" in body


async def test_a_secret_path_needs_no_signature(world: World) -> None:
    request = HttpRequest("GET", "/_runtime/token/2018-06-01/x", "", {"host": HOST}, b"")
    assert (await world.send(request))[2] == b"runtime /_runtime/token/2018-06-01/x"


async def test_a_client_that_goes_away_ends_its_wait(world: World) -> None:
    gone = asyncio.Event()
    waiting = asyncio.create_task(
        world.send(signed(administrator(world.credentials), body=b'"wait"'), gone=gone)
    )
    for _ in range(5):
        await asyncio.sleep(0)
    gone.set()
    assert (await waiting)[0] == 0
    await asyncio.sleep(0)
    assert world.echo.cancelled


async def test_the_clock_tells_and_moves_time(world: World) -> None:
    world.scheduler.call_at(1060.0, lambda: None)
    async with kept(world.timekeeper):
        status, state = await world.clock_call({"run": "until_idle", "limit_s": 600})
    assert status == 200
    assert state == {
        "now": 1060.0,
        "mode": "skip",
        "idle": True,
        "next_event_at": None,
        "ran": 1,
        "happened": 1,
    }


async def test_a_step_meant_for_skipping_runs_nothing_in_another_mode(world: World) -> None:
    world.scheduler.call_at(1060.0, lambda: None)
    async with kept(world.timekeeper):
        await world.clock_call({"mode": "real"})
        step = {"run": "next_event", "limit_s": 600, "skipping": True}
        _, state = await world.clock_call(step)
        assert (state["ran"], state["now"], state["mode"]) == (0, 1000.0, "real")
        await world.clock_call({"mode": "skip"})
        _, state = await world.clock_call(step)
        assert (state["ran"], state["now"]) == (1, 1060.0)


async def test_the_clock_advances_and_changes_its_mode(world: World) -> None:
    async with kept(world.timekeeper):
        _, state = await world.clock_call({"advance_s": 5})
        assert state["now"] == 1005.0
        _, state = await world.clock_call({"mode": "real"})
        assert state["mode"] == "real"


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        [],
        {},
        {"advance_s": -1},
        {"advance_s": "1"},
        {"advance_s": 1e12},
        {"run": "away"},
        {"mode": 0.1},
    ],
)
async def test_what_is_no_clock_request_is_explained(world: World, body: Any) -> None:
    status, answer = await world.clock_call(body)
    assert status == 400
    assert answer["message"]


async def test_the_clock_needs_the_secret(world: World) -> None:
    assert (await world.clock_call({"advance_s": 5}, token="guess"))[0] == 403
    assert world.clock.now_s() == 1000.0


async def test_a_secret_that_nobody_was_given_is_refused(world: World) -> None:
    for path, status in (("/_runtime/guess/x", 403), ("/_shop/guess", 418)):
        request = HttpRequest("POST", path, "", {"host": HOST}, b"x")
        assert (await world.send(request))[0] == status
        assert world.bodies_read == 0


async def test_a_client_that_falls_silent_within_its_request_stops_nobodys_time(
    world: World,
) -> None:
    # Given a signed request whose body never comes
    head = signed(administrator(world.credentials))
    sent: list[Any] = []

    async def receive() -> Any:
        return await asyncio.get_running_loop().create_future()

    async def send(message: Any) -> None:
        sent.append(message)

    await world.endpoint(world.scope_of(head), receive, send)
    # Then it is answered, and time may go on
    assert sent[0]["status"] == 408
    assert world.activity.idle


class Connected:
    """A connection without a question."""

    is_waiting = False
    is_dropped = False

    def __init__(self, client: Client = CLIENT) -> None:
        self.client = client

    def drop(self) -> None:
        self.is_dropped = True


async def is_stranger_after(world: World, request: HttpRequest) -> bool:
    """Whether the connection on which a request came is closed before that of a caller."""
    caller, connection = Connected(("127.0.0.1", 1)), Connected()
    world.connections.open(caller)
    world.connections.admit(caller.client)
    world.connections.open(connection)
    await world.send(request)
    world.connections.make_room()
    assert connection.is_dropped is not caller.is_dropped
    return connection.is_dropped


UNSIGNED = HttpRequest("POST", "/", "", {"host": HOST}, b"")


@pytest.mark.parametrize(
    ("path", "is_stranger"),
    [
        ("/_runtime/token/next", False),
        ("/_runtime/guessed/next", True),
        ("/", True),
        ("/_clock", True),
    ],
)
async def test_who_shows_no_secret_stays_a_stranger(
    world: World, path: str, is_stranger: bool
) -> None:
    assert await is_stranger_after(world, replace(UNSIGNED, path=path)) is is_stranger


async def test_whose_signature_holds_is_a_caller(world: World) -> None:
    request = signed(administrator(world.credentials))
    assert not await is_stranger_after(world, request)


async def test_whose_signature_is_of_another_body_stays_a_stranger(world: World) -> None:
    request = signed(administrator(world.credentials))
    assert await is_stranger_after(world, replace(request, body=b'"forged"'))
