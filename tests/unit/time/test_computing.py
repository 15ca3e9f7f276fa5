"""Where time stands, work that runs in real time lets it pass as far as it is charged."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from localaws.time import timekeeper
from localaws.time.clock import Clock
from localaws.time.time import Time
from localaws.time.timekeeper import Timekeeper
from tests.unit.virtual_time import kept, settled

START_S = 1000.0


@dataclass
class World:
    """A timekeeper whose real time is set by hand."""

    real_s: float = 0.0

    def __post_init__(self) -> None:
        self.time = Time(Clock(real_s=lambda: self.real_s, start_s=START_S))
        self.timekeeper = Timekeeper(self.time)

    @property
    def passed_s(self) -> float:
        return self.time.now_s() - START_S

    def charge(self, work: str, seconds: float) -> asyncio.Task[None]:
        """Work that comes to its end, and is charged for it."""
        return self.time.activity.spawn(self.time.computing.charge(work, seconds))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    async with kept(world.timekeeper):
        yield world


async def test_a_charge_passes_exactly_when_somebody_waits(world: World) -> None:
    # Given an invocation at its end, and a slow machine
    ended = world.charge("invocation", 0.003)
    world.real_s = 7.0
    await settled()
    # Then no time passes, and it is not over
    assert (world.passed_s, ended.done()) == (0, False)
    # When somebody waits for what comes next
    await world.timekeeper.run_next_event(limit_s=600)
    # Then it is over, and what it was charged has passed
    assert ended.done()
    assert world.passed_s == pytest.approx(0.003)


async def test_a_charge_passes_when_all_is_quiet(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an asynchronous invocation at its end, that nobody waits for
    monkeypatch.setattr(timekeeper, "_QUIET_S", 0.0)
    # When nothing is asked for a moment
    await world.charge("invocation", 0.003)
    # Then it has come to its end all the same
    assert world.passed_s == pytest.approx(0.003)


async def test_time_goes_as_far_as_the_work_that_has_come_least_far(world: World) -> None:
    # Given two handlers, of which one is at its end
    world.time.computing.begin("slow")
    with world.time.activity.running(), world.time.activity.waiting():
        ended = world.charge("quick", 0.003)
        await settled()
        # Then its end waits for the other one
        assert (world.passed_s, ended.done()) == (0, False)
        # When the other one waits itself
        world.time.computing.end("slow")
        await ended
    assert world.passed_s == pytest.approx(0.003)


async def test_what_is_computed_passes_although_nobody_waits(world: World) -> None:
    # Given a handler that computes for ever, with a timeout
    fired: list[float] = []
    world.time.call_at(START_S + 2.5, lambda: fired.append(world.passed_s))
    with world.time.activity.running():
        world.time.computing.begin("endless")
        for _ in range(3):
            world.time.computing.computed("endless", 1)
            await settled()
    # Then its timeout comes at its time
    assert fired == [2.5]
    assert world.passed_s == 3


async def test_where_time_flows_nothing_is_charged(world: World) -> None:
    world.timekeeper.set_mode("real")
    with world.time.activity.running():
        world.time.computing.begin("handler")
        world.time.computing.computed("handler", 5)
        await world.time.computing.charge("other", 0.003)
        await settled()
    assert world.passed_s == 0


async def test_a_charge_ends_with_its_work(world: World) -> None:
    # Given a charge that nobody waits for
    ended = world.charge("invocation", 0.003)
    await settled()
    # When its execution environment is killed
    world.time.computing.end("invocation")
    await ended
    # Then nothing has passed
    assert world.passed_s == 0


async def test_events_on_the_way_happen_at_their_time(world: World) -> None:
    happened: list[float] = []
    world.time.call_at(START_S + 0.001, lambda: happened.append(world.passed_s))
    ended = world.charge("invocation", 0.003)
    await world.timekeeper.run_until_idle(limit_s=1)
    assert happened == [pytest.approx(0.001)]
    assert ended.done()
