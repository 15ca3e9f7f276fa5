"""Virtual time flows or stands, is moved forward, and never runs backwards."""

from dataclasses import dataclass, field

from localaws.time.clock import Clock


@dataclass
class World:
    """A clock whose real time is set by hand, and who followed it where to."""

    real_s: float = 50.0
    followed: list[tuple[float, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = Clock(real_s=lambda: self.real_s, start_s=1000.0)
        self.clock.on_move(lambda: self.followed.append((self.clock.now_s(), self.clock.flows)))


def test_skipping_moves_time_forward_and_tells_the_followers() -> None:
    world = World()
    # When
    world.clock.skip_to(1060.0)
    # Then
    assert world.clock.now_s() == 1060.0
    assert world.clock.now_ms() == 1_060_000
    assert world.clock.skipped_s == 60.0
    assert world.followed == [(1060.0, True)]


def test_a_time_already_past_changes_nothing() -> None:
    world = World()

    world.clock.skip_to(999.0)

    assert world.clock.now_s() == 1000.0
    assert world.followed == []


def test_real_time_passes_too_where_it_flows() -> None:
    world = World()
    world.clock.skip_to(1010.0)

    world.real_s = 52.5

    assert world.clock.now_s() == 1012.5


def test_where_it_stands_only_skips_move_it() -> None:
    # Given a clock that has flowed for two seconds, and stands
    world = World()
    world.real_s = 52.0
    world.clock.flow(False)
    # When real time passes
    world.real_s = 99.0
    # Then it does not
    assert world.clock.now_s() == 1002.0
    # And it moves to the very moment that it is told
    world.clock.skip_to(1060.1)
    assert world.clock.now_s() == 1060.1
    # When it flows again
    world.clock.flow(True)
    world.real_s = 100.0
    # Then it goes on from there, and whoever follows was told each time
    assert world.clock.now_s() == 1061.1
    assert world.followed == [(1002.0, False), (1060.1, False), (1060.1, True)]


def test_where_it_stands_time_stamps_are_not_earlier_than_the_moment() -> None:
    clock = Clock(real_s=lambda: 0.0, start_s=1_700_000_000.1234567)
    # When it begins to stand, between two milliseconds
    clock.flow(False)
    # Then what happens now has a time stamp that is the moment
    assert clock.now_s() == 1_700_000_000.124
    assert clock.now_ms() == 1_700_000_000_124
    # And so it stays, at every millisecond of a second
    for ms in range(125, 1125):
        clock.skip_to(1_700_000_000 + ms / 1000)
        assert clock.now_ms() == 1_700_000_000_000 + ms


def test_where_it_stands_it_reaches_what_is_due_although_sums_of_seconds_are_inexact() -> None:
    clock = Clock(real_s=lambda: 0.0, start_s=1_795_893_140.9)
    clock.flow(False)
    for step in (0.1, 0.2, 0.3, 0.7, 0.0010002, 20 / 3):
        due_s = clock.now_s() + step
        clock.skip_to(due_s)
        assert due_s <= clock.now_s() < due_s + 0.001
