"""Publishing: accept a message, number it on a FIFO topic, hand it to every subscription."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from localaws.sns.deduplication import Accepted, content_id
from localaws.sns.delivery import Deliveries
from localaws.sns.errors import InvalidParameterException, TopicKeyUnusable
from localaws.sns.metrics import TopicMetrics
from localaws.sns.notification import Notification
from localaws.sns.publish_request import PublishRequest
from localaws.sns.topics import Topic
from localaws.time.clock import Clock
from localaws.words.data_keys import DataKeys, Keys, every_key


class Publisher:
    """Accepts messages and starts their deliveries."""

    def __init__(
        self, clock: Clock, deliveries: Deliveries, metrics: TopicMetrics, keys: Keys = every_key
    ) -> None:
        self._clock = clock
        self._deliveries = deliveries
        self._metrics = metrics
        self._data_keys = DataKeys(keys, TopicKeyUnusable)

    def require_key(self, topic: Topic, principal: str) -> None:
        """Have a data key for what a principal publishes, if KMS has the topic's key.

        Raises:
            TopicKeyUnusable
        """
        key_id = topic.attributes.get("KmsMasterKeyId")
        self._data_keys.need(key_id, f"{principal} to {topic.arn}", self._clock.now_s())

    def publish(
        self,
        topic: Topic,
        request: PublishRequest,
        principal: str,
        trace_header: str | None = None,
    ) -> dict[str, str]:
        """Accept one message of a principal; boto3's answer.

        Raises:
            AwsError: SNS's error when it is refused.
        """
        request.check(topic.max_message_bytes)
        self.require_key(topic, principal)
        return self._accept(topic, request, trace_header)

    def publish_all(
        self,
        topic: Topic,
        requests: Sequence[PublishRequest],
        principal: str,
        trace_header: str | None = None,
    ) -> list[dict[str, str] | InvalidParameterException]:
        """Accept a batch: an answer or a refusal for each message.

        A message that no topic takes refuses the batch (recorded for attributes), and so does one
        that breaks the order of a FIFO topic. On a standard topic a parameter that is for FIFO
        topics alone refuses its message only.
        """
        for request in requests:
            request.check(topic.max_message_bytes)
            if topic.is_fifo:
                request.check_for(topic.is_fifo, topic.deduplicates_by_content)
            request.messages()
        self.require_key(topic, principal)
        return [self._answered(topic, request, trace_header) for request in requests]

    def _answered(
        self, topic: Topic, request: PublishRequest, trace_header: str | None
    ) -> dict[str, str] | InvalidParameterException:
        try:
            return self._accept(topic, request, trace_header)
        except InvalidParameterException as refused:
            return refused

    def _accept(
        self, topic: Topic, request: PublishRequest, trace_header: str | None
    ) -> dict[str, str]:
        request.check_for(topic.is_fifo, topic.deduplicates_by_content)
        messages = request.messages()
        deduplication_id = request.deduplication_id
        accepted = None
        if topic.is_fifo:
            deduplication_id = deduplication_id or content_id(request.message)
            accepted, is_new = self._deduplicate(topic, request, deduplication_id)
            if not is_new:
                return _answer(accepted)
        notification = Notification(
            message_id=accepted.message_id if accepted else str(uuid.uuid4()),
            topic_arn=topic.arn,
            message=request.message,
            messages=messages,
            subject=request.subject,
            attributes=request.attributes,
            published_at_s=self._clock.now_s(),
            signature_version=topic.attributes.get("SignatureVersion", "1"),
            group_id=request.group_id,
            deduplication_id=deduplication_id,
            sequence_number=accepted.sequence_number if accepted else None,
            trace_header=trace_header,
        )
        self._metrics.published(topic.arn, request.size_bytes())
        self._deliveries.start(topic, notification)
        return _answer(accepted or notification)

    def _deduplicate(
        self, topic: Topic, request: PublishRequest, deduplication_id: str
    ) -> tuple[Accepted, bool]:
        now_s = self._clock.now_s()
        by_group = topic.attributes.get("FifoThroughputScope") == "MessageGroup"
        scope = (request.group_id or "") if by_group else ""
        earlier = topic.deduplication.earlier(scope, deduplication_id, now_s)
        if earlier is not None:
            return earlier, False
        message_id = str(uuid.uuid4())
        return topic.deduplication.accept(scope, deduplication_id, message_id, now_s), True


def _answer(accepted: Accepted | Notification) -> dict[str, str]:
    answer: Mapping[str, Any] = {
        "MessageId": accepted.message_id,
        "SequenceNumber": accepted.sequence_number,
    }
    return {name: value for name, value in answer.items() if value is not None}
