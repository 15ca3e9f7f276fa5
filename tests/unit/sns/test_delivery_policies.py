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


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"minDelayTarget": None}, "minDelayTarget must be specified"),
        ({"numRetries": None}, "numRetries must be specified"),
        ({"minDelayTarget": 0}, "minDelayTarget must be greater than or equal to 1"),
        ({"maxDelayTarget": 3601}, "maxDelayTarget must be less than or equal to 3600"),
        ({"numRetries": 101}, "numRetries must be less than or equal to 100"),
        ({"numNoDelayRetries": "1"}, "numNoDelayRetries must be greater than or equal to 0"),
        ({"minDelayTarget": 21}, "maxDelayTarget must be greater than or equal to minDelayTarget"),
        (
            {"numRetries": 2, "numNoDelayRetries": 1, "numMinDelayRetries": 1},
            None,
        ),
        (
            {"numRetries": 1, "numNoDelayRetries": 1, "numMinDelayRetries": 1},
            "numRetries must be greater than or equal to total of numMinDelayRetries, "
            "numNoDelayRetries and numMaxDelayRetries",
        ),
        ({"backoffFunction": "square"}, "backoffFunction must be one of arithmetic, "),
        ({"backoffFunction": None, "numMaxDelayRetries": None}, None),
    ],
)
def test_what_a_retry_policy_may_say(change: dict[str, Any], complaint: str | None) -> None:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html, in words of
    https://github.com/awsdocs/amazon-sns-developer-guide/pull/5 and
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns."""
    http = Http()
    retry = FASTER | change
    of_subscription = http.configure({"healthyRetryPolicy": retry})
    of_topic = http.world.sns.call(
        "SetTopicAttributes",
        TopicArn=http.topic,
        AttributeName="DeliveryPolicy",
        AttributeValue=json.dumps({"http": {"defaultHealthyRetryPolicy": retry}}),
    )
    for answer, start in (
        (of_subscription, "DeliveryPolicy: healthyRetryPolicy."),
        (of_topic, "DeliveryPolicy: http.defaultHealthyRetryPolicy."),
    ):
        message = answer.get("Error", {}).get("Message", "")
        assert message.startswith(f"Invalid parameter: {start}{complaint}" if complaint else "")
        assert bool(message) is (complaint is not None)
