"""A call to the clock that gets no answer: the message says what is known, and no more."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workshop.errors import EndpointError
from workshop.target import clock
from workshop.target.clock import EmbeddedClock


@contextlib.contextmanager
def endpoint(*, hangs: bool) -> Iterator[EmbeddedClock]:
    """Never done with a POST; answers a GET, unless it hangs."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if hangs:
                over.wait()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"mode": "skip", "happened": 0, "now": 0}).encode())

        def do_POST(self) -> None:
            over.wait()

        def log_message(self, *_: object) -> None:
            """Tell nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield EmbeddedClock(f"http://127.0.0.1:{server.server_port}/_clock", "secret")
        finally:
            over.set()
            server.shutdown()
            serving.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is never done; what is answered has its time, on a busy machine too."""
    monkeypatch.setattr(clock, "CALL_LIMIT_S", 0.05)


def test_a_call_that_takes_long_is_not_taken_for_an_end(impatient: None) -> None:
    with endpoint(hangs=False) as clock, pytest.raises(EndpointError) as caught:
        clock.set_mode("skip")
    assert "works, but {'mode': 'skip'} took longer" in str(caught.value)
    assert "empty" not in str(caught.value)


def test_one_that_hangs_has_to_be_ended(impatient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_ANSWERS_LIMIT_S", 0.05)
    with endpoint(hangs=True) as mute, pytest.raises(EndpointError, match=r"hangs.*\s*End the"):
        mute.set_mode("skip")


def test_one_that_ended_is_replaced_by_the_next_connect() -> None:
    clock = EmbeddedClock("http://127.0.0.1:9/_clock", "secret")
    with pytest.raises(EndpointError, match=r"does not answer any more[^$]*starts a new one"):
        clock.now()


class Counted:
    """A clock API that keeps connections open and counts; it skips time, or runs in `mode`."""

    def __init__(self, mode: str, closes: bool = False) -> None:
        self.connections = 0
        self.asked: list[str] = []
        counted = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                counted.connections += 1
                super().setup()

            def do_GET(self) -> None:
                self._answer("")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _answer(self, asked: str) -> None:
                counted.asked.append(asked)
                state = {"now": 0, "mode": mode, "idle": False, "next_event_at": 1}
                answer = json.dumps(state | {"ran": 1, "happened": 1}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
                # Without a word, as an idle connection ends.
                self.close_connection = closes or self.close_connection

            def log_message(self, *_: object) -> None:
                """Tell nothing."""

        self.handler = Handler


@contextlib.contextmanager
def serving(counted: Counted) -> Iterator[EmbeddedClock]:
    with ThreadingHTTPServer(("127.0.0.1", 0), counted.handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        server.daemon_threads = True
        server.block_on_close = False
        try:
            yield EmbeddedClock(f"http://127.0.0.1:{server.server_port}/_clock", "secret")
        finally:
            server.shutdown()
            thread.join()


def test_a_step_is_one_request_and_all_of_them_share_a_connection() -> None:
    counted = Counted("skip")
    with serving(counted) as clock:
        for _ in range(10):
            clock.next_step(60)
    assert (len(counted.asked), counted.connections) == (10, 1)


def test_a_connection_that_was_closed_while_idle_is_replaced() -> None:
    counted = Counted("skip", closes=True)
    with serving(counted) as clock:
        assert [clock.next_step(60).is_stuck for _ in range(3)] == [False] * 3
    assert (len(counted.asked), counted.connections) == (3, 3)


def test_where_time_cannot_be_skipped_a_step_is_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(clock.time, "sleep", waits.append)
    counted = Counted("real")
    with serving(counted) as real:
        assert not real.next_step(60).is_stuck
    assert waits == [clock._FAST_POLL_S]
    assert counted.asked[1:] == [""]
