"""The account's queues by name."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from localaws.sqs import attributes as queue_attributes
from localaws.sqs.errors import (
    InvalidAddress,
    InvalidAttributeName,
    InvalidParameterValue,
    QueueDeletedRecently,
    QueueDoesNotExist,
    QueueNameExists,
)
from localaws.sqs.limits import RECREATE_AFTER_S
from localaws.sqs.ports import QueuePorts
from localaws.sqs.queue import Queue
from localaws.time.time import Time
from localaws.words.data_keys import Keys, every_key
from localaws.words.identity import Identity
from localaws.words.ports import MetricSink
from localaws.words.propagation import QueuePropagation

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_FIFO_NAME = re.compile(r"(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo")


class Queues:
    """Creates, finds and deletes queues.

    Args:
        base_url: the endpoint's address; a queue's URL is `<base_url>/<account>/<name>`.
    """

    def __init__(
        self,
        *,
        time: Time,
        identity: Identity,
        metrics: MetricSink,
        base_url: str,
        propagation: QueuePropagation,
        keys: Keys = every_key,
    ) -> None:
        self._time = time
        self._identity = identity
        self._base_url = base_url.rstrip("/")
        self._ports = QueuePorts(time, metrics, self.find, _sequence_numbers(), propagation, keys)
        self._by_name: dict[str, Queue] = {}
        self._deleted_at_s: dict[str, float] = {}

    def __iter__(self) -> Iterator[Queue]:
        """In order of their names."""
        return iter([self._by_name[name] for name in sorted(self._by_name)])

    def create(self, name: str, attributes: Mapping[str, str], tags: Mapping[str, str]) -> Queue:
        """CreateQueue; the same queue again is no error.

        Raises:
            QueueNameExists, QueueDeletedRecently, and what `Queue` refuses.
        """
        attributes = queue_attributes.as_read(attributes)
        _check_name(name, attributes)
        existing = self._by_name.get(name)
        if existing is not None:
            queue_attributes.check(attributes, existing.is_fifo)
            if differing := queue_attributes.first_difference(existing.attributes, attributes):
                raise QueueNameExists(differing)
            return existing
        deleted_at_s = self._deleted_at_s.get(name)
        if deleted_at_s is not None and self._time.now_s() < deleted_at_s + RECREATE_AFTER_S:
            raise QueueDeletedRecently
        queue = Queue(
            name=name,
            arn=self._identity.arn("sqs", name),
            url=f"{self._base_url}/{self._identity.account_id}/{name}",
            attributes=attributes,
            tags=tags,
            ports=self._ports,
        )
        self._by_name[name] = queue
        return queue

    def delete(self, queue: Queue) -> None:
        """DeleteQueue: its messages are gone, its name is free after a minute."""
        if self._by_name.get(queue.name) is queue:
            del self._by_name[queue.name]
            self._deleted_at_s[queue.name] = self._time.now_s()
            queue.close()

    def find(self, arn_or_url: str) -> Queue | None:
        """The queue of an ARN or a queue URL."""
        if arn_or_url.startswith("arn:"):
            queue = self._by_name.get(arn_or_url.rpartition(":")[2])
            return queue if queue is not None and queue.arn == arn_or_url else None
        account_and_name = _account_and_name(arn_or_url)
        if account_and_name is None or account_and_name[0] != self._identity.account_id:
            return None
        return self._by_name.get(account_and_name[1])

    def named(self, name: str, account_id: str | None = None) -> Queue:
        """GetQueueUrl's look-up.

        Raises:
            QueueDoesNotExist
        """
        queue = self._by_name.get(name)
        if queue is None or account_id not in (None, self._identity.account_id):
            raise QueueDoesNotExist
        return queue

    def at(self, queue_url: str) -> Queue:
        """The queue of a request's QueueUrl; AWS takes the bare name of an own queue as well.

        Raises:
            QueueDoesNotExist
            InvalidAddress: the text is neither, but an ARN, say.
        """
        if queue_url.startswith("arn:"):
            raise InvalidAddress(f"The address {queue_url} is not valid for this endpoint.")
        if _NAME.fullmatch(queue_url) or _FIFO_NAME.fullmatch(queue_url):
            return self.named(queue_url)
        queue = self.find(queue_url)
        if queue is None:
            if _account_and_name(queue_url) is None:
                raise InvalidAddress(f"The address {queue_url} is not valid for this endpoint.")
            raise QueueDoesNotExist
        return queue

    def sources_of(self, dead_letter_arn: str) -> list[Queue]:
        """The queues whose redrive policy names the queue as their DLQ."""
        return [
            queue
            for queue in self
            if queue.settings.redrive is not None
            and queue.settings.redrive.dead_letter_target_arn == dead_letter_arn
        ]


def _sequence_numbers() -> Iterator[str]:
    """Twenty digits, growing by 256 as AWS's do."""
    number = 18_870_000_000_000_000_000
    while True:
        number += 256
        yield str(number)


def _check_name(name: str, attributes: Mapping[str, str]) -> None:
    if not name:
        raise InvalidParameterValue("Queue name cannot be empty")
    if "FifoQueue" in attributes:
        if attributes["FifoQueue"] != "true":
            raise InvalidAttributeName.unknown("FifoQueue")
        if not _FIFO_NAME.fullmatch(name):
            raise InvalidParameterValue(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or "
                "underscores, must end with .fifo suffix and be 1 to 80 in length"
            )
    elif not _NAME.fullmatch(name):
        raise InvalidParameterValue(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        )


def _account_and_name(queue_url: str) -> tuple[str, str] | None:
    try:
        path = urlsplit(queue_url).path
    except ValueError:  # such as "http://["
        return None
    segments = unquote(path).strip("/").split("/")
    return (segments[-2], segments[-1]) if len(segments) >= 2 else None
