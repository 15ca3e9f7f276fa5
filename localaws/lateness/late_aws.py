"""Puts lateness around services that are punctual: they know nothing of it."""

import random
from collections.abc import Mapping

from localaws.lateness.empty_pages import EmptyPages
from localaws.lateness.late_counts import LateCounts
from localaws.lateness.late_logs import LateLogs
from localaws.time.time import Time
from localaws.wire.skin import Operation
from localaws.words.ports import LogSink

Operations = Mapping[str, Operation]


class LateAws:
    """What is late, all of it drawn from one seed and in virtual time.

    Args:
        seed: the same seed and the same calls give the same lateness; None: nothing is late.
    """

    def __init__(self, time: Time, seed: int | None) -> None:
        self._time = time
        self._seed = seed

    def log_sink(self, logs: LogSink) -> LogSink:
        """The log sink through which services write."""
        if self._seed is None:
            return logs
        return LateLogs(self._time, logs, self._chance("logs"))

    def logs(self, operations: Operations) -> Operations:
        """CloudWatch Logs' operations."""
        if self._seed is None:
            return operations
        pages = EmptyPages(operations["FilterLogEvents"], self._chance("pages"))
        return {**operations, "FilterLogEvents": pages.filter_log_events}

    def sqs(self, operations: Operations) -> Operations:
        """SQS's operations."""
        if self._seed is None:
            return operations
        counts = LateCounts(
            self._time,
            operations["GetQueueAttributes"],
            self._chance("counts"),
        )
        return {**operations, "GetQueueAttributes": counts.get_queue_attributes}

    def _chance(self, of: str) -> random.Random:
        # A chance of its own for each, so that one more call of one moves nothing of the others.
        return random.Random(f"{self._seed} {of}")
