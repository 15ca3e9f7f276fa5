"""Delivery policies of HTTP subscriptions, which AWS completes, and what holds of them."""

import json
from typing import Any

import pytest

from tests.unit.sns.world import SnsWorld

RETRY = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
DEFAULT = {
    "healthyRetryPolicy": RETRY,
    "sicklyRetryPolicy": None,
    "throttlePolicy": None,
    "requestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
    "guaranteed": False,
}
FASTER = {"minDelayTarget": 5, "maxDelayTarget": 20, "numRetries": 5}


class Http:
    """A topic with one subscription, of an address."""

    def __init__(self, attributes: dict[str, str] | None = None, protocol: str = "http") -> None:
        self.world = SnsWorld()
        self.topic = self.world.topic()
        self.params = {
            "TopicArn": self.topic,
            "Protocol": protocol,
            "Endpoint": f"{protocol}://example.com/hook",
            "ReturnSubscriptionArn": True,
        }
        self.arn = self.subscribed(attributes or {})["SubscriptionArn"]

    def subscribed(self, attributes: dict[str, str]) -> dict[str, Any]:
        return self.world.sns.call("Subscribe", **self.params, Attributes=attributes)

    def configure(self, policy: Any) -> dict[str, Any]:
        return self.world.sns.call(
            "SetSubscriptionAttributes",
            SubscriptionArn=self.arn,
            AttributeName="DeliveryPolicy",
            AttributeValue=policy if isinstance(policy, str) else json.dumps(policy),
        )

    def configure_topic(self, **http: Any) -> None:
        self.world.sns.call(
            "SetTopicAttributes",
            TopicArn=self.topic,
            AttributeName="DeliveryPolicy",
            AttributeValue=json.dumps({"http": http}),
        )

    def shown(self) -> tuple[Any, Any]:
        """Its own policy and the effective one."""
        answer = self.world.sns.call("GetSubscriptionAttributes", SubscriptionArn=self.arn)
        own = answer["Attributes"].get("DeliveryPolicy")
        return own and json.loads(own), json.loads(answer["Attributes"]["EffectiveDeliveryPolicy"])


@pytest.mark.parametrize("protocol", ["http", "https"])
def test_what_holds_without_a_policy(protocol: str) -> None:
    assert Http(protocol=protocol).shown() == (None, DEFAULT)


def test_other_protocols_have_none() -> None:
    world = SnsWorld()
    arn = world.subscribe(world.topic(), world.queue("q"))
    answer = world.sns.call("GetSubscriptionAttributes", SubscriptionArn=arn)
    assert "EffectiveDeliveryPolicy" not in answer["Attributes"]


def test_a_policy_is_shown_with_null_for_what_was_not_given() -> None:
    http = Http()
    http.configure({"throttlePolicy": {"maxReceivesPerSecond": 1}, "healthyRetryPolicy": FASTER})

    own, effective = http.shown()

    unset = dict.fromkeys(
        ("numMaxDelayRetries", "numNoDelayRetries", "numMinDelayRetries", "backoffFunction")
    )
    assert list(own.items()) == [
        ("healthyRetryPolicy", FASTER | unset),
        ("sicklyRetryPolicy", None),
        ("throttlePolicy", {"maxReceivesPerSecond": 1}),
        ("requestPolicy", None),
        ("guaranteed", False),
    ]
    assert effective == DEFAULT | {
        "healthyRetryPolicy": RETRY | FASTER,
        "throttlePolicy": {"maxReceivesPerSecond": 1},
    }


def test_a_topic_s_policy_holds_for_what_a_subscription_leaves_open() -> None:
    http = Http()
    throttled, typed = {"maxReceivesPerSecond": 5}, {"headerContentType": "application/json"}
    http.configure_topic(defaultThrottlePolicy=throttled, defaultRequestPolicy=typed)
    from_topic = DEFAULT | {"throttlePolicy": throttled, "requestPolicy": typed}
    assert http.shown() == (None, from_topic)

    plain = {"headerContentType": "text/plain"}
    http.configure({"requestPolicy": plain})
    assert http.shown()[1] == from_topic | {"requestPolicy": plain}

    http.configure_topic(defaultThrottlePolicy=throttled, disableSubscriptionOverrides=True)
    assert http.shown()[1] == DEFAULT | {"throttlePolicy": throttled}

    http.configure("")
    assert http.shown()[0] is None


def test_subscribing_again_with_the_same_policy_is_no_other_attribute() -> None:
    given = {"DeliveryPolicy": json.dumps({"healthyRetryPolicy": FASTER})}
    http = Http(given)
    assert http.subscribed(given)["SubscriptionArn"] == http.arn
    assert "Error" in http.subscribed({"DeliveryPolicy": "{}"})


@pytest.mark.parametrize("policy", ["[]", "null", "1", '{"healthyRetryPolicy": 1}', "{nope"])
def test_what_is_no_policy(policy: str) -> None:
    assert Http().configure(policy)["Error"]["Code"] == "InvalidParameter"
