"""Who has to go when there is no room for another client, and who is given up."""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from localaws.door.connections import ACCEPTED_AT_ONCE, Connections
from localaws.door.http_protocol import BoundedHttpProtocol
from localaws.door.shortage import Shortage


class Client:
    """A connection as `Connections` sees it."""

    def __init__(self, number: int) -> None:
        self.client = ("127.0.0.1", number)
        self.is_waiting = False
        self.is_dropped = False

    def drop(self) -> None:
        self.is_dropped = True


def opened(connections: Connections, count: int) -> list[Client]:
    clients = [Client(number) for number in range(count)]
    for client in clients:
        connections.open(client)
    return clients


def dropped(clients: list[Client]) -> list[int]:
    return [client.client[1] for client in clients if client.is_dropped]


def test_the_stranger_that_is_silent_for_longest_goes_first() -> None:
    connections = Connections(most=3)
    clients = opened(connections, 3)
    connections.hear(clients[0])

    connections.open(Client(9))

    assert dropped(clients) == [1]
    assert len(connections) == 3


def test_any_older_stranger_goes_before_a_caller() -> None:
    connections = Connections(most=3)
    clients = opened(connections, 3)
    connections.admit(clients[0].client)
    connections.hear(clients[1])

    connections.open(Client(9))

    assert dropped(clients) == [2]


def test_a_caller_without_a_question_goes_before_a_stranger_that_just_came() -> None:
    connections = Connections(most=3)
    clients = opened(connections, 3)
    for client in clients:
        connections.admit(client.client)
    clients[0].is_waiting = True

    connections.open(newest := Client(9))

    assert dropped(clients) == [1]
    assert not newest.is_dropped


def test_who_waits_for_an_answer_is_never_closed() -> None:
    connections = Connections(most=3)
    clients = opened(connections, 3)
    for client in clients:
        client.is_waiting = True
    connections.admit(clients[0].client)

    newest = opened(connections, 1)

    assert not dropped([*clients, *newest])
    assert not connections.make_room()


def test_many_strangers_at_once_are_all_given_a_turn_to_speak() -> None:
    connections = Connections(most=300)
    at_once = ACCEPTED_AT_ONCE * 3
    for client in (callers := opened(connections, 300)):
        client.is_waiting = True
        connections.admit(client.client)

    strangers = [Client(1000 + number) for number in range(at_once + 2)]
    for stranger in strangers:
        connections.open(stranger)

    assert not dropped(callers)
    assert dropped(strangers) == [1000, 1001]


def test_what_belongs_to_the_endpoint_stays() -> None:
    connections = Connections(most=1)
    (runtime,) = opened(connections, 1)
    connections.admit(runtime.client, keep=True)

    assert not connections.make_room()
    assert not runtime.is_dropped


def test_an_address_that_is_used_again_is_another_connection() -> None:
    connections = Connections(most=5)
    first, second = Client(1), Client(1)
    connections.open(first)
    connections.close(first)
    connections.open(second)
    connections.close(first)  # told late

    assert len(connections) == 1


class Transport(asyncio.Transport):
    """The client's end of a connection, in this process."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written = b""
        self.is_gone = asyncio.Event()

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_gone.is_set()

    def close(self) -> None:
        self.is_gone.set()

    def abort(self) -> None:
        self.is_gone.set()

    def pause_reading(self) -> None:
        """Nothing comes by itself."""

    def resume_reading(self) -> None:
        """Nothing comes by itself."""


Protocols = Callable[..., tuple[BoundedHttpProtocol, Transport, Connections]]


@pytest.fixture
def connected() -> Protocols:
    """Makes a connection; its application answers each request once it is told to."""

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"yes"})

    def make(**limits: float) -> tuple[BoundedHttpProtocol, Transport, Connections]:
        connections, transport = Connections(most=1), Transport()
        config = uvicorn.Config(application, lifespan="off", ws="none", log_config=None)
        config.load()
        protocol = BoundedHttpProtocol(
            connections,
            config=config,
            server_state=ServerState(),
            app_state={},
            _loop=asyncio.get_running_loop(),
            **limits,
        )
        protocol.connection_made(transport)
        return protocol, transport, connections

    return make


HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"


@pytest.mark.parametrize("sent", [b"", b"POST / HT", HEAD])
def test_a_head_that_does_not_end_is_given_up(connected: Protocols, sent: bytes) -> None:
    async def run() -> None:
        protocol, transport, _ = connected(head_s=0.001, request_s=1000)
        if sent:
            protocol.data_received(sent)
        await transport.is_gone.wait()

    asyncio.run(run())


def test_each_byte_of_a_head_gives_no_new_time(connected: Protocols) -> None:
    async def run() -> None:
        protocol, transport, _ = connected(head_s=0.001, request_s=1000)
        while not transport.is_closing():
            protocol.data_received(b"\r\n")  # what may stand before a request, for ever
            await asyncio.sleep(0)

    asyncio.run(run())


def test_a_body_that_does_not_end_is_given_up(connected: Protocols) -> None:
    async def run() -> None:
        protocol, transport, _ = connected(head_s=1000, request_s=0.001)
        protocol.data_received(HEAD + b"\r\nab")
        await transport.is_gone.wait()
        assert transport.written == b""

    asyncio.run(run())


def test_a_request_that_came_whole_has_all_the_time_it_needs(connected: Protocols) -> None:
    async def run() -> None:
        protocol, transport, connections = connected(head_s=0, request_s=0)
        protocol.data_received(HEAD + b"\r\nabc")
        assert protocol.is_waiting
        for _ in range(10):
            await asyncio.sleep(0)
        assert b"200 OK" in transport.written
        assert not protocol.is_waiting
        assert not transport.is_closing()
        protocol.connection_lost(None)
        assert len(connections) == 0

    asyncio.run(run())


def test_a_shortage_makes_room_and_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    loop = asyncio.new_event_loop()
    connections = Connections(most=1000)
    clients = opened(connections, 6 * ACCEPTED_AT_ONCE)
    shortage = Shortage(connections)
    context = {
        "message": "socket.accept() out of system resource",
        "exception": OSError(errno.EMFILE, "Too many open files"),
        "socket": socket,
    }

    for _ in range(2):
        shortage.handle(loop, context)

    said = capsys.readouterr().err
    assert dropped(clients) == list(range(2 * ACCEPTED_AT_ONCE))
    assert said.count("\n") == 1
    assert "Too many open files" in said
    assert "ulimit -n" in said
    loop.close()


def test_other_faults_of_the_loop_are_told_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    clients = opened(connections := Connections(most=1000), 3)

    Shortage(connections).handle(loop, {"message": "a defect", "exception": KeyError("x")})

    assert "a defect" in caplog.text
    assert not dropped(clients)
    loop.close()
