"""A headless Chromium for tests: opens pages, tells what they requested and what went wrong.

It speaks the browser's DevTools protocol directly: Debian's chromium is all that has to be there.
"""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import websocket

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")

# How long something that comes is waited for: what does not come is an error on any machine.
START_LIMIT_S = 120
ANSWER_LIMIT_S = 120
END_LIMIT_S = 20


class Page:
    """One tab.

    Attributes:
        requests: addresses that were requested, without data: addresses and without those that
            the page's own policy kept from being sent.
        problems: console errors, failed loads and uncaught exceptions, as text.
    """

    def __init__(self, channel: websocket.WebSocket) -> None:
        self._channel = channel
        self._number = 0
        self._sent: dict[str, str] = {}
        self.problems: list[str] = []
        self._channels: dict[str, str] = {}
        self._heard_s: dict[str, float] = {}
        self._loaded = False
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    @property
    def requests(self) -> list[str]:
        """Addresses, in the order of asking."""
        # One more question, so that what was told meanwhile has been heard.
        self.evaluate("1")
        return list(self._sent.values())

    def forget(self) -> None:
        """Begin anew with requests and problems."""
        self._sent.clear()
        self.problems.clear()

    def open(self, address: str) -> None:
        """Load a page and everything in it."""
        self._loaded = False
        self.call("Page.navigate", url=address)
        deadline_s = time.monotonic() + START_LIMIT_S
        while not self._loaded:
            assert time.monotonic() < deadline_s, f"{address} did not load"
            self._receive()

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, script: str, limit_s: float = ANSWER_LIMIT_S) -> Any:
        """Wait until an expression is true; returns its value."""
        deadline_s = time.monotonic() + limit_s
        while not (value := self.evaluate(script)):
            assert time.monotonic() < deadline_s, f"never became true: {script}"
            time.sleep(0.1)
        return value

    def wait_until_quiet(self, channel: str, quiet_s: float = 1.5) -> None:
        """Wait until a WebSocket with `channel` in its address was heard, and then fell silent."""
        deadline_s = time.monotonic() + ANSWER_LIMIT_S
        while True:
            self.evaluate("1")
            heard = [
                at_s for number, at_s in self._heard_s.items() if channel in self._channels[number]
            ]
            if heard and time.monotonic() - max(heard) > quiet_s:
                return
            assert time.monotonic() < deadline_s, f"{channel} was never heard, or never silent"
            time.sleep(0.1)

    def click(self, selector: str) -> None:
        """Click the middle of the first visible element, as a mouse does."""
        place = self.wait_for(
            f"(() => {{ const found = [...document.querySelectorAll({json.dumps(selector)})]"
            ".find(element => element.getClientRects().length);"
            " if (!found) return null; const box = found.getBoundingClientRect();"
            " return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=kind, **place, **button)

    def set_size(self, width: int, height: int) -> None:
        """The size of the window in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def call(self, method: str, **parameters: Any) -> Any:
        """One command of the DevTools protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._channel.send(json.dumps(message))
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self._channel.recv())
        self._note(message.get("method"), message.get("params", {}))
        return message

    def _note(self, event: str | None, told: dict[str, Any]) -> None:
        if event == "Page.loadEventFired":
            self._loaded = True
        elif event == "Network.requestWillBeSent":
            address = told["request"]["url"]
            if not address.startswith("data:"):
                self._sent[told["requestId"]] = address
        elif event == "Network.loadingFailed" and told.get("blockedReason") == "csp":
            self._sent.pop(told["requestId"], None)
        elif event == "Network.webSocketCreated":
            self._channels[told["requestId"]] = told["url"]
        elif event == "Network.webSocketFrameReceived":
            self._heard_s[told["requestId"]] = time.monotonic()
        elif event == "Runtime.exceptionThrown":
            self.problems.append(str(told["exceptionDetails"].get("exception", told)))
        elif event == "Runtime.consoleAPICalled" and told["type"] == "error":
            self.problems.append(str([argument.get("value") for argument in told["args"]]))
        elif event == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.problems.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")


class Browser:
    """A running headless Chromium.

    Args:
        port: where it listens for commands.
    """

    def __init__(self, port: int) -> None:
        self._port = port

    @contextmanager
    def page(self) -> Iterator[Page]:
        """A new tab; what the tabs before it loaded is in the browser's cache."""
        tab = json.loads(self._ask("PUT", "new?about:blank"))
        channel = websocket.create_connection(
            tab["webSocketDebuggerUrl"], timeout=ANSWER_LIMIT_S, suppress_origin=True
        )
        with closing(channel):
            yield Page(channel)
        self._ask("PUT", f"close/{tab['id']}")

    def _ask(self, method: str, what: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/json/{what}")
        request.method = method
        # Loopback never goes through a proxy.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=ANSWER_LIMIT_S) as answer:
            told: bytes = answer.read()
        return told


@contextmanager
def chromium() -> Iterator[Browser]:
    """A new headless Chromium with a profile of its own; ends with the block."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [CHROMIUM, *_arguments(profile)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        try:
            yield Browser(_port(Path(profile), process))
        finally:
            process.terminate()
            try:
                process.wait(timeout=END_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _arguments(profile: str) -> list[str]:
    return [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "about:blank",
    ]


def _port(profile: Path, process: "subprocess.Popen[bytes]") -> int:
    """Chromium writes its port into its profile once it listens."""
    told = profile / "DevToolsActivePort"
    deadline_s = time.monotonic() + START_LIMIT_S
    while not (told.exists() and told.read_text().count("\n") >= 1):
        assert process.poll() is None, "chromium ended at its start"
        assert time.monotonic() < deadline_s, "chromium did not start"
        time.sleep(0.05)
    return int(told.read_text().splitlines()[0])
