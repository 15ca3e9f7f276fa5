"""The way to ministack's services: which there are, who may, and what comes back.

ministack trusts its callers: it trips over a body that AWS would refuse, and it invites every web
page to read its answers.
"""

import contextlib
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cached_property
from types import ModuleType
from typing import Any

from localaws.door.asgi import AsgiApp, Message, Receive, Scope, Send
from localaws.door.dates import expiring
from localaws.door.endpoint import send_response
from localaws.emulator.absent import asked_of, not_here
from localaws.emulator.half_characters import without_halves
from localaws.emulator.iam.authorization import Gate
from localaws.emulator.iam.requester import Requester
from localaws.emulator.iam.roles import RolePolicies
from localaws.emulator.iam.sessions import SessionRules
from localaws.emulator.iam.users import Users
from localaws.emulator.seams import SERVICES
from localaws.emulator.translation import Translator
from localaws.time.clock import Clock
from localaws.wire.skin import ServiceSkin
from localaws.words.http import Caller, HttpRequest, HttpResponse

# Held against the model before ministack acts: it would make an alarm, a rule or a role without a
# name, and give a session any name it asks for. The others check by themselves, in AWS's words.
_CHECKED_FIRST = frozenset(
    {"cloudformation", "events", "iam", "kms", "monitoring", "ssm", "sts", "tagging"}
)
# How ministack's services say so, whether AWS has the operation or not.
_NO_SUCH_OPERATION = re.compile(rb"Unknown (?:IAM |STS )?(?:action|operation): ")

Refuse = Callable[[HttpRequest, str, Caller], HttpResponse | None]


class Front:
    """Serves what is not one of our own services.

    Attributes:
        refuse: answers a request in the service's place, or leaves it to it with None.
        roles: is told of requests that may change a role.
    """

    def __init__(
        self,
        app: ModuleType,
        gate: Gate,
        users: Users,
        requester: Requester,
        sessions: SessionRules,
        clock: Clock,
    ) -> None:
        self._app: AsgiApp = app.app
        self._gate = gate
        self._users = users
        self._requester = requester
        self._sessions = sessions
        self._clock = clock
        self._skins: dict[str, ServiceSkin] = {}
        self._held: ContextVar[list[logging.LogRecord]] = ContextVar("held")
        self.refuse: Refuse | None = None
        self.roles: RolePolicies | None = None
        app.logger.addFilter(self._hold)

    async def serve(
        self, scope: Scope, request: HttpRequest, service: str, caller: Caller, send: Send
    ) -> None:
        """Answer one request whose signature was for `service`."""

        async def serve(scope: Scope, request: HttpRequest, send: Send) -> None:
            await self._serve(scope, request, service, caller, send)

        if service == "monitoring":
            await self._cloudwatch.serve(scope, request, caller, send, serve)
        else:
            await serve(scope, request, send)

    @cached_property
    def _cloudwatch(self) -> Translator:
        skin = self._skin("monitoring")
        assert skin is not None
        return Translator(skin)

    async def _serve(
        self, scope: Scope, request: HttpRequest, service: str, caller: Caller, send: Send
    ) -> None:
        request = without_halves(request)
        asked = asked_of(service, request)
        if asked not in SERVICES:
            await send_response(send, not_here(asked, request, caller))
            return
        named = self._users.name_caller(request, caller) if service == "iam" else request
        if isinstance(named, HttpResponse):
            await send_response(send, named)
            return
        request = named
        refusal = (
            self._mistake(request, service, caller)
            or self._gate.refuse(request, service, caller)
            or (self._sessions.refuse(request, caller) if service == "sts" else None)
            or (self.refuse and self.refuse(request, service, caller))
        )
        if refusal:
            await send_response(send, refusal)
        else:
            await self._ask(scope, request, service, caller, send)

    async def _ask(
        self, scope: Scope, request: HttpRequest, service: str, caller: Caller, send: Send
    ) -> None:
        held: list[logging.LogRecord] = []
        self._held.set(held)
        if service == "sts":
            send = expiring(send, request, self._clock.now_s)
        answer = _Answer(send)
        noticing = self.roles.noticing(request) if self.roles and service == "iam" else None
        with noticing or contextlib.nullcontext(), self._requester.acting(caller.arn):
            await self._app(scope, _replay(request.body), answer.send)
        skin = self._skin(service)
        instead: HttpResponse | None = None
        if skin and answer.is_failure():
            # What breaks over a mistake of the client's is that; the rest is a defect.
            instead = skin.mistake(request, caller)
            if instead is None:
                _report(held)
                instead = skin.failure(request, caller)
        elif skin and answer.lacks_the_operation():
            instead = await skin.handle(request, caller)
        else:
            _report(held)
        if instead is not None:
            await send_response(send, instead)
            return
        for message in answer.refusal:
            await send(message)

    def _mistake(self, request: HttpRequest, service: str, caller: Caller) -> HttpResponse | None:
        skin = self._skin(service) if service in _CHECKED_FIRST else None
        return skin.mistake(request, caller) if skin else None

    def check(self, service: str, operation: str, params: Mapping[str, Any]) -> None:
        """Hold an operation's parameters against its service's model, as a request's are.

        Raises:
            AwsError: the answer to a request that breaks it.
        """
        if skin := self._skin(service):
            skin.check(operation, params)

    def _skin(self, service: str) -> ServiceSkin | None:
        """What tells AWS's answers to requests that ministack misunderstands; of most services."""
        model = SERVICES[service]
        if model is not None and service not in self._skins:
            self._skins[service] = ServiceSkin(model, {})
        return self._skins.get(service)

    def _hold(self, record: logging.LogRecord) -> bool:
        """Keep what ministack reports while it answers, until it is clear whose fault it was."""
        held = self._held.get(None)
        if held is None:
            return True
        held.append(record)
        return False


def _report(held: list[logging.LogRecord]) -> None:
    for record in held:
        if record.exc_info:
            traceback.print_exception(*record.exc_info)


class _Answer:
    """Passes an answer on, and keeps it back when it refuses."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._status = 0
        self.refusal: list[Message] = []

    def is_failure(self) -> bool:
        return self._status == 500

    def lacks_the_operation(self) -> bool:
        body = b"".join(message.get("body", b"") for message in self.refusal)
        return _NO_SUCH_OPERATION.search(body) is not None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            _remove_invitation(message)
            self._status = message["status"]
        if self._status < 400:
            await self._send(message)
        else:
            self.refusal.append(message)


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
