"""Empties queues: what was there before goes, what comes meanwhile stays.

By receiving and deleting. PurgeQueue is allowed once in 60 s, takes up to 60 s, and may delete what
is sent in that time, which is somebody's next order.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from workshop.evidence.fifo import Message
from workshop.evidence.receiving import received
from workshop.lab import Lab

# How long a message is hidden while it is looked at, and how many are looked at in one go.
_HIDDEN_S, _AT_MOST = 60, 10_000
_LOOK_EVERY_S = 5.0
# Clocks that are further apart than this are not the same clock.
_SAME_CLOCK = timedelta(seconds=2)


@dataclass(frozen=True)
class Emptied:
    """What an emptying did.

    Attributes:
        deleted: messages that are gone.
        newer: messages that came meanwhile, and stay.
        in_flight: messages that somebody holds after all that time.
    """

    deleted: int
    newer: int
    in_flight: int


def empty(
    lab: Lab,
    source: str | None,
    ends: Sequence[str],
    *,
    patience_s: float,
    pause: Callable[[float], None],
) -> Emptied:
    """Delete what was sent before this moment.

    A message that Lambda's poller holds can be deleted by nobody: it is waited for until it was
    processed, or moved on to one of the other queues.

    Args:
        lab: the target.
        source: URL of a queue with a redrive policy, from which a function is fed. Every look costs
            its messages a receive, so it is looked at twice at the most.
        ends: URLs of the others.
        patience_s: how long messages of the source may be held.
        pause: lets time pass.
    """
    before = _now(lab, source or ends[0])
    looks = {source: _delete(lab, source, before)} if source else {}
    deleted, in_flight, waited_s = sum(number for number, _ in looks.values()), 0, 0.0
    if source and lab.clock.is_virtual and lab.session.lateness.counts_s:
        # A count that is late may not tell of what is held: let that come to its end unseen.
        waited_s = patience_s + lab.session.lateness.counts_s
        pause(waited_s)
    while source and (in_flight := lab.queue_counts(source).in_flight) and waited_s < patience_s:
        pause(_LOOK_EVERY_S)
        waited_s += _LOOK_EVERY_S
    again = [source] if source and waited_s and lab.queue_counts(source).visible else []
    for url in [*again, *ends]:
        looks[url] = _delete(lab, url, before)
        deleted += looks[url][0]
    return Emptied(deleted, sum(newer for _, newer in looks.values()), in_flight)


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
