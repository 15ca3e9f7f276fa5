"""No two events of stacks have the same time, and none is far from the clock's."""

from datetime import UTC, datetime
from types import ModuleType

from localaws.emulator.stacks.events import tell_in_order


def test_events_while_time_stands_are_in_their_order() -> None:
    module = ModuleType("stacks")
    clock = ["2026-11-29T09:00:00.999Z"] * 3 + ["2026-11-29T09:00:05.000Z"]
    vars(module)["now_iso"] = lambda: clock.pop(0)
    tell_in_order(module)
    assert [module.now_iso() for _ in range(4)] == [
        "2026-11-29T09:00:00.999Z",
        "2026-11-29T09:00:01.000Z",
        "2026-11-29T09:00:01.001Z",
        "2026-11-29T09:00:05.000Z",
    ]


def test_a_clock_that_was_set_back_counts() -> None:
    module = ModuleType("stacks")
    clock = ["2026-11-29T09:00:00.000Z", "2026-11-28T09:00:00.000Z"]
    vars(module)["now_iso"] = lambda: clock.pop(0)
    tell_in_order(module)
    told = [datetime.fromisoformat(module.now_iso()) for _ in range(2)]
    assert told == [datetime(2026, 11, 29, 9, tzinfo=UTC), datetime(2026, 11, 28, 9, tzinfo=UTC)]
