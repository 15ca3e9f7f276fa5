"""A call to the clock that gets no answer: the message says what is known, and no more."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workshop import clock_client
from workshop.clock_client import EmbeddedClock
from workshop.errors import EndpointError


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
            self.wfile.write(json.dumps({"mode": "skip", "happened": 0}).encode())

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
    monkeypatch.setattr(clock_client, "CALL_LIMIT_S", 0.05)
    monkeypatch.setattr(clock_client, "_ANSWERS_LIMIT_S", 0.5)


def test_a_call_that_takes_long_is_not_taken_for_an_end(impatient: None) -> None:
    with endpoint(hangs=False) as clock, pytest.raises(EndpointError) as caught:
        clock.sleep(3600)
    assert "works, but {'advance_s': 3600} took longer" in str(caught.value)
    assert "empty" not in str(caught.value)


def test_one_that_hangs_has_to_be_ended(impatient: None) -> None:
    with endpoint(hangs=True) as clock, pytest.raises(EndpointError, match=r"hangs.*\s*End the"):
        clock.set_mode("skip")


def test_one_that_ended_is_replaced_by_the_next_connect() -> None:
    clock = EmbeddedClock("http://127.0.0.1:9/_clock", "secret")
    with pytest.raises(EndpointError, match=r"does not answer any more[^$]*starts a new one"):
        clock.now()
