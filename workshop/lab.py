"""`Lab`: one target with its stacks, as a notebook sees it.

A lab keeps no ids and no results: everything is read again from AWS, so that a restarted kernel,
a second notebook and a cell that runs twice all see the same.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from workshop import waiting
from workshop.clock_client import Clock
from workshop.session import Session
from workshop.settings import RetrySettings


class Lab:
    """The connected target.

    Made by `workshop.connect()`; shows target, Region and clock when it is displayed.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    @property
    def clock(self) -> Clock:
        """AWS's time: `now()`, `sleep(seconds)`, `is_virtual`, `mode`."""
        return self.session.clock

    def client(self, service: str) -> Any:
        """A boto3 client of this target, e.g. `lab.client("sqs")`."""
        return self.session.client(service)

    def outputs(self, pattern: str) -> "Outputs":
        """The stack outputs of a pattern, read from CloudFormation.

        Args:
            pattern: "SqsDlq", "LambdaDestinations" or "LambdaDlq".

        Returns:
            A mapping whose keys also read as attributes: `lab.outputs("SqsDlq").SourceQueueUrl`.

        Raises:
            NotDeployedError: the stack does not exist on this target.
        """
        raise NotImplementedError

    def settings(self, pattern: str) -> RetrySettings:
        """What the pattern is configured to do with failures, read from SQS and Lambda."""
        raise NotImplementedError

    def wait_until(
        self,
        condition: Callable[[], Any],
        what: str,
        *,
        cause: str = "",
        timeout_s: float = 600.0,
    ) -> waiting.Waited:
        """Let time pass until `condition()` is truthy; see `workshop.waiting.wait_until`."""
        return waiting.wait_until(self.session, condition, what, cause=cause, timeout_s=timeout_s)

    def logs(self, pattern: str, *, since: datetime | None = None) -> pd.DataFrame:
        """Every CloudWatch log event of the pattern's function.

        Args:
            pattern: the pattern.
            since: only events from this moment on (timezone-aware); default all.

        Returns:
            Columns `timestamp` (datetime64[ms, UTC]), `log_stream` (str), `message` (str), in
            CloudWatch's order; no rows when the function never ran.
        """
        raise NotImplementedError

    def attempts(
        self,
        pattern: str,
        *,
        order_ids: Iterable[str] | None = None,
        since: datetime | None = None,
    ) -> pd.DataFrame:
        """`attempts_table(lab.logs(pattern))`, optionally only those of some orders."""
        raise NotImplementedError

    def arrivals(self, pattern: str, *, order_ids: Iterable[str] | None = None) -> pd.DataFrame:
        """Where messages ended: one row per message in a DLQ or destination of the pattern.

        Looks at the queues without consuming; see `messages`. Columns: `workshop.arrivals`.
        """
        raise NotImplementedError

    def messages(self, queue_url: str, *, at_most: int = 100) -> list[dict[str, Any]]:
        """The messages that can be seen in a queue, as boto3 returns them, without consuming them.

        SQS has no read-only look: this receives and makes the messages visible again at once, so
        each look raises ApproximateReceiveCount by one, here as on AWS. A queue with a redrive
        policy is refused, because looking would move messages to its DLQ (and hide them from
        the function meanwhile): use `queue_counts` there.

        Raises:
            DataError: the queue has a redrive policy.
        """
        raise NotImplementedError

    def queue_counts(self, queue_url: str) -> "QueueCounts":
        """How many messages are visible, in flight (received, hidden), delayed; free."""
        raise NotImplementedError


Outputs = dict
QueueCounts = dict
Unused = Sequence
