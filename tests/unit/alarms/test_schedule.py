"""When alarms are looked at."""

import math

import pytest

from localaws.alarms.schedule import AlarmSchedule
from tests.unit.metric_sink import MetricSink
from tests.unit.virtual_time import VirtualTime

NOW_S = 6000.0


def minute_over(_namespace: str, at_s: float) -> set[float]:
    """Every alarm judges a moment once its minute is over."""
    return {(math.floor(at_s / 60) + 1) * 60.0}


@pytest.mark.parametrize("recorded_at_s", [6000.2, 6030.0])
def test_alarms_are_looked_at_once_the_minute_is_over(recorded_at_s: float) -> None:
    # Given an alarm that watches SQS
    time, looks, metrics = VirtualTime(recorded_at_s), list[float](), MetricSink()
    schedule = AlarmSchedule(
        time.time,
        metrics,
        lambda name, at_s: minute_over(name, at_s) if name == "AWS/SQS" else set(),
        lambda: looks.append(time.clock.now_s()),
    )
    # When two of its metrics are recorded
    schedule.put("AWS/SQS", "Visible", 1.0, "Count", {})
    schedule.put("AWS/SQS", "NotVisible", 0.0, "Count", {})
    # Then there is one look, and it can be waited for
    assert time.scheduler.next_at_s() == 6060.0
    time.pass_time(100)
    assert looks == [6060.0]
    assert [point.name for point in metrics.points] == ["Visible", "NotVisible"]
    assert time.scheduler.next_any_at_s() is None


@pytest.mark.parametrize(("happened_at_s", "looked_at_s"), [(5990.0, 6030.0), (6010.0, 6060.0)])
def test_a_minute_that_is_over_is_not_waited_for(happened_at_s: float, looked_at_s: float) -> None:
    # Given an alarm that watches everything
    time = VirtualTime(6030.0)
    schedule = AlarmSchedule(time.time, MetricSink(), minute_over, lambda: None)
    # When half a minute later a metric tells what happened
    schedule.put("AWS/Lambda", "Errors", 1.0, "Count", {}, at_s=happened_at_s)
    # Then it is looked at once the minute is over in which it happened
    assert time.scheduler.next_at_s() == looked_at_s


def test_what_is_published_an_hour_ahead_is_waited_for_by_nobody() -> None:
    time = VirtualTime(NOW_S)
    schedule = AlarmSchedule(time.time, MetricSink(), minute_over, lambda: None)
    schedule.recorded("T3", NOW_S + 3_600)
    assert time.scheduler.next_at_s() is None
    assert time.scheduler.next_any_at_s() == NOW_S + 3_660


def test_what_no_alarm_watches_schedules_nothing() -> None:
    time = VirtualTime(NOW_S)
    schedule = AlarmSchedule(time.time, MetricSink(), lambda *_: set(), lambda: None)
    schedule.put("AWS/Lambda", "Errors", 1.0, "Count", {})
    assert time.scheduler.next_any_at_s() is None


def test_while_data_can_leave_an_alarm_s_range_it_is_looked_at_again_in_the_background() -> None:
    time, left, looks = VirtualTime(NOW_S + 10), [60.0, 60.0, None], list[float]()

    def look() -> float | None:
        looks.append(time.clock.now_s())
        return left.pop(0)

    schedule = AlarmSchedule(time.time, MetricSink(), minute_over, look)
    schedule.recorded("T3", NOW_S - 30)
    time.settle()
    assert time.scheduler.next_at_s() is None
    # However long time passes, there are no more looks than can change something.
    time.pass_time(86_400)
    assert looks == [NOW_S + 10, NOW_S + 60, NOW_S + 120]


def test_an_alarm_of_ten_seconds_is_looked_at_each_ten_seconds() -> None:
    time = VirtualTime(NOW_S + 3)
    schedule = AlarmSchedule(time.time, MetricSink(), minute_over, lambda: 10.0)
    schedule.recorded("T3", NOW_S - 30)
    time.settle()
    assert time.scheduler.next_any_at_s() == NOW_S + 10


def test_looking_again_stays_once_a_minute_however_much_is_recorded() -> None:
    time, looks = VirtualTime(NOW_S), list[float]()

    def look() -> float | None:
        looks.append(time.clock.now_s())
        return 60.0

    schedule = AlarmSchedule(time.time, MetricSink(), minute_over, look)
    for minute in range(60):
        time.clock.skip_to(NOW_S + minute * 60)
        schedule.put("AWS/SQS", "Visible", 1.0, "Count", {})
        time.settle()
    assert len(looks) <= 2 * 60
