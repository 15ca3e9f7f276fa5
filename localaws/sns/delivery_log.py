"""Delivery status logs: https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html

Off until the topic names a role for them. Failures go to a log group of their own.
"""

import hashlib
import json
import uuid
from datetime import UTC, datetime
from typing import Any

from localaws.logs import RoleLogs
from localaws.sns.endpoints import EndpointAnswer
from localaws.sns.notification import Notification
from localaws.sns.subscriptions import Subscription
from localaws.sns.topics import Topic
from localaws.time.clock import Clock
from localaws.words.errors import AwsError
from localaws.words.identity import Identity
from localaws.words.json_text import compact

# How topic attributes spell the protocols.
_SPELLING = {"lambda": "Lambda", "sqs": "SQS"}


class DeliveryLog:
    """Writes what became of deliveries to CloudWatch Logs, as the topic's attributes ask for."""

    def __init__(self, clock: Clock, identity: Identity, logs: RoleLogs) -> None:
        self._clock = clock
        self._identity = identity
        self._logs = logs
        # AWS changes streams with its hosts; one run of this endpoint is one host.
        self._stream = str(uuid.uuid4())

    def delivered(
        self,
        topic: Topic,
        subscription: Subscription,
        notification: Notification,
        answer: EndpointAnswer,
    ) -> None:
        """A delivery that succeeded, if its sample rate draws it."""
        protocol = _SPELLING[subscription.protocol]
        role_arn = topic.attributes.get(f"{protocol}SuccessFeedbackRoleArn")
        rate = int(topic.attributes.get(f"{protocol}SuccessFeedbackSampleRate", "100"))
        if role_arn and _is_drawn(notification.message_id, rate):
            self._write(role_arn, "", topic, subscription, notification, answer, "SUCCESS")

    def failed(
        self, topic: Topic, subscription: Subscription, notification: Notification, error: AwsError
    ) -> None:
        """A delivery that SNS gave up."""
        protocol = _SPELLING[subscription.protocol]
        role_arn = topic.attributes.get(f"{protocol}FailureFeedbackRoleArn")
        if role_arn:
            response = {
                "ErrorCode": error.code,
                "ErrorMessage": error.message,
                f"{subscription.protocol}RequestId": "Unrecoverable",
            }
            answer = EndpointAnswer(error.status, response)
            self._write(role_arn, "/Failure", topic, subscription, notification, answer, "FAILURE")

    def _write(
        self,
        role_arn: str,
        suffix: str,
        topic: Topic,
        subscription: Subscription,
        notification: Notification,
        answer: EndpointAnswer,
        status: str,
    ) -> None:
        region, account_id = self._identity.region, self._identity.account_id
        group = f"sns/{region}/{account_id}/{topic.name}{suffix}"
        now_ms = self._clock.now_ms()
        event = _event(subscription, notification, answer, status, now_ms)
        text = compact(event)
        self._logs.put(role_arn, group, self._stream, [(now_ms, text)])


def _event(
    subscription: Subscription,
    notification: Notification,
    answer: EndpointAnswer,
    status: str,
    now_ms: int,
) -> dict[str, Any]:
    text = notification.text_for(subscription.protocol).encode("utf-8", "replace")
    published = datetime.fromtimestamp(notification.published_at_s, UTC)
    return {
        "notification": {
            "messageMD5Sum": hashlib.md5(text, usedforsecurity=False).hexdigest(),
            "messageId": notification.message_id,
            "topicArn": notification.topic_arn,
            "timestamp": published.isoformat(" ", "milliseconds").removesuffix("+00:00"),
        },
        "delivery": {
            "deliveryId": str(uuid.uuid4()),
            "destination": subscription.endpoint,
            "providerResponse": json.dumps(answer.provider_response, separators=(",", ":")),
            "dwellTimeMs": max(0, now_ms - int(notification.published_at_s * 1000)),
            "statusCode": answer.status,
        },
        "status": status,
    }


def _is_drawn(message_id: str, rate: int) -> bool:
    """Whether a sample of so many percent has this message; the same message is always drawn."""
    draw = hashlib.sha256(message_id.encode()).digest()
    return int.from_bytes(draw[:4], "big") % 100 < rate
