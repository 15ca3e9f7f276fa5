"""Queues, topics and subscriptions: what their stacks say, what is there, how it is set."""

import json
from typing import Any

from workshop.drift.comparable import Comparable, Settings, parsed, policy, redrive
from workshop.drift.template import Declared, Stack
from workshop.evidence import queues
from workshop.target.session import Session

# What SQS takes where nothing is given.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
_NUMBERS = {
    "VisibilityTimeout": 30,
    "MessageRetentionPeriod": 345_600,
    "DelaySeconds": 0,
    "ReceiveMessageWaitTimeSeconds": 0,
}
_DEFAULT_STATEMENT = "__default_statement_ID"


def _queue_said(queue: Declared, stack: Stack) -> Settings:
    said: dict[str, Any] = {
        name: int(queue.properties.get(name, default)) for name, default in _NUMBERS.items()
    }
    # Its default was raised once, so only what is written counts.
    if "MaximumMessageSize" in queue.properties:
        said["MaximumMessageSize"] = int(queue.properties["MaximumMessageSize"])
    said["RedrivePolicy"] = redrive(queue.properties.get("RedrivePolicy"))
    said["RedriveAllowPolicy"] = parsed(queue.properties.get("RedriveAllowPolicy"))
    policies = [
        one
        for one in stack.of_type("AWS::SQS::QueuePolicy")
        if queue.physical_id in one.properties.get("Queues", ())
    ]
    if not any(one.unknown for one in policies):
        said["Policy"] = policy(policies[0].properties["PolicyDocument"]) if policies else None
    return {name: value for name, value in said.items() if name not in queue.unknown}


def _queue_found(session: Session, queue: Declared) -> Settings:
    found = queues.attributes(session, queue.physical_id)
    numbers = {
        name: int(found[name]) for name in (*_NUMBERS, "MaximumMessageSize") if name in found
    }
    return numbers | {
        "RedrivePolicy": redrive(found.get("RedrivePolicy")),
        "RedriveAllowPolicy": parsed(found.get("RedriveAllowPolicy")),
        "Policy": policy(found.get("Policy")),
    }


def _restore_queue(
    session: Session, queue: Declared, names: frozenset[str], said: Settings
) -> None:
    texts = {name: _text(said[name]) for name in names}
    if texts.get("Policy"):
        texts["Policy"] = json.dumps({"Version": "2012-10-17", "Statement": said["Policy"]})
    # An empty text takes a policy away.
    session.client("sqs").set_queue_attributes(QueueUrl=queue.physical_id, Attributes=texts)


def _text(value: Any) -> str:
    return "" if value is None else str(value) if isinstance(value, int) else json.dumps(value)


def _topic_said(topic: Declared, stack: Stack) -> Settings:
    own = [
        one
        for one in stack.of_type("AWS::SNS::TopicPolicy")
        if one.unknown or topic.physical_id in one.properties.get("Topics", ())
    ]
    # A topic without a policy of its stack has the one that SNS gives, and only that.
    return {} if own else {"Policy": (_DEFAULT_STATEMENT,)}


def _topic_found(session: Session, topic: Declared) -> Settings:
    found = session.client("sns").get_topic_attributes(TopicArn=topic.physical_id)["Attributes"]
    statements = json.loads(found.get("Policy") or "{}").get("Statement", [])
    return {"Policy": tuple(sorted(str(one.get("Sid", "nameless")) for one in statements))}


def _restore_topic(
    session: Session, topic: Declared, _names: frozenset[str], _said: Settings
) -> None:
    account = topic.physical_id.split(":")[4]
    # The policy that SNS gives every new topic.
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic "
    actions += "Subscribe ListSubscriptionsByTopic Publish"
    statement = {
        "Sid": _DEFAULT_STATEMENT,
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions.split()],
        "Resource": topic.physical_id,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    whole = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    session.client("sns").set_topic_attributes(
        TopicArn=topic.physical_id, AttributeName="Policy", AttributeValue=json.dumps(whole)
    )


def _subscription_said(one: Declared, _stack: Stack) -> Settings:
    said = {
        "RedrivePolicy": redrive(one.properties.get("RedrivePolicy")),
        "FilterPolicy": parsed(one.properties.get("FilterPolicy")),
        "RawMessageDelivery": _is_true(one.properties.get("RawMessageDelivery", False)),
    }
    return {name: value for name, value in said.items() if name not in one.unknown}


def _subscription_found(session: Session, one: Declared) -> Settings:
    answer = session.client("sns").get_subscription_attributes(SubscriptionArn=one.physical_id)
    found = answer["Attributes"]
    return {
        "RedrivePolicy": redrive(found.get("RedrivePolicy")),
        "FilterPolicy": parsed(found.get("FilterPolicy")),
        "RawMessageDelivery": _is_true(found.get("RawMessageDelivery", "false")),
    }


def _restore_subscription(
    session: Session, one: Declared, names: frozenset[str], said: Settings
) -> None:
    for name in names:
        # Without a filter is with an empty one; a redrive policy goes with an empty text.
        nothing = "{}" if name == "FilterPolicy" else ""
        value = nothing if said[name] is None else json.dumps(said[name])
        session.client("sns").set_subscription_attributes(
            SubscriptionArn=one.physical_id, AttributeName=name, AttributeValue=value
        )


def _is_true(value: object) -> bool:
    return str(value).casefold() == "true"


QUEUE = Comparable("queue", _queue_said, _queue_found, _restore_queue, is_late=True)
TOPIC = Comparable("topic", _topic_said, _topic_found, _restore_topic)
SUBSCRIPTION = Comparable(
    "subscription",
    _subscription_said,
    _subscription_found,
    _restore_subscription,
    # SNS takes one at a time, and a DLQ or a filter can be refused for what is in it.
    apart=("RedrivePolicy", "FilterPolicy"),
)
