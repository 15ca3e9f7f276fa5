"""The API of subscriptions."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from localaws.sns.errors import InvalidParameterException, InvalidTokenException, check_arn
from localaws.sns.pages import page
from localaws.sns.phone_numbers import PHONE_NUMBER
from localaws.sns.subscription_attributes import KNOWN, RefusedAttribute
from localaws.sns.subscriptions import CONFIRMED_PROTOCOLS, Subscription
from localaws.sns.topics import Topic, Topics
from localaws.words.errors import AwsError
from localaws.words.http import Caller

Params = dict[str, Any]

_PROTOCOLS = (*CONFIRMED_PROTOCOLS, "http", "https", "email", "email-json")
_TOKEN = re.compile(r"[0-9a-f]{200,}")
_QUEUE_ARN = re.compile(r"arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+")
_FUNCTION_ARN = re.compile(r"arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?")
_DEVICE_ARN = re.compile(r"arn:[^:]+:sns:[^:]+:\d{12}:endpoint/[^/:]+/[^/:]+/[^/:]+")
_EMAIL_ADDRESS = re.compile(r"[^@\s,]+@[^@\s,]+")


class SubscriptionOperations:
    """Operations of boto3's names, parameters and results."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics

    def operations(self) -> Mapping[str, Any]:
        return {
            "Subscribe": self._subscribe,
            "ConfirmSubscription": self._confirm,
            "Unsubscribe": self._unsubscribe,
            "ListSubscriptions": self._list,
            "ListSubscriptionsByTopic": self._list_by_topic,
            "GetSubscriptionAttributes": self._get_attributes,
            "SetSubscriptionAttributes": self._set_attribute,
        }

    def _subscribe(self, params: Params, caller: Caller) -> Params:
        topic = self._topics.get(params["TopicArn"])
        protocol, endpoint = params["Protocol"], params.get("Endpoint") or ""
        attributes = params.get("Attributes") or {}
        _check_endpoint(topic, protocol, endpoint)
        subscription = _new(topic, protocol, endpoint, caller.arn)
        _set_at_creation(subscription, attributes)
        existing = topic.find_equal(protocol, endpoint)
        if existing is None:
            topic.check_subscription(protocol)
            topic.subscriptions[subscription.arn] = subscription
        else:
            _check_same(existing, subscription.attributes)
            subscription = existing
        if subscription.confirmed or params.get("ReturnSubscriptionArn"):
            return {"SubscriptionArn": subscription.arn}
        return {"SubscriptionArn": "pending confirmation"}

    def _confirm(self, params: Params, caller: Caller) -> Params:
        token = params["Token"]
        if not _TOKEN.fullmatch(token):
            raise InvalidTokenException
        topic = self._topics.find(params["TopicArn"])
        for subscription in topic.subscriptions.values() if topic else ():
            if subscription.token == token:
                subscription.confirmed = True
                return {"SubscriptionArn": subscription.arn}
        raise InvalidParameterException("Token")

    def _unsubscribe(self, params: Params, caller: Caller) -> None:
        arn = params["SubscriptionArn"]
        check_arn("SubscriptionArn", arn)
        if arn.count(":") == 5:  # a topic's ARN, say
            raise InvalidParameterException("SubscriptionId")
        subscription = self._topics.subscription(arn)
        if subscription is not None:
            topic = self._topics.get(subscription.topic_arn)
            del topic.subscriptions[arn]
            topic.subscriptions_deleted += 1

    def _list(self, params: Params, caller: Caller) -> Params:
        everyone = [s for topic in self._topics for s in topic.subscriptions.values()]
        return _listed(everyone, params.get("NextToken"))

    def _list_by_topic(self, params: Params, caller: Caller) -> Params:
        topic = self._topics.get(params["TopicArn"])
        return _listed(list(topic.subscriptions.values()), params.get("NextToken"))

    def _get_attributes(self, params: Params, caller: Caller) -> Params:
        subscription = self._topics.get_subscription(params["SubscriptionArn"])
        topic = self._topics.get(subscription.topic_arn)
        return {"Attributes": subscription.described(topic.attributes.get("DeliveryPolicy"))}

    def _set_attribute(self, params: Params, caller: Caller) -> None:
        subscription = self._topics.get_subscription(params["SubscriptionArn"])
        name = params["AttributeName"]
        if name not in KNOWN:
            raise InvalidParameterException("AttributeName")
        # What is no text at all is told as Java does: https://github.com/aws/aws-cdk/issues/24804.
        absent = "null" if name in ("FilterPolicyScope", "RawMessageDelivery") else ""
        try:
            subscription.set_attribute(name, params.get("AttributeValue", absent))
        except RefusedAttribute as refused:
            raise InvalidParameterException(str(refused)) from refused


def _listed(subscriptions: list[Subscription], token: str | None) -> Params:
    entries, next_token = page([s.listed() for s in subscriptions], token)
    return {"Subscriptions": entries, "NextToken": next_token}


def _new(topic: Topic, protocol: str, endpoint: str, principal_arn: str) -> Subscription:
    return Subscription(
        arn=f"{topic.arn}:{uuid.uuid4()}",
        topic_arn=topic.arn,
        protocol=protocol,
        endpoint=endpoint,
        owner=topic.owner,
        principal_arn=principal_arn,
        confirmed=protocol in CONFIRMED_PROTOCOLS,
    )


def _set_at_creation(subscription: Subscription, attributes: Mapping[str, str]) -> None:
    if not attributes.keys() <= KNOWN:
        raise InvalidParameterException("Attributes Reason: AttributeName")
    try:
        subscription.set_attributes(attributes)
    except RefusedAttribute as refused:
        raise InvalidParameterException(f"Attributes Reason: {refused}") from refused


def _check_same(existing: Subscription, attributes: Mapping[str, str]) -> None:
    """Subscribing again is no error, unless with an attribute that the subscription lacks."""
    described = existing.described(None)
    if any(described.get(name) != value for name, value in attributes.items()):
        raise InvalidParameterException(
            "Attributes Reason: Subscription already exists with different attributes"
        )


def _check_endpoint(topic: Topic, protocol: str, endpoint: str) -> None:
    if protocol == "firehose":
        raise InvalidParameterException(
            "Protocol: not part of the embedded AWS: there is no Firehose. Use a real account for "
            "it, or subscribe a queue."
        )
    if protocol not in _PROTOCOLS:
        raise InvalidParameterException(
            f"Amazon SNS does not support this protocol string: {protocol}"
        )
    if protocol == "sqs" and not _QUEUE_ARN.fullmatch(endpoint):
        raise InvalidParameterException("SQS endpoint ARN")
    if protocol == "lambda" and not _FUNCTION_ARN.fullmatch(endpoint):
        raise InvalidParameterException("Lambda endpoint ARN")
    if protocol == "application" and not _DEVICE_ARN.fullmatch(endpoint):
        raise InvalidParameterException("Application endpoint ARN")
    if protocol == "sms" and not PHONE_NUMBER.fullmatch(endpoint):
        raise AwsError(f"Invalid SMS endpoint: {endpoint}", code="InvalidParameterException")
    if protocol in ("email", "email-json") and not _EMAIL_ADDRESS.fullmatch(endpoint):
        raise InvalidParameterException("Email address")
    if protocol in ("http", "https") and not endpoint.startswith(f"{protocol}://"):
        raise InvalidParameterException("Endpoint must match the specified protocol")
    if protocol == "sqs" and endpoint.endswith(".fifo") and not topic.is_fifo:
        # AWS says "Invalid parameter" twice here.
        raise InvalidParameterException(
            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to "
            "standard SNS topics"
        )
    if topic.is_fifo and protocol != "sqs":
        # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns
        raise InvalidParameterException(f"Invalid protocol type: {protocol}")
