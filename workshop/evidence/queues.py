"""What lies in a queue, without taking it out."""

import warnings
from dataclasses import dataclass
from typing import Any

from workshop.errors import DataError
from workshop.evidence.fifo import Message, is_fifo
from workshop.evidence.look_line import look_line
from workshop.evidence.receiving import received
from workshop.target.session import Session
from workshop.target.waits import Seen

# Long enough to see every message once before the first one shows up again.
_LOOK_S = 30
# A count can be wrong for so long, and hide that one message came while another one went:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
_COUNTS_SETTLE_S = 60.0


@dataclass(frozen=True)
class QueueCounts:
    """How many messages a queue holds, as GetQueueAttributes says (approximate on AWS).

    Attributes:
        visible: can be received now.
        in_flight: received, hidden until their visibility timeout ends.
        delayed: not yet visible for the first time.
    """

    visible: int
    in_flight: int
    delayed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.visible + self.in_flight + self.delayed


def attributes(session: Session, queue_url: str) -> dict[str, str]:
    """All attributes of a queue, as SQS returns them (every value is a string)."""
    answer = session.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
    return dict(answer["Attributes"])


def counts(session: Session, queue_url: str) -> QueueCounts:
    """How many messages the queue holds; takes part in no receive, so it changes nothing."""
    session.waits.note(queue_url)
    found = attributes(session, queue_url)
    return QueueCounts(
        visible=int(found["ApproximateNumberOfMessages"]),
        in_flight=int(found["ApproximateNumberOfMessagesNotVisible"]),
        delayed=int(found["ApproximateNumberOfMessagesDelayed"]),
    )


def look(session: Session, queue_url: str, *, at_most: int = 100) -> list[dict[str, Any]]:
    """The visible messages of a queue, put back as they were.

    SQS has no read-only look. This receives and then sets the visibility timeout of what it
    received to 0, so that others see the messages again at once. What remains of a look: each
    message's ApproximateReceiveCount is one higher.

    A FIFO queue shows ten messages of a message group at most: the others wait until those are
    deleted or visible again. A look warns when messages stay behind in this way.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html

    Args:
        session: the target.
        queue_url: a queue without redrive policy (a DLQ or a destination).
        at_most: stop after this many messages.

    Returns:
        Messages as boto3's receive_message returns them, with all attributes, oldest first.

    Raises:
        DataError: the queue has a redrive policy, so that looking would use up receives of its
            messages and could move them to the DLQ.
    """
    name, before = queue_url.rpartition("/")[2], attributes(session, queue_url)
    if "RedrivePolicy" in before:
        raise DataError(
            f"Looking into {name} would change what happens to its "
            "messages: every look counts as a receive of its redrive policy.",
            "Use lab.queue_counts(url) for this queue, and look into its DLQ instead.",
        )
    with (
        look_line(session) as tell,
        received(session, queue_url, at_most=at_most, hidden_s=_LOOK_S) as messages,
    ):
        tell(name)
        # A message that was seen longer ago than it was hidden for comes twice.
        found = {message["MessageId"]: message for message in messages}
    unseen = min(int(before["ApproximateNumberOfMessages"]), at_most) - len(found)
    if is_fifo(queue_url) and unseen > 0:
        warnings.warn(
            f"{unseen} more messages lie in {name}, behind the first ten of their message group: "
            "SQS shows them when those are gone.",
            stacklevel=2,
        )
    return sorted(found.values(), key=_age)


def _age(message: Message) -> tuple[int, int]:
    """When it was sent; of a FIFO queue, whose groups take turns, also as which one."""
    told = message["Attributes"]
    return int(told["SentTimestamp"]), int(told.get("SequenceNumber", 0))


def look_again(session: Session, queue_url: str, *, at_most: int = 100) -> list[dict[str, Any]]:
    """`look`, while somebody waits: only when the queue's count has changed since the last look.

    Each look raises receive counts, and a wait looks often: so it counts, which changes nothing,
    and receives what has come. A queue that is empty is not looked into at all.
    """
    counted, now = counts(session, queue_url).visible, session.clock.now()
    last = session.waits.seen.get(queue_url)
    if not counted:
        session.waits.seen.pop(queue_url, None)
        return []
    if last and last.count == counted:
        is_short = len(last.messages) < min(counted, at_most)
        is_late = (now - last.at).total_seconds() >= _COUNTS_SETTLE_S
        if not (is_short and is_late):
            return last.messages
    found = look(session, queue_url, at_most=at_most)
    session.waits.seen[queue_url] = Seen(counted, now, found)
    return found
