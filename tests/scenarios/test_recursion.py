"""Recursion: a function that triggers itself through its own queue."""

import pytest

from tests.scenarios.account import Account
from tests.scenarios.pattern import Pattern, sqs_pattern

LIMIT = 16


def loop(account: Account, allowed: str) -> Pattern:
    """A function that sends each message back to the queue it came from."""
    # The delay gives whoever wants to end an endless loop a moment to do so.
    pattern = sqs_pattern(account, "relay", receives=2, visibility_s=5, delay_s=1)
    lambda_ = account.client("lambda")
    lambda_.update_function_configuration(
        FunctionName=pattern.function, Environment={"Variables": {"QUEUE_URL": pattern.source.url}}
    )
    account.await_updated(pattern.function)
    account.time.propagate()
    lambda_.put_function_recursion_config(FunctionName=pattern.function, RecursiveLoop=allowed)
    return pattern


def test_a_loop_is_stopped_after_sixteen_runs(account: Account) -> None:
    """C37, C38, J73."""
    pattern = loop(account, "Terminate")
    pattern.source.send("round and round")
    account.time.until(lambda: pattern.dlq.holds(1))
    assert len(account.attempts(pattern.function)) == LIMIT
    assert pattern.source.counts() == (0, 0, 0)
    dropped = "RecursiveInvocationsDropped"
    account.time.until(lambda: account.metric("AWS/Lambda", dropped, FunctionName=pattern.function))


def test_an_allowed_loop_goes_on(account: Account) -> None:
    """C37, J73."""
    pattern = loop(account, "Allow")
    pattern.source.send("round and round")
    account.time.until(lambda: len(account.attempts(pattern.function)) > LIMIT + 2)
    # Nobody else ends it
    pattern.disable()
    assert pattern.dlq.counts() == (0, 0, 0)


@pytest.mark.parametrize("setting", ["Terminate", "Allow"])
def test_the_setting_is_kept(account: Account, setting: str) -> None:
    """C38."""
    function, lambda_ = account.function(), account.client("lambda")
    assert lambda_.get_function_recursion_config(FunctionName=function)["RecursiveLoop"] == (
        "Terminate"
    )
    lambda_.put_function_recursion_config(FunctionName=function, RecursiveLoop=setting)
    assert lambda_.get_function_recursion_config(FunctionName=function)["RecursiveLoop"] == setting
