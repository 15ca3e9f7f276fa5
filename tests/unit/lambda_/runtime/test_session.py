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


async def test_a_child_that_ends_while_what_it_wrote_is_read_does_not_begin_to_sleep() -> None:
    # Given a child that is about to sleep: first all that it wrote is read
    clock = Clock(real_s=lambda: 0.0, start_s=1_000.0)
    read = asyncio.Event()
    session = RuntimeSession(clock, VirtualWaits(Time(clock)), lambda _: None, read.wait)
    headers = {"localaws-sleep-s": "9", "localaws-threads": "1"}
    path = "/localaws/sleep"
    asked = session.handle(_API + path, HttpRequest("POST", _API + path, "", headers, b""))
    answer = asyncio.ensure_future(asked)
    await asyncio.sleep(0)
    # When it is killed meanwhile
    session.close()
    read.set()
    for _ in range(5):
        await asyncio.sleep(0)
    # Then nobody waits for the end of a sleep that has none
    assert answer.done()
    assert answer.result().status == 410
