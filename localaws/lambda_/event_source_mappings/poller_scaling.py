"""How many batches of one mapping may be processed at the same time. Pure.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

The capacity is never below the start and never above the ceiling. It grows only while all of it is
in use *and* messages wait, six seconds after that began. As soon as some of it is free (`relaxed`)
the six seconds begin anew: a queue that is emptied again and again would end up with a thousand
pollers that it never needed. It goes back to the start only when nothing is in process, so that
there are never more batches than there is capacity.

Example: 100 messages, batches of 1, a function of 20 s. At 0 s 5 run and 95 wait. At 6 s the
capacity is 35 and 30 more begin, at 12 s it is 65, at 18 s 95
(`test_concurrency_grows_while_messages_wait`).
"""

from localaws.lambda_.event_source_mappings.mapping import MappingSettings

START = 5
CEILING = 1000
# 300 more per minute. AWS does not say in which steps; a short burst is not worth the starts of
# more environments.
GROWTH_EVERY_S = 6.0
GROWTH = 30
# One provisioned poller serves up to ten invocations at a time.
PER_PROVISIONED_POLLER = 10


class PollerScaling:
    """Grows while all capacity is in use and messages wait; starts over when there is no work."""

    def __init__(self, settings: MappingSettings) -> None:
        self._start, self._ceiling = _bounds(settings)
        self._capacity = self._start
        self._grows_at_s: float | None = None

    @property
    def capacity(self) -> int:
        return self._capacity

    @property
    def grows_at_s(self) -> float | None:
        """When the capacity grows next, if nothing changes until then."""
        return self._grows_at_s

    def saturated(self, now_s: float) -> None:
        """All capacity is in use and messages wait."""
        if self._grows_at_s is not None and now_s >= self._grows_at_s:
            self._capacity = min(self._capacity + GROWTH, self._ceiling)
            self._grows_at_s = None
        if self._grows_at_s is None and self._capacity < self._ceiling:
            self._grows_at_s = now_s + GROWTH_EVERY_S

    def relaxed(self, in_flight: int) -> None:
        """There is capacity to spare."""
        self._grows_at_s = None
        if in_flight == 0:
            self._capacity = self._start


def _bounds(settings: MappingSettings) -> tuple[int, int]:
    if settings.provisioned_pollers:
        fewest = settings.provisioned_pollers.get("MinimumPollers", 2)
        most = settings.provisioned_pollers.get("MaximumPollers", 200)
        return fewest * PER_PROVISIONED_POLLER, most * PER_PROVISIONED_POLLER
    most = settings.maximum_concurrency or CEILING
    return min(START, most), most
