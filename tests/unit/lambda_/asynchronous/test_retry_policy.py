"""Retry decisions for asynchronous events: pure, so a table of cases is all there is to say."""

import pytest

from localaws.lambda_.asynchronous.retry_policy import (
    AsyncSettings,
    Condition,
    Discard,
    EventProgress,
    Failure,
    after_failure,
    backoff_s,
    before_attempt,
)
from localaws.words.retries import RetryAt

NOW_S = 1_000_000.0


def failed(
    failure: Failure,
    *,
    invoke_count: int = 0,
    backoffs: int = 0,
    age_s: float = 0.0,
    **settings: int,
) -> RetryAt | Discard:
    progress = EventProgress(NOW_S - age_s, invoke_count=invoke_count, backoffs=backoffs)
    return after_failure(failure, progress, AsyncSettings(**settings), NOW_S)


@pytest.mark.parametrize(
    ("invoke_count", "age_s", "expected"),
    [
        (1, 0, RetryAt(NOW_S + 60)),
        (2, 60, RetryAt(NOW_S + 120)),
        (3, 180, Discard(Condition.RETRIES_EXHAUSTED)),
    ],
)
def test_function_errors_are_retried_after_one_and_two_minutes(invoke_count, age_s, expected):
    """C4, J39."""
    assert failed(Failure.FUNCTION_ERROR, invoke_count=invoke_count, age_s=age_s) == expected


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_no_more_attempts_than_configured(retries):
    """C4, J41."""
    outcome = failed(
        Failure.FUNCTION_ERROR, invoke_count=retries + 1, maximum_retry_attempts=retries
    )
    assert outcome == Discard(Condition.RETRIES_EXHAUSTED)


@pytest.mark.parametrize(
    ("maximum_age_s", "invoke_count", "age_s", "expected"),
    [
        (60, 1, 0.0, Discard(Condition.EVENT_AGE_EXCEEDED)),
        (90, 1, 0.0, RetryAt(NOW_S + 60)),
        (90, 2, 60.0, Discard(Condition.EVENT_AGE_EXCEEDED)),
        (181, 2, 60.0, RetryAt(NOW_S + 120)),
    ],
)
def test_given_up_at_once_when_the_retry_would_come_too_late(
    maximum_age_s, invoke_count, age_s, expected
):
    """C6, J42, J43: not at the deadline."""
    outcome = failed(
        Failure.FUNCTION_ERROR,
        invoke_count=invoke_count,
        age_s=age_s,
        maximum_event_age_s=maximum_age_s,
    )
    assert outcome == expected


@pytest.mark.parametrize("failure", [Failure.THROTTLED, Failure.SYSTEM_ERROR])
@pytest.mark.parametrize(
    ("backoffs", "wait_s"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (500, 300)]
)
def test_throttles_and_system_errors_back_off_from_a_second_to_five_minutes(
    failure, backoffs, wait_s
):
    """C5."""
    assert failed(failure, backoffs=backoffs) == RetryAt(NOW_S + wait_s)
    assert backoff_s(backoffs) == wait_s


def test_throttles_use_up_no_retries():
    """C5: only age ends them."""
    outcome = failed(Failure.THROTTLED, backoffs=40, maximum_retry_attempts=0)
    assert outcome == RetryAt(NOW_S + 300)


def test_the_last_back_off_ends_at_the_deadline():
    """C16: a throttled event is kept for all of its time, then discarded unexecuted."""
    outcome = failed(Failure.THROTTLED, backoffs=6, age_s=40, maximum_event_age_s=60)
    assert outcome == RetryAt(NOW_S + 20)
    assert before_attempt(
        EventProgress(NOW_S - 60),
        AsyncSettings(maximum_event_age_s=60),
        NOW_S,
        reserved_concurrency=None,
    ) == Discard(Condition.EVENT_AGE_EXCEEDED)


def test_a_deleted_function_uses_up_retries_like_a_function_error():
    """C17, J55b."""
    settings = {"maximum_retry_attempts": 1}
    first = failed(Failure.FUNCTION_DELETED, invoke_count=1, **settings)
    assert first == RetryAt(NOW_S + 60)
    second = failed(Failure.FUNCTION_DELETED, invoke_count=2, age_s=60, **settings)
    assert second == Discard(Condition.RETRIES_EXHAUSTED)


def test_without_reserved_concurrency_left_nothing_is_tried():
    """C15: not even once."""
    discard = before_attempt(EventProgress(NOW_S), AsyncSettings(), NOW_S, reserved_concurrency=0)
    assert discard == Discard(Condition.ZERO_RESERVED_CONCURRENCY)
    assert (
        before_attempt(EventProgress(NOW_S), AsyncSettings(), NOW_S, reserved_concurrency=1) is None
    )


@pytest.mark.parametrize(
    ("runs", "terminates", "stopped"), [(15, True, False), (16, True, True), (16, False, False)]
)
def test_a_chain_is_stopped_after_sixteen_runs(runs, terminates, stopped):
    """C37."""
    discard = before_attempt(
        EventProgress(NOW_S, runs_in_chain=runs),
        AsyncSettings(),
        NOW_S,
        reserved_concurrency=None,
        recursion_terminates=terminates,
    )
    assert (discard == Discard(Condition.RECURSIVE_INVOCATION)) is stopped
