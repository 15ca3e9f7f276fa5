"""What becomes of a message through an outage, by the retry policies alone."""

from typing import Any

import pytest

from localaws.outlook import DEAD_LETTERED, EXPIRED, PROCESSED, Foretold, asynchronous, behind_queue

DAYS_S = 86_400.0


def queue(outage_s: float, *, sent_at_s: float = 0.0, **settings: Any) -> Foretold:
    usual: dict[str, Any] = {
        "wait_s": lambda _: 30.0,
        "max_receive_count": 3,
        "retention_s": 4 * DAYS_S,
    }
    return behind_queue(sent_at_s, outage_s, **usual | settings)


def event(outage_s: float, retries: int = 2, age_s: int = 21_600, sent_at_s: float = 0) -> Foretold:
    return asynchronous(
        sent_at_s, outage_s, maximum_retry_attempts=retries, maximum_event_age_s=age_s
    )


def test_the_last_receive_decides_and_the_move_comes_a_visibility_timeout_later() -> None:
    assert queue(60) == Foretold((0, 30, 60), 60, PROCESSED)
    assert queue(61) == Foretold((0, 30, 60), 90, DEAD_LETTERED)
    assert queue(0) == Foretold((0,), 0, PROCESSED)


def test_waits_of_the_handlers_own_are_asked_by_the_receive() -> None:
    doubled = queue(200, wait_s=lambda receive: 40.0 * 2 ** (receive - 1), max_receive_count=5)
    assert doubled == Foretold((0, 40, 120, 280), 280, PROCESSED)


def test_without_a_redrive_policy_only_retention_ends_it() -> None:
    story = queue(10 * DAYS_S, wait_s=lambda _: 3600.0, max_receive_count=None)
    assert (story.ending, story.ended_at_s) == (EXPIRED, 4 * DAYS_S)
    assert len(story.attempts_s) == 96
    assert not story.survived


def test_who_is_sent_later_survives_the_rest() -> None:
    assert queue(100, sent_at_s=50).survived
    assert queue(100, sent_at_s=50).attempts_s == (50, 80, 110)
    assert event(240, sent_at_s=100).attempts_s == (100, 160, 280)


@pytest.mark.parametrize(
    ("outage_s", "retries", "age_s", "attempts_s", "ending"),
    [
        (180, 2, 21_600, (0, 60, 180), PROCESSED),
        (181, 2, 21_600, (0, 60, 180), "RetriesExhausted"),
        (61, 1, 21_600, (0, 60), "RetriesExhausted"),
        (1, 0, 21_600, (0,), "RetriesExhausted"),
        (61, 2, 60, (0,), "EventAgeExceeded"),
        (61, 2, 90, (0, 60), "EventAgeExceeded"),
        (60, 2, 90, (0, 60), PROCESSED),
    ],
)
def test_an_event_ends_by_retries_or_by_age(
    outage_s: float, retries: int, age_s: int, attempts_s: tuple[float, ...], ending: str
) -> None:
    story = event(outage_s, retries, age_s)
    assert (story.attempts_s, story.ending) == (attempts_s, ending)
    assert story.ended_at_s == attempts_s[-1]
