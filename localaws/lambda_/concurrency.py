"""How many invocations may run at the same time, per function and in the account."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .errors import LambdaError
from .limits import ACCOUNT_CONCURRENCY


class TooManyRequestsException(LambdaError):
    """Throttled."""

    status = 429

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.", Reason=reason)


class Concurrency:
    """Counts running invocations against reserved and account concurrency.

    Args:
        reserved: the reserved concurrency of a function, None where it has none.
        account_limit: concurrency of the account. Functions with reserved concurrency are
            counted against their own share only.
    """

    def __init__(
        self, reserved: Callable[[str], int | None], account_limit: int = ACCOUNT_CONCURRENCY
    ) -> None:
        self._reserved = reserved
        self._account_limit = account_limit
        self._running: Counter[str] = Counter()
        self._unreserved_running = 0

    @property
    def running(self) -> int:
        """Invocations that run now, of all functions."""
        return self._running.total()

    def running_of(self, function_name: str) -> int:
        return self._running[function_name]

    @contextmanager
    def slot(self, function_name: str) -> Iterator[None]:
        """Holds one unit of concurrency for as long as the block lasts.

        Raises:
            TooManyRequestsException: there is none left.
        """
        limit = self._reserved(function_name)
        if limit is not None and self._running[function_name] >= limit:
            raise TooManyRequestsException("ReservedFunctionConcurrentInvocationLimitExceeded")
        unreserved = limit is None
        if unreserved and self._unreserved_running >= self._account_limit:
            raise TooManyRequestsException("ConcurrentInvocationLimitExceeded")
        self._running[function_name] += 1
        self._unreserved_running += unreserved
        try:
            yield
        finally:
            self._unreserved_running -= unreserved
            self._running[function_name] -= 1
            if not self._running[function_name]:
                del self._running[function_name]
