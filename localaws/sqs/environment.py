"""What every queue needs of the service around it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localaws.clock import Clock
from localaws.ports import MetricSink
from localaws.scheduler import Scheduler

if TYPE_CHECKING:
    from localaws.sqs.queue import Queue


@dataclass(frozen=True)
class Environment:
    """The service's collaborators, shared by its queues.

    Attributes:
        find: the queue of an ARN, or None.
        sequence_numbers: FIFO sequence numbers; one series for all queues, so that a message that
            moves gets another one.
    """

    clock: Clock
    scheduler: Scheduler
    metrics: MetricSink
    find: "Callable[[str], Queue | None]"
    sequence_numbers: Iterator[str]


def sequence_numbers() -> Iterator[str]:
    """Twenty digits, growing by 256 as AWS's do."""
    number = 18_870_000_000_000_000_000
    while True:
        number += 256
        yield str(number)
