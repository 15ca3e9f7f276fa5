"""A subscription: who gets a topic's messages, in which form, and where they go if that fails."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from localaws.sns.delivery_policies import effective_of_subscription
from localaws.sns.filter_policy import ATTRIBUTES, FilterPolicy
from localaws.sns.filter_rules import FilterPolicyError
from localaws.sns.message_attributes import MessageAttributes
from localaws.sns.notification import Notification
from localaws.sns.subscription_attributes import (
    RefusedAttribute,
    check_raw_delivery,
    check_replay,
    check_scope,
    dead_letter_target,
    kept_delivery_policy,
)
from localaws.words.arns import region_of

HTTP_PROTOCOLS = ("http", "https")

# Protocols whose endpoints belong to the account or need no consent; the others have to confirm.
CONFIRMED_PROTOCOLS = ("lambda", "sqs", "sms", "application")
PENDING = "PendingConfirmation"


@dataclass(eq=False)
class Subscription:
    """One endpoint of a topic. `attributes` are the ones that were set, as they were set."""

    arn: str
    topic_arn: str
    protocol: str
    endpoint: str
    owner: str
    principal_arn: str
    confirmed: bool
    attributes: dict[str, str] = field(default_factory=dict)
    # 288 hexadecimal digits, as in the links that AWS mails.
    token: str = field(default_factory=lambda: secrets.token_hex(144))
    _filter: FilterPolicy | None = None
    _dead_letter_target_arn: str | None = None

    @property
    def raw(self) -> bool:
        """The endpoint gets the message itself, without envelope."""
        return self.attributes.get("RawMessageDelivery", "false") == "true"

    @property
    def dead_letter_target_arn(self) -> str | None:
        """The subscription's DLQ."""
        return self._dead_letter_target_arn

    @property
    def listed_arn(self) -> str:
        """What lists show: an unconfirmed subscription has no ARN yet."""
        return self.arn if self.confirmed else PENDING

    def accepts(self, notification: Notification) -> bool:
        """Whether the filter policy lets a message through."""
        if self._filter is None:
            return True
        attributes: MessageAttributes = notification.attributes
        return self._filter.accepts(notification.text_for(self.protocol), attributes)

    def set_attribute(self, name: str, value: str) -> None:
        """Set one attribute; an empty policy removes it. Raises RefusedAttribute."""
        self.set_attributes({name: value})

    def set_attributes(self, changes: Mapping[str, str]) -> None:
        """Set several at once, all or none. Raises RefusedAttribute."""
        attributes = {**self.attributes, **changes}
        if "RawMessageDelivery" in changes:
            raw = changes["RawMessageDelivery"]
            check_raw_delivery(raw, self.protocol)
            attributes["RawMessageDelivery"] = raw.lower()
        check_replay(changes.get("ReplayPolicy"))
        for name in (
            "FilterPolicy",
            "FilterPolicyScope",
            "RedrivePolicy",
            "DeliveryPolicy",
            "ReplayPolicy",
        ):
            if not attributes.get(name, "-"):
                del attributes[name]
        filter_policy = _filter(attributes)
        target = None
        if "RedrivePolicy" in attributes:
            # Only a FIFO topic lets a FIFO queue subscribe.
            is_fifo = self.endpoint.endswith(".fifo")
            region = region_of(self.topic_arn)
            target = dead_letter_target(attributes["RedrivePolicy"], is_fifo, region)
        if "DeliveryPolicy" in changes and "DeliveryPolicy" in attributes:
            attributes["DeliveryPolicy"] = kept_delivery_policy(attributes["DeliveryPolicy"])
        self.attributes = attributes
        self._filter, self._dead_letter_target_arn = filter_policy, target

    def described(self, topic_delivery_policy: str | None) -> dict[str, str]:
        """GetSubscriptionAttributes; the topic's DeliveryPolicy holds where it has none."""
        confirmed = str(self.confirmed).lower()
        described = {
            "SubscriptionArn": self.arn,
            "TopicArn": self.topic_arn,
            "Protocol": self.protocol,
            "Endpoint": self.endpoint,
            "Owner": self.owner,
            "SubscriptionPrincipal": self.principal_arn,
            "ConfirmationWasAuthenticated": confirmed,
            "PendingConfirmation": str(not self.confirmed).lower(),
            "RawMessageDelivery": "false",
            **self.attributes,
        }
        if self.protocol in HTTP_PROTOCOLS:
            described["EffectiveDeliveryPolicy"] = effective_of_subscription(
                self.attributes.get("DeliveryPolicy"), topic_delivery_policy
            )
        if "FilterPolicy" in described:
            described.setdefault("FilterPolicyScope", ATTRIBUTES)
        else:
            described.pop("FilterPolicyScope", None)  # kept, but shown with a policy only
        return described

    def listed(self) -> dict[str, str]:
        """One entry of ListSubscriptions."""
        return {
            "SubscriptionArn": self.listed_arn,
            "Owner": self.owner,
            "Protocol": self.protocol,
            "Endpoint": self.endpoint,
            "TopicArn": self.topic_arn,
        }


def _filter(attributes: Mapping[str, str]) -> FilterPolicy | None:
    scope = attributes.get("FilterPolicyScope", ATTRIBUTES)
    check_scope(scope)
    if "FilterPolicy" not in attributes:
        return None
    try:
        return FilterPolicy(attributes["FilterPolicy"], scope)
    except FilterPolicyError as error:
        raise RefusedAttribute(str(error)) from error
