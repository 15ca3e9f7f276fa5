"""The Runtime API as a child sees it, at the moment of the child's end."""

import asyncio

import pytest

from localaws.lambda_.runtime.outcomes import Outcome
from localaws.lambda_.runtime.runtime_api import RuntimeSession
from localaws.lambda_.runtime.waits import VirtualWaits
from localaws.time.clock import Clock
from localaws.time.time import Time
from localaws.words.http import HttpRequest

_API = "/2018-06-01/runtime"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/invocation/next", {}),
        ("POST", "/localaws/sleep", {"localaws-sleep-s": "9", "localaws-threads": "1"}),
    ],
)
async def test_what_a_child_asked_just_before_its_end_is_answered(
    method: str, path: str, headers: dict[str, str]
) -> None:
    # Given a child that was killed while its request was on its way
    clock = Clock(real_s=lambda: 0.0, start_s=1_000.0)
    told: list[Outcome] = []
    waits = VirtualWaits(Time(clock))
    session = RuntimeSession(clock, waits, told.append, lambda: None)
    session.close()
    # When the request is served
    request = HttpRequest(method, _API + path, "", headers, b"")
    answer = asyncio.ensure_future(session.handle(_API + path, request))
    for _ in range(5):
        await asyncio.sleep(0)
    # Then it does not wait for what never comes, and nobody takes the child for ready
    assert answer.done()
    assert answer.result().status == 410
    assert told == []
