"""FIFO queues: which ones they are, and what a receive shows of a message group.

While messages of a group are in flight, SQS hands out no more of that group. So whoever holds a
part of a group hides its rest, and of a group from which nobody deletes ten can be seen at most.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

Message = dict[str, Any]

# The most that SQS hands out in one receive.
RECEIVED_AT_ONCE = 10


def is_fifo(name: str) -> bool:
    """Whether this is a FIFO queue or topic, by its name, URL or ARN."""
    return name.endswith(".fifo")


def cut_group(received: Sequence[Message]) -> list[Message]:
    """The messages of the group that a full receive may have cut in two, which is its last.

    Put back, they come with all of their group in the next receive. A receive of one group only
    shows as much of it as there is to see, so nothing of it counts as cut.
    """
    if len(received) < RECEIVED_AT_ONCE:
        return []
    last = [message for message in received if _group(message) == _group(received[-1])]
    return last if len(last) < len(received) else []


def group_of(message: Mapping[str, Any]) -> str:
    """The message group of a message as boto3 returns it; "" of one of no FIFO queue.

    A FIFO queue numbers its messages; in any other queue a group holds nobody back.
    """
    attributes = message.get("Attributes", {})
    return str(attributes["MessageGroupId"]) if "SequenceNumber" in attributes else ""


def _group(message: Message) -> str:
    return str(message["Attributes"]["MessageGroupId"])
