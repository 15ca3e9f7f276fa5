"""A topic, and the topics of the account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from localaws.sns.deduplication import Deduplication
from localaws.sns.delivery_policies import effective_of_topic
from localaws.sns.errors import InvalidParameterException, NotFoundException, check_arn
from localaws.sns.limits import MAX_MESSAGE_BYTES
from localaws.sns.subscriptions import Subscription
from localaws.sns.topic_attributes import (
    as_kept,
    check_change,
    check_creation,
    check_large,
    check_name,
    default_policy,
    is_true,
)
from localaws.words.arns import region_of
from localaws.words.identity import Identity


@dataclass(eq=False)
class Topic:
    """One topic. `attributes` are the ones that were set, as SNS keeps them."""

    name: str
    arn: str
    owner: str
    attributes: dict[str, str]
    tags: dict[str, str]
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    subscriptions_deleted: int = 0
    deduplication: Deduplication = field(default_factory=Deduplication)

    @property
    def is_fifo(self) -> bool:
        return is_true(self.attributes.get("FifoTopic", "false"))

    @property
    def deduplicates_by_content(self) -> bool:
        return is_true(self.attributes.get("ContentBasedDeduplication", "false"))

    @property
    def max_message_bytes(self) -> int:
        """A message with its attributes may be so large."""
        return int(self.attributes.get("MaximumMessageSize", MAX_MESSAGE_BYTES))

    @property
    def is_archived(self) -> bool:
        """Whether it was told to keep its messages."""
        return "ArchivePolicy" in self.attributes

    @property
    def policy(self) -> str:
        return self.attributes.get("Policy") or self._default_policy

    @cached_property
    def _default_policy(self) -> str:
        return default_policy(self.arn, self.owner)

    def set_attribute(self, name: str, value: str) -> None:
        """SetTopicAttributes; an empty value brings the default back."""
        check_change(name, value, self.is_fifo)
        if name == "MaximumMessageSize" and int(value or 0) > MAX_MESSAGE_BYTES:
            for number, subscription in enumerate(self.subscriptions.values(), start=1):
                check_large(subscription.protocol, number)
        self.attributes.update(as_kept({name: value}))
        if not self.attributes[name] and name != "DisplayName":
            del self.attributes[name]

    def check_subscription(self, protocol: str) -> None:
        """Refuse one more subscription where it has all, or none of this protocol may be."""
        if self.max_message_bytes > MAX_MESSAGE_BYTES:
            check_large(protocol, len(self.subscriptions) + 1)

    def described(self) -> dict[str, str]:
        """GetTopicAttributes."""
        confirmed = sum(s.confirmed for s in self.subscriptions.values())
        described = {
            "TopicArn": self.arn,
            "Owner": self.owner,
            "DisplayName": "",
            "SubscriptionsConfirmed": str(confirmed),
            "SubscriptionsPending": str(len(self.subscriptions) - confirmed),
            "SubscriptionsDeleted": str(self.subscriptions_deleted),
            **self.attributes,
            "Policy": self.policy,
            "EffectiveDeliveryPolicy": effective_of_topic(self.attributes.get("DeliveryPolicy")),
        }
        if self.is_fifo:
            described.setdefault("ContentBasedDeduplication", "false")
        return described

    def find_equal(self, protocol: str, endpoint: str) -> Subscription | None:
        """The subscription of an endpoint: it can subscribe once."""
        return next(
            (
                subscription
                for subscription in self.subscriptions.values()
                if (subscription.protocol, subscription.endpoint) == (protocol, endpoint)
            ),
            None,
        )


class Topics:
    """All topics, and through them all subscriptions."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._topics: dict[str, Topic] = {}

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics.values())

    def create(self, name: str, attributes: Mapping[str, str], tags: Mapping[str, str]) -> Topic:
        """A new topic, or the one of this name when nothing that was asked for differs."""
        check_creation(attributes)
        attributes = as_kept(attributes)
        check_name(name, is_true(attributes.get("FifoTopic", "false")))
        arn = self._identity.arn("sns", name)
        existing = self._topics.get(arn)
        if existing is not None:
            return _same(existing, attributes, tags)
        kept = {key: value for key, value in attributes.items() if value}
        if kept.get("FifoTopic") == "false":
            del kept["FifoTopic"]
        topic = Topic(name, arn, self._identity.account_id, kept, dict(tags))
        self._topics[arn] = topic
        return topic

    def find(self, arn: str) -> Topic | None:
        """The topic of this ARN, if there is one."""
        return self._topics.get(arn)

    def get(self, arn: str, parameter: str = "TopicArn") -> Topic:
        """The topic of this ARN; raises NotFoundException, or says what is wrong with the ARN."""
        topic = self._topics.get(arn)
        if topic is None:
            check_arn(parameter, arn)
            if region_of(arn) != self._identity.region:
                raise InvalidParameterException(parameter)
            raise NotFoundException("Topic does not exist")
        return topic

    def delete(self, arn: str) -> None:
        """Delete a topic with its subscriptions; one that does not exist is no error."""
        check_arn("TopicArn", arn)
        if region_of(arn) != self._identity.region:
            raise InvalidParameterException("TopicArn")
        self._topics.pop(arn, None)

    def subscription(self, arn: str) -> Subscription | None:
        """The subscription of this ARN, if there is one."""
        topic = self._topics.get(arn.rpartition(":")[0])
        return topic.subscriptions.get(arn) if topic else None

    def get_subscription(self, arn: str) -> Subscription:
        """The subscription of this ARN; raises NotFoundException."""
        subscription = self.subscription(arn)
        if subscription is None:
            check_arn("SubscriptionArn", arn)
            raise NotFoundException("Subscription does not exist")
        return subscription


def _same(topic: Topic, attributes: Mapping[str, str], tags: Mapping[str, str]) -> Topic:
    described = topic.described()
    for name, value in attributes.items():
        if described.get(name, "").lower() != value.lower() and not (
            name == "FifoTopic" and not is_true(value) and not topic.is_fifo
        ):
            raise InvalidParameterException(
                "Attributes Reason: Topic already exists with different attributes"
            )
    if any(topic.tags.get(key) != value for key, value in tags.items()):
        raise InvalidParameterException("Tags Reason: Topic already exists with different tags")
    return topic
