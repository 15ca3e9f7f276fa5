"""How each kind of dead letter goes back, one message at a time. Sends before it deletes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workshop.lab import Lab
from workshop.repair import payloads

Message = Mapping[str, Any]

_MOVE = "sqs send-message, then delete-message"
_INVOKE = "lambda invoke --invocation-type Event, then sqs delete-message"


@dataclass(frozen=True)
class Resender:
    """Sends dead letters of one pattern to where they came from."""

    lab: Lab
    pattern: str
    change: Callable[[Any], Any] | None = None

    def to(self, message: Message) -> str:
        """Where this message would go, in words."""
        return "the function" if payloads.event_of(message) is not None else "the source queue"

    def how(self, message: Message) -> str:
        """The API calls that take it there."""
        return _INVOKE if payloads.event_of(message) is not None else _MOVE

    def is_changed(self, message: Message) -> bool:
        """Whether `change` changes its payload."""
        return self._text(message) != payloads.payload_text(message)

    def send(self, message: Message) -> str:
        """Send it, and return its new id; it is not deleted yet."""
        event = payloads.event_of(message)
        outputs = self.lab.outputs(self.pattern)
        if event is None:
            return self._send_to_queue(message, outputs["SourceQueueUrl"])
        if self.is_changed(message):
            event = payloads.with_payload(event, self._text(message))
        answer = self.lab.client("lambda").invoke(
            FunctionName=outputs.FunctionName,
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )
        return str(answer["ResponseMetadata"]["RequestId"])

    def _text(self, message: Message) -> str:
        text = payloads.payload_text(message)
        return payloads.changed_text(text, self.change) if self.change else text

    def _send_to_queue(self, message: Message, url: str) -> str:
        request: dict[str, Any] = {"QueueUrl": url, "MessageBody": self._text(message)}
        if message.get("MessageAttributes"):
            request["MessageAttributes"] = message["MessageAttributes"]
        attributes = message.get("Attributes", {})
        if "MessageGroupId" in attributes:
            request["MessageGroupId"] = attributes["MessageGroupId"]
            # Its first id would be taken for a repetition of itself for five minutes.
            request["MessageDeduplicationId"] = f"redrive-{message['MessageId']}"
        return str(self.lab.client("sqs").send_message(**request)["MessageId"])

    def delete(self, message: Message, url: str) -> None:
        """Take it out of the DLQ, after it was sent."""
        self.lab.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
