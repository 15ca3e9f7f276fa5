"""Virtual time is real time plus what was skipped, and never runs backwards."""

from localaws.time.clock import Clock


def test_skipping_moves_time_forward_and_tells_the_followers() -> None:
    # Given a clock whose real time stands still
    clock, skips = Clock(real_s=lambda: 0.0, start_s=1000.0), list[float]()
    clock.on_skip(skips.append)
    # When
    clock.skip_to(1060.0)
    # Then
    assert clock.now_s() == 1060.0
    assert clock.now_ms() == 1_060_000
    assert clock.skipped_s == 60.0
    assert skips == [60.0]


def test_a_time_already_past_changes_nothing() -> None:
    clock, skips = Clock(real_s=lambda: 0.0, start_s=1000.0), list[float]()
    clock.on_skip(skips.append)

    clock.skip_to(999.0)

    assert clock.now_s() == 1000.0
    assert skips == []


def test_real_time_passes_too() -> None:
    real_s = 50.0
    clock = Clock(real_s=lambda: real_s, start_s=1000.0)
    clock.skip_to(1010.0)

    real_s = 52.5

    assert clock.now_s() == 1012.5
