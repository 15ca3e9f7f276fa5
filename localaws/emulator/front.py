"""The way to ministack's services: which there are, who may, and what comes back.

ministack trusts its callers: it trips over a body that AWS would refuse, and it invites every web
page to read its answers.
"""

import contextlib
import logging
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from types import ModuleType

from localaws.door.asgi import AsgiApp, Message, Receive, Scope, Send
from localaws.door.endpoint import send_response
from localaws.emulator.absent import asked_of, not_here
from localaws.emulator.authorization import Gate
from localaws.emulator.roles import RolePolicies
from localaws.emulator.seams import SERVICES
from localaws.emulator.users import Users
from localaws.wire.skin import ServiceSkin
from localaws.words.http import Caller, HttpRequest, HttpResponse

# Held against the model before ministack acts: it would give a session any name it asks for, and
# callers are told apart by their names.
_CHECKED_FIRST = frozenset({"sts"})


Refuse = Callable[[HttpRequest, str, Caller], HttpResponse | None]


class Front:
    """Serves what is not one of our own services.

    Attributes:
        refuse: answers a request in the service's place, or leaves it to it with None.
        roles: is told of requests that may change a role.
    """

    def __init__(self, app: ModuleType, gate: Gate, users: Users) -> None:
        self._app: AsgiApp = app.app
        self._gate = gate
        self._users = users
        self._skins: dict[str, ServiceSkin] = {}
        self._held: ContextVar[list[logging.LogRecord]] = ContextVar("held")
        self.refuse: Refuse | None = None
        self.roles: RolePolicies | None = None
        app.logger.addFilter(self._hold)

    async def serve(
        self, scope: Scope, request: HttpRequest, service: str, caller: Caller, send: Send
    ) -> None:
        """Answer one request whose signature was for `service`."""
        asked = asked_of(service, request)
        if asked not in SERVICES:
            await send_response(send, not_here(asked, request, caller))
            return
        named = self._users.name_caller(request, caller) if service == "iam" else request
        if isinstance(named, HttpResponse):
            await send_response(send, named)
            return
        request = named
        refusal = self._gate.refuse(request, service, caller)
        if refusal is None and self.refuse is not None:
            refusal = self.refuse(request, service, caller)
        if refusal is not None:
            await send_response(send, refusal)
        elif service in _CHECKED_FIRST and (
            mistake := await self._mistake(request, service, caller)
        ):
            await send_response(send, mistake)
        else:
            await self._ask(scope, request, service, caller, send)

    async def _ask(
        self, scope: Scope, request: HttpRequest, service: str, caller: Caller, send: Send
    ) -> None:
        held: list[logging.LogRecord] = []
        self._held.set(held)
        answer = _Answer(send)
        noticing = self.roles.noticing(request) if self.roles and service == "iam" else None
        with noticing or contextlib.nullcontext():
            await self._app(scope, _replay(request.body), answer.send)
        if answer.failure is None:
            return
        mistake = await self._mistake(request, service, caller)
        if mistake is not None:
            await send_response(send, mistake)
            return
        for record in held:
            if record.exc_info:
                traceback.print_exception(*record.exc_info)
        for message in answer.failure:
            await send(message)

    async def _mistake(
        self, request: HttpRequest, service: str, caller: Caller
    ) -> HttpResponse | None:
        """AWS's answer to a request that breaks the service's model; None if this one does not."""
        model = SERVICES[service]
        if model is None:
            return None
        if service not in self._skins:
            self._skins[service] = ServiceSkin(model, {})
        answer = await self._skins[service].handle(request, caller)
        return None if answer.status == 501 else answer  # understood, and nothing here to do it

    def _hold(self, record: logging.LogRecord) -> bool:
        """Keep what ministack reports while it answers, until it is clear whose fault it was."""
        held = self._held.get(None)
        if held is None:
            return True
        held.append(record)
        return False


class _Answer:
    """Passes an answer on, and keeps it back when it is a failure."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.failure: list[Message] | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _remove_invitation(message)
            if message["status"] == 500:
                self.failure = []
        if self.failure is None:
            await self._send(message)
        else:
            self.failure.append(message)


def _remove_invitation(message: Message) -> None:
    message["headers"] = [
        (name, value)
        for name, value in message.get("headers", [])
        # Our door writes the date: two of them read as one that is no date, and the SDK for
        # JavaScript (the CDK CLI) then cannot sign any more.
        if not name.lower().startswith((b"access-control-", b"date"))
    ]


def _replay(body: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
