"""ReceiveMessage's parameters: what they allow, what is received, what of it is shown."""

from dataclasses import dataclass
from typing import Any

from localaws.sqs import attributes as queue_attributes
from localaws.sqs import limits
from localaws.sqs.draft import check_id
from localaws.sqs.errors import InvalidAttributeName, InvalidParameterValue, OverLimit
from localaws.sqs.md5 import md5_of_attributes
from localaws.sqs.message import SYSTEM_ATTRIBUTE_NAMES, Message
from localaws.sqs.message_attributes import selected
from localaws.sqs.queue import Queue

Params = dict[str, Any]

# The old `AttributeNames` accepts queue attributes too, which no message has.
_ASKABLE = frozenset(SYSTEM_ATTRIBUTE_NAMES) | frozenset(queue_attributes.READABLE)


@dataclass(frozen=True)
class ReceiveRequest:
    """One checked request."""

    max_number: int
    wait_s: float
    visibility_timeout_s: float | None
    attempt_id: str | None
    system_names: frozenset[str]
    attribute_names: frozenset[str]

    @classmethod
    def of(cls, params: Params, queue: Queue) -> "ReceiveRequest":
        """Check the parameters; the queue gives the default of the wait."""
        max_number = _in_range(params, "MaxNumberOfMessages", 1, limits.MAX_RECEIVED_MESSAGES)
        wait_s = _in_range(params, "WaitTimeSeconds", 0, limits.MAX_WAIT_TIME_S)
        timeout_s = _in_range(params, "VisibilityTimeout", 0, limits.MAX_VISIBILITY_TIMEOUT_S)
        system_names = frozenset(params.get("MessageSystemAttributeNames") or ()) | frozenset(
            params.get("AttributeNames") or ()
        )
        for name in system_names - _ASKABLE:
            raise InvalidAttributeName.unknown(name)
        attempt_id = params.get("ReceiveRequestAttemptId")
        if attempt_id is not None:
            check_id("ReceiveRequestAttemptId", attempt_id)
        return cls(
            max_number=1 if max_number is None else max_number,
            wait_s=queue.settings.wait_time_s if wait_s is None else wait_s,
            visibility_timeout_s=timeout_s,
            attempt_id=attempt_id if queue.is_fifo else None,
            system_names=system_names,
            attribute_names=frozenset(params.get("MessageAttributeNames") or ()),
        )

    def check_in_flight(self, queue: Queue) -> None:
        """A short poll of a standard queue is refused when too many messages are in flight."""
        if queue.is_full() and not queue.is_fifo:
            raise OverLimit(
                "Too many messages have been received without being deleted. Please delete your "
                "received messages or let them timeout before receiving more."
            )

    def receive(self, queue: Queue, receiver: str) -> list[Message]:
        """One attempt to receive, at this moment, by a principal (its ARN)."""
        return queue.receive(
            self.max_number,
            visibility_timeout_s=self.visibility_timeout_s,
            attempt_id=self.attempt_id,
            receiver=receiver,
        )

    def answer(self, queue: Queue, messages: list[Message]) -> Params:
        """The response; an empty one has no `Messages`."""
        if not messages:
            queue.metrics.empty_receive()
            return {}
        return {"Messages": [self._shown(message) for message in messages]}

    def _shown(self, message: Message) -> Params:
        shown: Params = {
            "MessageId": message.message_id,
            "ReceiptHandle": message.receipt_handle,
            "MD5OfBody": message.md5_of_body,
            "Body": message.body,
        }
        if self.system_names:
            attributes = message.system_attributes()
            if "All" not in self.system_names:
                attributes = {k: v for k, v in attributes.items() if k in self.system_names}
            shown.update({"Attributes": attributes} if attributes else {})
        if chosen := selected(message.message_attributes, self.attribute_names):
            # The digest is that of the attributes shown: SDKs check it against what they got.
            shown["MD5OfMessageAttributes"] = md5_of_attributes(chosen)
            shown["MessageAttributes"] = {name: dict(value) for name, value in chosen.items()}
        return shown


def _in_range(params: Params, name: str, minimum: int, maximum: int) -> int | None:
    value: int | None = params.get(name)
    if value is None or minimum <= value <= maximum:
        return value
    reason = f"Must be >= {minimum} and <= {maximum}, if provided."
    if name == "MaxNumberOfMessages":
        reason = f"Must be between {minimum} and {maximum}, if provided."
    raise InvalidParameterValue.of(name, value, reason)
