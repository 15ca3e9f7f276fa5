"""The scheduler runs actions in order of time, and in order of scheduling at equal times."""

from localaws.time.scheduler import Scheduler


def test_actions_run_in_order_of_time_and_ties_in_order_of_scheduling() -> None:
    # Given actions scheduled out of order, two of them for the same moment
    scheduler, log = Scheduler(), list[str]()
    scheduler.call_at(30, lambda: log.append("late"))
    scheduler.call_at(10, lambda: log.append("first of two"))
    scheduler.call_at(10, lambda: log.append("second of two"), background=True)
    # When time has passed all of them
    scheduler.run_due(30)
    # Then
    assert log == ["first of two", "second of two", "late"]


def test_only_what_is_due_runs() -> None:
    scheduler, log = Scheduler(), list[int]()
    for when_s in (10, 20):
        scheduler.call_at(when_s, lambda when_s=when_s: log.append(when_s))  # type: ignore[misc]

    assert scheduler.run_due(10) == 1
    assert log == [10]
    assert scheduler.next_at_s() == 20


def test_an_action_that_schedules_for_now_is_followed_at_once() -> None:
    scheduler, log = Scheduler(), list[str]()
    scheduler.call_at(1, lambda: scheduler.call_at(1, lambda: log.append("follow-up")))

    assert scheduler.run_due(1) == 2
    assert log == ["follow-up"]


def test_a_cancelled_action_never_runs_and_is_not_next() -> None:
    scheduler, log = Scheduler(), list[str]()
    timer = scheduler.call_at(1, lambda: log.append("cancelled"))
    timer.cancel()
    timer.cancel()

    assert scheduler.next_at_s() is None
    assert scheduler.run_due(5) == 0
    assert log == []


def test_a_background_timer_runs_but_is_no_reason_to_skip_time() -> None:
    scheduler, log = Scheduler(), list[str]()
    scheduler.call_at(5, lambda: log.append("sweep"), background=True)

    assert scheduler.next_at_s() is None
    assert scheduler.next_any_at_s() == 5
    assert scheduler.run_due(5) == 0
    assert log == ["sweep"]


def test_cancelled_timers_are_forgotten_long_before_their_time() -> None:
    # Given a function's timeout for each of many invocations, minutes away
    scheduler = Scheduler()
    kept = [scheduler.call_at(900.0 + n, lambda: None) for n in range(10)]
    # When each invocation ends at once
    for n in range(10_000):
        scheduler.call_at(900.0 + n, lambda: None).cancel()
    # Then what is kept does not grow with them
    assert len(scheduler) < 200
    assert scheduler.next_at_s() == kept[0].when_s
