"""What a service of ministack's breaks over is told in that service's own wire format."""

import asyncio
import contextlib
import logging
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from localaws.emulator.front import Front
from localaws.words.http import Caller, HttpRequest

CALLER = Caller(arn="arn:aws:iam::123456789012:user/me", request_id="an-id")
TOLD = "The request processing has failed because of an unknown error."


class _Broken:
    """ministack, one of whose services fails over every request."""

    def __init__(self) -> None:
        self.module = ModuleType("app")
        vars(self.module).update(app=self.answer, logger=logging.Logger("ministack"))

    async def answer(self, _scope: Any, _receive: Any, send: Any) -> None:
        try:
            raise TypeError("unhashable type: 'list'")
        except TypeError:
            self.module.logger.exception("it broke")
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b'{"message": "unhashable type"}'})


def answer_of(service: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
    nobody = SimpleNamespace(
        refuse=lambda *_given: None,
        acting=lambda _arn: contextlib.nullcontext(),
        name_caller=lambda request, _caller: request,
    )
    front = Front(_Broken().module, *(cast(Any, nobody) for _ in range(4)), cast(Any, None))
    request = HttpRequest("POST", "/", "", headers, body)
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(front.serve({}, request, service, CALLER, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize("service", ["cloudformation", "iam"])
def test_a_query_service_answers_in_xml(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    action, version = {
        "cloudformation": ("ListStacks", "2010-05-15"),
        "iam": ("ListRoles", "2010-05-08"),
    }[service]
    form = {"content-type": "application/x-www-form-urlencoded"}
    status, body = answer_of(service, form, f"Action={action}&Version={version}".encode())
    assert status == 500
    assert body.startswith(b"<")
    assert f"<Message>{TOLD}</Message>".encode() in body
    # Whoever runs the endpoint is told what it was.
    assert "unhashable type" in capsys.readouterr().err


def test_a_json_service_answers_in_json() -> None:
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSEvents.ListRules"}
    status, body = answer_of("events", headers, b"{}")
    assert status == 500
    assert TOLD.encode() in body
    assert b"unhashable" not in body
