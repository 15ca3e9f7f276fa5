"""SNS put together."""

from collections.abc import Mapping
from typing import Any

from localaws.logs import RoleLogs
from localaws.sns.delivery import Deliveries
from localaws.sns.delivery_log import DeliveryLog
from localaws.sns.endpoints import Endpoints
from localaws.sns.metrics import TopicMetrics
from localaws.sns.platform_operations import PlatformOperations
from localaws.sns.platforms import Platforms
from localaws.sns.publish_operations import PublishOperations
from localaws.sns.publish_request import PublishRequest
from localaws.sns.publisher import Publisher
from localaws.sns.signing import Signer
from localaws.sns.sms_operations import SmsOperations
from localaws.sns.subscription_operations import SubscriptionOperations
from localaws.sns.topic_operations import TopicOperations
from localaws.sns.topics import Topics
from localaws.sqs import SqsService
from localaws.time.time import Time
from localaws.words.data_keys import Keys, every_key
from localaws.words.identity import Identity
from localaws.words.ports import AsyncInvoke, MetricSink, Permissions
from localaws.words.propagation import PoliciesAtOnce, PolicyPropagation


class SnsService:
    """Topics, subscriptions and deliveries of one account and Region.

    Args:
        sqs: where queue endpoints and subscriptions' DLQs are.
        invoke_async: how function endpoints are invoked.
        permissions: decides whether queues let SNS write.
        base_url: the endpoint's address, below which the signing certificate is.
        propagation: from when on topics' policies decide; default at once.
        keys: KMS; default each key is one, where there is none.

    Attributes:
        signer: signs notifications and serves its certificate.
    """

    def __init__(
        self,
        *,
        time: Time,
        identity: Identity,
        sqs: SqsService,
        invoke_async: AsyncInvoke,
        permissions: Permissions,
        metrics: MetricSink,
        logs: RoleLogs,
        base_url: str,
        propagation: PolicyPropagation | None = None,
        keys: Keys = every_key,
    ) -> None:
        self.signer = Signer(base_url)
        self._topics = Topics(identity)
        self._propagation = propagation or PoliciesAtOnce()
        self._platforms = Platforms(identity)
        self._sms = SmsOperations()
        topic_metrics = TopicMetrics(metrics)
        deliveries = Deliveries(
            time,
            Endpoints(sqs, invoke_async, permissions, self.signer),
            topic_metrics,
            DeliveryLog(time.clock, identity, logs),
        )
        self._publisher = Publisher(time.clock, deliveries, topic_metrics, keys)

    def operations(self) -> Mapping[str, Any]:
        """Every operation, by AWS's name."""
        return {
            **TopicOperations(self._topics, self._propagation).operations(),
            **SubscriptionOperations(self._topics).operations(),
            **PublishOperations(self._topics, self._platforms, self._publisher).operations(),
            **PlatformOperations(self._platforms).operations(),
            **self._sms.operations(),
        }

    def policy(self, topic_arn: str) -> str | None:
        """The policy that decides about a topic, or None if there is no such topic."""
        topic = self._topics.find(topic_arn)
        return self._propagation.in_effect(topic_arn, topic.policy) if topic else None

    def publish(
        self,
        topic_arn: str,
        message: str,
        *,
        subject: str | None = None,
        message_attributes: Mapping[str, Any] | None = None,
        principal: str = "",
    ) -> str:
        """Publish on behalf of another service; the message's id.

        Args:
            principal: that service, or whom it acts for.

        Raises:
            NotFoundException: there is no such topic.
            InvalidParameterException: the message is empty or too long.
            TopicKeyUnusable: KMS does not use the topic's key.
        """
        request = PublishRequest(message, subject, attributes=message_attributes or {})
        topic = self._topics.get(topic_arn)
        return self._publisher.publish(topic, request, principal)["MessageId"]

    def require_key(self, topic_arn: str, principal: str) -> None:
        """See that KMS uses a topic's key for a principal, if it has one.

        Raises:
            NotFoundException, TopicKeyUnusable
        """
        self._publisher.require_key(self._topics.get(topic_arn), principal)
