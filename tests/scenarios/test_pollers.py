"""Pollers: how many batches run at a time, and how long a batch is collected."""

import json

from tests.scenarios.account import Account
from tests.scenarios.pattern import sqs_pattern


def test_two_functions_compete_for_the_messages_of_a_queue(account: Account) -> None:
    """A12."""
    source, functions = account.queue(), [account.function(), account.function()]
    for function in functions:
        account.mapping(source, function)
    source.send_all(*[json.dumps({"order": number}) for number in range(6)])
    account.time.until(lambda: source.counts() == (0, 0, 0))
    orders = [
        line for function in functions for a in account.attempts(function)
        for line in a.printed("order ")
    ]  # fmt: skip
    assert sorted(json.loads(line)["order"] for line in orders) == list(range(6))


def test_a_mapping_starts_with_five_batches_at_a_time(account: Account) -> None:
    """A14."""
    pattern = sqs_pattern(account, visibility_s=60)
    pattern.source.send_all(*['{"sleep_s": 3}'] * 8)
    pattern.await_empty_source()
    starts = sorted(attempt.started_s for attempt in account.attempts(pattern.function))
    assert len(starts) == 8
    assert starts[5] - starts[0] >= 2.9


def test_a_lone_message_waits_for_its_batching_window(account: Account) -> None:
    """A9, A10."""
    pattern = sqs_pattern(account, BatchSize=10, MaximumBatchingWindowInSeconds=5)
    sent_s = account.time.now_s()
    pattern.source.send('{"order": 1}')
    [attempt] = account.time.until(lambda: account.attempts(pattern.function))
    # The window, or AWS's long poll of 20 s where that takes longer
    assert 4.5 <= attempt.started_s - sent_s <= 22


def test_a_window_longer_than_the_visibility_timeout_allows_hides_messages_longer(
    account: Account,
) -> None:
    """A26."""
    # Given a window of 5 s and a function timeout of 5 s, together more than 8 s
    pattern = sqs_pattern(
        account, receives=2, visibility_s=8, BatchSize=10, MaximumBatchingWindowInSeconds=5
    )
    pattern.source.send('{"raise": "bad"}')
    account.time.until(lambda: pattern.dlq.holds(1))
    first, second = account.attempts(pattern.function)
    # Then the message is hidden for both and 30 s more
    assert 38 <= second.started_s - first.started_s <= 62


def test_maximum_concurrency_makes_messages_wait_instead_of_throttling(account: Account) -> None:
    """A11, A16."""
    pattern = sqs_pattern(account, ScalingConfig={"MaximumConcurrency": 2})
    pattern.source.send_all(*['{"sleep_s": 3}'] * 6)
    pattern.await_empty_source()
    starts = sorted(attempt.started_s for attempt in account.attempts(pattern.function))
    assert len(starts) == 6
    # No third one starts while two run
    assert all(later - earlier >= 2.9 for earlier, later in zip(starts, starts[2:], strict=False))
    throttles = account.metric("AWS/Lambda", "Throttles", FunctionName=pattern.function)
    assert sum(throttles) == 0
