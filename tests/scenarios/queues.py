"""SQS queues as scenarios use them."""

import json
from dataclasses import dataclass
from typing import Any

from tests.scenarios.timing import Time


@dataclass
class Queue:
    """A queue, and what can be asked of it."""

    sqs: Any
    url: str
    arn: str
    time: Time

    def send(self, body: str, **options: Any) -> str:
        """Send one message; its id."""
        message_id: str = self.sqs.send_message(QueueUrl=self.url, MessageBody=body, **options)[
            "MessageId"
        ]
        return message_id

    def receive(self, **options: Any) -> list[dict[str, Any]]:
        """Up to ten messages with all of their attributes."""
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=10,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
            **options,
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def set_attributes(self, **attributes: str) -> None:
        """Change attributes, and wait until the queue goes by them."""
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes=attributes)
        self.time.propagate_queue()

    def counts(self) -> tuple[int, int, int]:
        """Visible, in flight, delayed."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        answer = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        visible, in_flight, delayed = (int(answer["Attributes"][name]) for name in names)
        return visible, in_flight, delayed

    @property
    def name(self) -> str:
        return self.arn.rpartition(":")[2]

    def send_all(self, *bodies: str, **options: Any) -> list[str]:
        """Send up to ten messages in one batch; their ids."""
        answer = self.sqs.send_message_batch(
            QueueUrl=self.url,
            Entries=[
                {"Id": str(number), "MessageBody": body} | options
                for number, body in enumerate(bodies)
            ],
        )
        return [sent["MessageId"] for sent in answer["Successful"]]

    def holds(self, number: int) -> bool:
        """Whether this many messages can be received."""
        return self.counts()[0] == number


def let_write(queue: Queue, service: str, source_arn: str) -> None:
    """Let an AWS service send to a queue on behalf of a topic or rule."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": queue.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    queue.set_attributes(Policy=policy)
