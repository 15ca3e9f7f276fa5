"""Empties queues: what was there before goes, what comes meanwhile stays.

By receiving and deleting. PurgeQueue is allowed once in 60 s, takes up to 60 s, and may delete what
is sent in that time, which is somebody's next order.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from workshop.evidence.fifo import Message
from workshop.evidence.receiving import received
from workshop.lab import Lab

_T = TypeVar("_T")
_R = TypeVar("_R")

# How long a message is hidden while it is looked at, and how many are looked at in one go.
_HIDDEN_S, _AT_MOST = 60, 10_000
# Clocks that are further apart than this are not the same clock.
_SAME_CLOCK = timedelta(seconds=2)


@dataclass(frozen=True)
class Emptied:
    """What an emptying did.

    Attributes:
        deleted: messages that are gone.
        newer: messages that came meanwhile, and stay.
        in_flight: messages that somebody holds, as SQS counts.
    """

    deleted: int
    newer: int
    in_flight: int

    def __add__(self, other: "Emptied") -> "Emptied":
        return Emptied(
            self.deleted + other.deleted,
            self.newer + other.newer,
            self.in_flight + other.in_flight,
        )


def empty(lab: Lab, source: str | None, ends: Sequence[str]) -> Emptied:
    """Delete what was sent before this moment.

    A message that Lambda's poller holds can be deleted by nobody; it is counted.

    Args:
        lab: the target.
        source: URL of a queue with a redrive policy, from which a function is fed. The look costs
            its messages a receive.
        ends: URLs of the others.
    """
    urls = [*([source] if source else []), *ends]
    before = _now(lab, urls[0])
    looks = side_by_side(lab, lambda url: _delete(lab, url, before), urls)
    in_flight = lab.queue_counts(source).in_flight if source else 0
    return Emptied(sum(one for one, _ in looks), sum(newer for _, newer in looks), in_flight)


def side_by_side(lab: Lab, work: Callable[[_T], _R], things: Sequence[_T]) -> list[_R]:
    """On an account, where each look into an empty queue takes seconds, while a room waits."""
    if lab.clock.is_virtual or len(things) < 2:
        return [work(one) for one in things]
    # Clients can be shared, and are not made in several threads.
    lab.client("sqs")
    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(work, things))


def _delete(lab: Lab, url: str, before: datetime) -> tuple[int, int]:
    """Delete what was sent until a moment; how many those were, and how many were sent later."""
    deleted = newer = 0
    with received(lab.session, url, at_most=_AT_MOST, hidden_s=_HIDDEN_S) as messages:
        for message in messages:
            if _sent_at(message) > before:
                newer += 1
                continue
            handle = message["ReceiptHandle"]
            lab.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=handle)
            deleted += 1
    return deleted, newer


def _sent_at(message: Message) -> datetime:
    return datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)


def _now(lab: Lab, url: str) -> datetime:
    """SQS's time: it stamps messages by its own clock, and this machine's may be wrong."""
    now = lab.clock.now()
    if lab.clock.is_virtual:
        return now
    answer = lab.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    theirs = parsedate_to_datetime(told) if told else now
    return now if abs(theirs - now) <= _SAME_CLOCK else theirs
