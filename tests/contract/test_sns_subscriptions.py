"""SNS's subscriptions, against answers recorded from real AWS."""

from tests.contract.sns_replay import Replay
from tests.unit.sns.world import FUNCTION

UNKNOWN_TOKEN = "51b2ff3edb475b7d91550e0ab6edf0c1" * 9


def test_unsubscribe_of_what_does_not_exist() -> None:
    test = Replay("TestSNSSubscriptionCrud::test_unsubscribe_from_non_existing_subscription")
    topic = test.world.topic()
    subscription = test.world.subscribe(topic, FUNCTION)
    test.world.sns.call("Unsubscribe", SubscriptionArn=subscription)
    test.call("empty-unsubscribe", "Unsubscribe", SubscriptionArn=subscription)


def test_subscriptions_with_attributes() -> None:
    test = Replay("TestSNSSubscriptionCrud::test_create_subscriptions_with_attributes")
    topic, queue = test.world.topic(), test.world.queue("q")
    params = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue}
    wrong = {"RawMessageDelivery": "wrongvalue", "FilterPolicy": "{}"}
    test.call("subscribe-wrong-attr", "Subscribe", **params, Attributes=wrong)
    answer = test.call(
        "subscribe", "Subscribe", **params, Attributes={"RawMessageDelivery": "true"}
    )
    test.attributes("get-attrs", answer["SubscriptionArn"])
    test.call(
        "get-attrs-nonexistent-sub",
        "GetSubscriptionAttributes",
        SubscriptionArn=f"{topic}:11111111-2222-3333-4444-555555555555",
    )


def test_attributes_that_are_refused() -> None:
    test = Replay("TestSNSSubscriptionCrud::test_validate_set_sub_attributes")
    arn = test.world.subscribe(test.world.topic(), test.world.queue("q"))
    for step, name, value in (
        ("fake-attribute", "FakeAttribute", "test-value"),
        ("raw-message-wrong-value", "RawMessageDelivery", "test-ValUe"),
        ("raw-message-empty-value", "RawMessageDelivery", ""),
        (
            "fake-arn-redrive-policy",
            "RedrivePolicy",
            '{"deadLetterTargetArn": "fake-arn"}',
        ),
        ("invalid-json-redrive-policy", "RedrivePolicy", "{invalidjson}"),
        ("invalid-json-filter-policy", "FilterPolicy", "{invalidjson}"),
    ):
        test.call(
            step,
            "SetSubscriptionAttributes",
            SubscriptionArn=arn,
            AttributeName=name,
            AttributeValue=value,
        )


def test_confirmation_with_a_wrong_token() -> None:
    test = Replay("TestSNSSubscriptionCrud::test_sns_confirm_subscription_wrong_token")
    topic = test.world.topic()
    for step, arn, token in (
        ("topic-not-exists", f"{topic}x", UNKNOWN_TOKEN),
        ("invalid-token", topic, "randomtoken"),
        ("token-not-exists", topic, UNKNOWN_TOKEN),
    ):
        test.call(step, "ConfirmSubscription", TopicArn=arn, Token=token)


def test_second_page_of_subscriptions() -> None:
    test = Replay("TestSNSSubscriptionCrud::test_list_subscriptions_by_topic_pagination")
    topic = test.world.topic()
    for number in range(101):
        test.world.sns.call(
            "Subscribe", TopicArn=topic, Protocol="sms", Endpoint=f"+1{number:010d}"
        )
    first = test.world.sns.call("ListSubscriptionsByTopic", TopicArn=topic)
    test.call(
        "list-sub-per-topic-page-2",
        "ListSubscriptionsByTopic",
        TopicArn=topic,
        NextToken=first["NextToken"],
    )


def test_topics_that_cannot_be_subscribed_to() -> None:
    test = Replay("TestSNSSubscriptionCrud::test_subscribe_with_invalid_topic")
    for step, arn in (
        ("invalid-subscribe-arn-1", "randomstring"),
        ("invalid-subscribe-arn-2", "arn:aws:sns:us-east-1:111111111111"),
        ("non-existent-topic", "arn:aws:sns:us-east-1:111111111111:nope"),
    ):
        test.call(step, "Subscribe", TopicArn=arn, Protocol="email", Endpoint="a@example.com")


def test_queues_need_no_confirmation() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_sqs_topic_subscription_confirmation")
    arn = test.world.subscribe(test.world.topic(), test.world.queue("q"))
    test.attributes("subscription-attrs", arn, within=None)


def test_queue_by_its_url() -> None:
    test = Replay("TestSNSSubscriptionSQS::test_subscribe_to_sqs_with_queue_url")
    topic = test.world.topic()
    url = "http://127.0.0.1:1/111111111111/q"
    test.call("sub-queue-url", "Subscribe", TopicArn=topic, Protocol="sqs", Endpoint=url)
