"""How many invocations may run at the same time, per function and in the account."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from localaws.lambda_.errors import LambdaError
from localaws.lambda_.limits import ACCOUNT_CONCURRENCY, MIN_UNRESERVED_CONCURRENCY


class TooManyRequestsException(LambdaError):
    """Throttled."""

    status = 429

    def __init__(self, reason: str) -> None:
        super().__init__("Rate Exceeded.", Reason=reason)


class Concurrency:
    """Counts running invocations against reserved, provisioned and account concurrency.

    Args:
        reserved: the reserved concurrency of a function, None where it has none.
        provisioned: the provisioned concurrency of a function, by qualifier. It is taken out of
            the function's share: other qualifiers cannot use it.
        unreserved: the concurrency that all functions without a share of their own have together.
    """

    def __init__(
        self,
        reserved: Callable[[str], int | None],
        provisioned: Callable[[str], Mapping[str, int]] = lambda function_name: {},
        unreserved: Callable[[], int] = lambda: ACCOUNT_CONCURRENCY,
    ) -> None:
        self._reserved = reserved
        self._provisioned = provisioned
        self._unreserved = unreserved
        # By function, and within its provisioned concurrency by function and qualifier.
        self._running: Counter[str | tuple[str, str]] = Counter()
        self._unreserved_running = 0

    def running_of(self, function_name: str) -> int:
        """Invocations of the function that run now."""
        return self._running[function_name]

    @contextmanager
    def slot(self, function_name: str, qualifier: str | None = None) -> Iterator[bool]:
        """Holds one unit of concurrency for as long as the block lasts; tells if provisioned.

        Raises:
            TooManyRequestsException: there is none left.
        """
        provisioned = self._provisioned(function_name)
        unit = (function_name, qualifier or "")
        counted: list[str | tuple[str, str]] = [function_name]
        unreserved = False
        if self._running[unit] < provisioned.get(unit[1], 0):
            counted.append(unit)
        else:
            unreserved = self._take_on_demand(function_name, provisioned)
        self._running.update(counted)
        self._unreserved_running += unreserved
        try:
            yield len(counted) == 2
        finally:
            self._running.subtract(counted)
            self._unreserved_running -= unreserved

    def _take_on_demand(self, function_name: str, provisioned: Mapping[str, int]) -> bool:
        """Check for a unit that is not provisioned; True where it is of the account's share."""
        limit = self._reserved(function_name)
        if limit is None:
            # The account never has less than this minimum, so most of the time nobody need add up.
            running = self._unreserved_running
            if running >= MIN_UNRESERVED_CONCURRENCY and running >= self._unreserved():
                raise TooManyRequestsException("ConcurrentInvocationLimitExceeded")
            return True
        busy = sum(self._running[function_name, qualifier] for qualifier in provisioned)
        on_demand = self._running[function_name] - busy
        if on_demand >= limit - sum(provisioned.values()):
            raise TooManyRequestsException("ReservedFunctionConcurrentInvocationLimitExceeded")
        return False
