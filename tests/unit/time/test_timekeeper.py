"""Time is skipped only while nothing runs, somebody waits and something is scheduled."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from localaws.time.activity import Activity
from localaws.time.clock import Clock
from localaws.time.scheduler import Scheduler
from localaws.time.time import Time
from localaws.time.timekeeper import Timekeeper
from tests.unit.virtual_time import kept, settled

START_S = 1000.0


@dataclass
class World:
    """A timekeeper whose real time is set by hand, and what happened when."""

    real_s: float = 0.0
    log: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clock(real_s=lambda: self.real_s, start_s=START_S)
        self.scheduler = Scheduler()
        self.activity = Activity()
        self.time = Time(self.clock, self.scheduler, self.activity)
        self.timekeeper = Timekeeper(self.time)

    def plan(self, what: str, after_s: float, *, background: bool = False) -> None:
        self.scheduler.call_at(
            self.clock.now_s() + after_s, lambda: self.note(what), background=background
        )

    def note(self, what: str) -> None:
        self.log.append((what, self.clock.now_s() - START_S))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    async with kept(world.timekeeper):
        yield world


async def test_nothing_is_skipped_while_nobody_waits(world: World) -> None:
    world.plan("retry", 60)
    await settled()
    assert world.log == []
    assert world.clock.skipped_s == 0


async def test_work_that_is_always_due_leaves_turns_to_others() -> None:
    # Given time that flows, and steps of a long work: whenever one ends the next is due
    world = World()
    world.timekeeper.set_mode("flow")

    def step() -> None:
        world.note("step")
        world.real_s += 1
        if len(world.log) < 1_000:
            world.scheduler.call_at(world.clock.now_s(), step)

    async def other() -> None:
        for _ in range(10):
            await asyncio.sleep(0)
        world.note("other")

    world.scheduler.call_at(START_S, step)
    async with kept(world.timekeeper):
        await other()
    assert [what for what, _ in world.log].index("other") < 50


async def test_running_until_idle_skips_from_event_to_event(world: World) -> None:
    # Given two events, the second scheduled by the first
    world.scheduler.call_at(START_S + 60, lambda: (world.note("first"), world.plan("second", 120)))
    # When
    ran = await world.timekeeper.run_until_idle(limit_s=3600)
    # Then
    assert world.log == [("first", 60), ("second", 180)]
    assert ran == 2


async def test_time_stands_while_work_runs(world: World) -> None:
    # Given an event and work in progress
    world.plan("retry", 60)
    with world.activity.running():
        run = asyncio.create_task(world.timekeeper.run_until_idle(limit_s=3600))
        await settled()
        # Then nothing is skipped
        assert world.log == []
    # When the work ends
    await run
    assert world.log == [("retry", 60)]


async def test_paused_work_lets_time_pass(world: World) -> None:
    async def sleeping_handler() -> None:
        over = asyncio.get_running_loop().create_future()
        world.scheduler.call_at(START_S + 10, lambda: over.set_result(None))
        with world.activity.paused():
            await over
        world.note("awake")

    world.activity.spawn(sleeping_handler())
    await world.timekeeper.run_until_idle(limit_s=60)
    assert world.log == [("awake", 10)]


async def test_running_work_that_waits_for_time_is_given_it(world: World) -> None:
    async def polling() -> None:
        await world.time.pause(10)
        world.note("looked again")

    world.activity.spawn(polling())
    await settled()
    assert world.log == [("looked again", 10)]  # nobody else waited


async def test_an_event_beyond_the_limit_stays(world: World) -> None:
    world.plan("far away", 100)
    assert await world.timekeeper.run_until_idle(limit_s=99) == 0
    assert world.clock.now_s() == START_S


async def test_advancing_stops_exactly_there(world: World) -> None:
    world.plan("within", 10)
    world.plan("beyond", 100)
    assert await world.timekeeper.advance(30) == 1
    assert world.clock.now_s() == START_S + 30
    assert world.log == [("within", 10)]


async def test_advancing_runs_background_actions_when_they_are_due(world: World) -> None:
    world.plan("publication", 60, background=True)
    world.plan("later", 180, background=True)
    assert await world.timekeeper.advance(120) == 0
    assert world.log == [("publication", 60)]
    assert world.clock.now_s() == START_S + 120


async def test_the_next_event_and_what_it_causes_at_once(world: World) -> None:
    world.scheduler.call_at(START_S + 5, lambda: world.plan("caused", 0))
    world.plan("later", 50)
    await world.timekeeper.run_next_event(limit_s=1000)
    assert world.log == [("caused", 5)]


async def test_work_under_way_is_the_next_event(world: World) -> None:
    # Given work in progress and an event a minute away
    world.plan("later", 60)
    with world.activity.running():
        run = asyncio.create_task(world.timekeeper.run_next_event(limit_s=1000))
        await settled()
    # When the work ends, then that is all that happened
    assert await run == 1
    assert world.log == []


async def test_what_happened_since_the_last_look_is_the_next_event(world: World) -> None:
    # Given an event that ran in real time after the caller had looked
    looked = world.timekeeper.happened
    world.plan("meanwhile", 0)
    world.plan("later", 60)
    await settled()
    assert world.log == [("meanwhile", 0)]
    # When the caller asks for the next event after its look
    assert await world.timekeeper.run_next_event(limit_s=1000, after=looked) == 1
    # Then no time was skipped; and asked again, the next one runs
    assert world.log == [("meanwhile", 0)]
    await world.timekeeper.run_next_event(limit_s=1000, after=world.timekeeper.happened)
    assert world.log == [("meanwhile", 0), ("later", 60)]


async def test_work_that_came_to_rest_since_the_last_look_happened(world: World) -> None:
    # Given a handler that wrote its first line, and then sleeps, after the caller had looked
    looked = world.timekeeper.happened
    with world.activity.running(), world.activity.sleeping():
        world.plan("the sleep is over", 10)
        # When the caller asks for the next event after its look
        assert await world.timekeeper.run_next_event(limit_s=1000, after=looked) == 1
        # Then no time was skipped
        assert world.log == []
    # And so it is when the work has ended
    looked = world.timekeeper.happened
    await world.activity.spawn(asyncio.sleep(0))
    assert await world.timekeeper.run_next_event(limit_s=1000, after=looked) == 1
    assert world.log == []


async def test_a_look_that_waits_for_other_work_is_nothing_that_happened(world: World) -> None:
    # Given a caller whose look is a request that only waits for an invocation
    looked = world.timekeeper.happened
    with world.activity.running(), world.activity.paused():
        pass
    world.plan("later", 60)
    # When it asks for the next event after its look, then time passes
    await world.timekeeper.run_next_event(limit_s=1000, after=looked)
    assert world.log == [("later", 60)]


async def test_background_timers_run_on_the_way_but_do_not_lead_it(world: World) -> None:
    world.plan("sweep", 10, background=True)
    world.plan("another sweep", 500, background=True)
    world.plan("retry", 60)
    await world.timekeeper.run_until_idle(limit_s=3600)
    assert world.log == [("sweep", 10), ("retry", 60)]


async def test_a_caller_that_waits_is_enough_to_skip(world: World) -> None:
    # Given somebody's long poll of 20 s
    over = asyncio.get_running_loop().create_future()
    world.scheduler.call_at(START_S + 20, lambda: over.set_result(None))
    # When it waits
    with world.activity.waiting():
        await over
    # Then its time has passed
    assert world.clock.now_s() == START_S + 20


async def test_in_real_mode_nothing_is_skipped(world: World) -> None:
    world.timekeeper.set_mode("real")
    world.plan("retry", 60)
    run = asyncio.create_task(world.timekeeper.run_until_idle(limit_s=3600))
    await settled()
    assert world.log == []
    # When the real time has passed
    world.real_s = 60.0
    world.plan("wake", 0)
    await run
    assert ("retry", 60) in world.log


async def test_real_seconds_do_not_get_into_skipped_time(world: World) -> None:
    # Given an event, and a machine on which everything takes long
    world.plan("retry", 60)
    world.real_s = 29.0
    # When it is waited for
    await world.timekeeper.run_until_idle(limit_s=3600)
    # Then it happens, and time stands, at the very second
    world.real_s = 99.0
    assert world.log == [("retry", 60)]
    assert world.clock.now_s() == START_S + 60


async def test_in_flow_mode_only_requests_to_the_clock_skip(world: World) -> None:
    # Given a client that receives with a long poll
    world.timekeeper.set_mode("flow")
    world.plan("retry", 60)
    with world.activity.waiting():
        await settled()
        # Then time does not run away from it
        assert world.log == []
    # When the clock is asked
    await world.timekeeper.run_until_idle(limit_s=3600)
    # Then it skips
    assert world.log == [("retry", 60)]
    # And real time passes by itself
    world.real_s = 5.0
    assert world.clock.now_s() == START_S + 65


async def test_a_step_is_forced_in_real_mode(world: World) -> None:
    world.timekeeper.set_mode("real")
    world.plan("retry", 60)
    assert await world.timekeeper.run_next_event(limit_s=3600, forced=True) == 1
    assert world.log == [("retry", 60)]


@pytest.mark.parametrize("mode", ["fast", 0, 0.5, True, None, float("inf"), float("nan")])
def test_a_mode_that_does_not_exist_is_refused(mode: object) -> None:
    with pytest.raises(ValueError, match="is not"):
        World().timekeeper.set_mode(mode)  # type: ignore[arg-type]


async def test_an_action_that_fails_does_not_stop_time(world: World) -> None:
    reported: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context))
    world.scheduler.call_at(START_S + 1, lambda: 1 / 0)
    world.plan("still there", 2)
    await world.timekeeper.run_until_idle(limit_s=10)
    assert world.log == [("still there", 2)]
    assert isinstance(reported[0]["exception"], ZeroDivisionError)
