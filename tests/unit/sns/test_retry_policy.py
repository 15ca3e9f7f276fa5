"""SNS's retries to functions and queues (fact D4)."""

from localaws.sns.retry_policy import MAX_RETRIES, GiveUp, after_failure, wait_s
from localaws.words.retries import RetryAt


def test_phases_of_a_server_side_failure():
    waits = [wait_s(retry) for retry in range(1, 18)]
    assert waits[:5] == [0, 0, 0, 1, 1]
    assert waits[5] == 1
    assert waits[14:] == [20, 20, 20]
    assert waits[5:15] == sorted(waits[5:15])


def test_it_lasts_23_days():
    assert MAX_RETRIES == 100_015
    days = sum(wait_s(retry) for retry in range(1, MAX_RETRIES + 1)) / 86_400
    assert 23 < days < 24


def test_server_side_failures_are_retried_until_the_last():
    assert after_failure(4, 503, now_s=100.0) == RetryAt(101.0)
    assert after_failure(MAX_RETRIES, 500, now_s=0.0) == RetryAt(20.0)
    assert after_failure(MAX_RETRIES + 1, 500, now_s=0.0) == GiveUp("RetriesExhausted")


def test_client_side_failures_are_never_retried():
    for status in (400, 403, 404, 429):
        assert after_failure(1, status, now_s=0.0) == GiveUp("ClientError")
