"""Who may run at the same time: shares of functions, and the pool of all others."""

from contextlib import ExitStack

import pytest

from localaws.lambda_.invocation.concurrency import Concurrency, TooManyRequestsException


def full(concurrency: Concurrency, stack: ExitStack, function: str, count: int) -> str:
    """Given `count` running invocations, the reason why the next one is throttled."""
    for _ in range(count):
        stack.enter_context(concurrency.slot(function))
    with pytest.raises(TooManyRequestsException) as throttled:
        stack.enter_context(concurrency.slot(function))
    reason: str = throttled.value.fields["Reason"]
    return reason


def test_functions_without_a_share_of_their_own_have_one_pool_together() -> None:
    reserved = {"other": 850}
    concurrency = Concurrency(reserved.get, unreserved=lambda: 1000 - sum(reserved.values()))
    with ExitStack() as stack:
        assert full(concurrency, stack, "fn", 150) == "ConcurrentInvocationLimitExceeded"
        assert full(concurrency, stack, "fn2", 0) == "ConcurrentInvocationLimitExceeded"
        assert full(concurrency, stack, "other", 850) == (
            "ReservedFunctionConcurrentInvocationLimitExceeded"
        )

        reserved["other"] = 849
        stack.enter_context(concurrency.slot("fn2"))


def test_a_function_with_a_share_takes_nothing_from_the_pool() -> None:
    concurrency = Concurrency({"fn": 2}.get, unreserved=lambda: 100)
    with ExitStack() as stack:
        full(concurrency, stack, "fn", 2)
        full(concurrency, stack, "other", 100)
