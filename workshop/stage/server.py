"""The stage's page: on loopback, for who has its token, one WebSocket for state and commands."""

import asyncio
import contextlib
import json
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
import tornado.websocket

from workshop.stage import page, scripts
from workshop.stage.director import Director

State = dict[str, Any]

_HOST = "127.0.0.1"
_CHECK_MS = 3_000
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_START_LIMIT_S = 20
# Commands that a page may give, and what comes with each.
_COMMANDS = {
    "scene": ("name", "own"),
    "next": (),
    "back": (),
    "freeze": (),
    "speed": ("speed",),
    "stop": (),
    "reset": (),
}


class StageServer:
    """Serves the stage of a director, in a thread of its own.

    Args:
        director: whose.
        port: TCP port; 0 takes a free one.
        shown: what of a state a page may show: nothing that nobody gives away.

    Attributes:
        address: with its token; to be told to nobody else.
    """

    def __init__(
        self,
        director: Director,
        port: int = 0,
        shown: Callable[[State], State] = lambda state: state,
    ) -> None:
        self.token = secrets.token_urlsafe(24)
        self._director, self._shown = director, shown
        self._viewers: set[_Channel] = set()
        self._port = port
        self._is_ready = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="workshop-stage-page", daemon=True)
        self._thread.start()
        self._is_ready.wait(_START_LIMIT_S)
        if self._error is not None:
            raise self._error
        director.listen(self._tell)
        director.is_watched = lambda: bool(self._viewers)

    @property
    def address(self) -> str:
        """Where the stage is."""
        return f"http://{_HOST}:{self._port}/?token={self.token}"

    @property
    def hosts(self) -> set[str]:
        """How the page may be asked for: a name of somebody else's that leads here is none."""
        return {f"{name}:{self._port}" for name in (_HOST, "localhost")}

    @property
    def cookie(self) -> str:
        """Cookies know no ports, so each stage has a name of its own."""
        return f"workshop-stage-{self._port}"

    def door(self, folder: Path) -> Path:
        """A file for this user alone that leads to the stage: arguments of a browser are public."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "stage.html"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(page.door(self.address), encoding="utf-8")
        return file

    def stop(self) -> None:
        """End the page, then what runs on the stage."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._director.close()

    # --- In the server's thread ---------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        given: dict[str, Any] = {"stage": self}
        served = tornado.web.Application(
            [
                ("/", _Text, given | {"kind": "text/html", "text": page.stage}),
                ("/presenter", _Text, given | {"kind": "text/html", "text": page.presenter}),
                ("/stage.css", _Text, given | {"kind": "text/css", "text": page.style}),
                ("/stage.js", _Text, given | {"kind": "text/javascript", "text": page.script}),
                ("/live", _Channel, given),
            ]
        )
        server = tornado.httpserver.HTTPServer(served)
        try:
            sockets = tornado.netutil.bind_sockets(self._port, _HOST)
        except OSError as error:
            self._error = error
            self._is_ready.set()
            return
        server.add_sockets(sockets)
        self._port = sockets[0].getsockname()[1]
        check = tornado.ioloop.PeriodicCallback(self._check, _CHECK_MS)
        check.start()
        self._is_ready.set()
        await self._end.wait()
        check.stop()
        server.stop()
        for viewer in list(self._viewers):
            viewer.close()
        await server.close_all_connections()

    async def _check(self) -> None:
        await asyncio.to_thread(self._director.check)

    def _tell(self, state: State) -> None:
        """Called in any thread."""
        text = json.dumps(self._shown(state))
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._send, text)

    def _send(self, text: str) -> None:
        for viewer in list(self._viewers):
            viewer.show(text)

    def enter(self, viewer: "_Channel") -> None:
        """One more page looks on."""
        self._viewers.add(viewer)
        # One table says which key begins what: that of the presenter's words.
        viewer.show(json.dumps({"scenes": scripts.keys()}))
        viewer.show(json.dumps(self._shown(self._director.state())))

    def leave(self, viewer: "_Channel") -> None:
        """A page was closed."""
        self._viewers.discard(viewer)

    def obey(self, message: dict[str, Any]) -> str:
        """What a page asks for; anything else is passed over.

        Returns:
            What to tell who asked for something that cannot be now; else "".
        """
        what = message.get("do")
        if what in _COMMANDS:
            given = {name: message[name] for name in _COMMANDS[what] if name in message}
            if not self._director.press(what, **given):
                return self._director.refusal(what, **given)
        return ""


class _Guarded(tornado.web.RequestHandler):
    """Who asks under another name, or without the token, gets nothing."""

    def initialize(self, stage: StageServer) -> None:
        self.stage = stage

    def prepare(self) -> None:
        if self.request.host not in self.stage.hosts:
            raise tornado.web.HTTPError(403)
        given = self.get_query_argument("token", "") or self.get_cookie(self.stage.cookie, "") or ""
        if not secrets.compare_digest(given.encode(), self.stage.token.encode()):
            raise tornado.web.HTTPError(403)


class _Text(_Guarded):
    """A page, its style sheet or its script."""

    def initialize(  # type: ignore[override]
        self, stage: StageServer, kind: str, text: Callable[[], str]
    ) -> None:
        super().initialize(stage)
        self._kind, self._text = kind, text

    def get(self) -> None:
        self.set_cookie(self.stage.cookie, self.stage.token, httponly=True, samesite="Strict")
        self.set_header("Content-Type", f"{self._kind}; charset=utf-8")
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.write(self._text())


class _Channel(_Guarded, tornado.websocket.WebSocketHandler):
    """A page's line: Tornado itself refuses those that pages of others open."""

    def open(self) -> None:
        self.stage.enter(self)

    def on_message(self, message: str | bytes) -> None:
        try:
            asked = json.loads(message)
        except ValueError:
            return
        if isinstance(asked, dict):
            refused = self.stage.obey(asked)
            if refused:
                self.show(json.dumps({"refused": refused}))

    def on_close(self) -> None:
        self.stage.leave(self)

    def show(self, text: str) -> None:
        """Send, unless it has gone."""
        with contextlib.suppress(tornado.websocket.WebSocketClosedError):
            self.write_message(text)
