"""SNS in front of a function: what the subscription's DLQ sees, and what it never sees."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.outlets import destinations, record_in
from tests.scenarios.test_asynchronous_invocation import assert_spaced_like_aws


def name_of(topic_arn: str) -> str:
    return topic_arn.rpartition(":")[2]


def publish(account: Account, topic: str, message: str = "hello", **options: Any) -> None:
    account.client("sns").publish(TopicArn=topic, Message=message, **options)


def test_a_failing_function_is_lambdas_business_not_snss(account: Account) -> None:
    """C26, D1, D2, D3, F12, J39, J55c, J57, J58."""
    topic, subscription_dlq, function_dlq = account.topic(), account.queue(), account.queue()
    function = account.function(DeadLetterConfig={"TargetArn": function_dlq.arn})
    account.subscribe(topic, function, dlq=subscription_dlq)
    # When a message that makes the function fail is published
    account.client("sns").publish(TopicArn=topic, Message='{"raise": "bad"}')
    # Then Lambda retries, and the function's DLQ gets the whole SNS event
    account.time.until(lambda: function_dlq.holds(1))
    assert_spaced_like_aws(account, function)
    [record] = json.loads(function_dlq.receive()[0]["Body"])["Records"]
    assert list(record) == ["EventSource", "EventVersion", "EventSubscriptionArn", "Sns"]
    assert (record["EventSource"], record["EventVersion"]) == ("aws:sns", "1.0")
    assert list(record["Sns"]) == [
        "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion",
        "Signature", "SigningCertUrl", "UnsubscribeUrl", "MessageAttributes",
    ]  # fmt: skip
    assert record["Sns"]["Message"] == '{"raise": "bad"}'
    assert record["Sns"]["Subject"] is None
    # And SNS has delivered what it had to
    assert subscription_dlq.counts() == (0, 0, 0)
    account.await_sum("AWS/SNS", "NumberOfNotificationsDelivered", 1, TopicName=name_of(topic))
    failed = account.metric("AWS/SNS", "NumberOfNotificationsFailed", TopicName=name_of(topic))
    assert sum(failed) == 0


def test_the_record_on_success_holds_the_sns_event(account: Account) -> None:
    """C12, D1."""
    topic, function = account.topic(), account.function()
    success, _ = destinations(account, function)
    account.subscribe(topic, function)
    account.client("sns").publish(TopicArn=topic, Message='{"order": 1}')
    account.time.until(lambda: success.holds(1))
    assert record_in(success)["requestPayload"]["Records"][0]["EventSource"] == "aws:sns"


def test_a_permission_that_was_removed_sends_the_message_to_the_subscriptions_dlq(
    account: Account,
) -> None:
    """D5, D8, J59."""
    topic, dlq, function = account.topic(), account.queue(), account.function()
    account.subscribe(topic, function, dlq=dlq)
    account.client("lambda").remove_permission(FunctionName=function, StatementId="topic")
    account.time.propagate()
    before_s = account.time.now_s()
    account.client("sns").publish(TopicArn=topic, Message="lost?", MessageAttributes={
        "attr1": {"DataType": "Number", "StringValue": "1"},
    })  # fmt: skip
    account.time.until(lambda: dlq.holds(1))
    assert account.time.now_s() - before_s < 10
    [message] = dlq.receive()
    envelope = json.loads(message["Body"])
    assert list(envelope) == [
        "Type", "MessageId", "TopicArn", "Message", "Timestamp", "SignatureVersion", "Signature",
        "SigningCertURL", "UnsubscribeURL", "MessageAttributes",
    ]  # fmt: skip
    assert envelope["Message"] == "lost?"
    assert envelope["MessageAttributes"] == {"attr1": {"Type": "Number", "Value": "1"}}
    assert "MessageAttributes" not in message
    assert account.attempts(function) == []


def test_a_deleted_function_sends_the_message_to_the_subscriptions_dlq(account: Account) -> None:
    """D5, D7, F11, J56."""
    topic, dlq, function = account.topic(), account.queue(), account.function()
    account.subscribe(topic, function, dlq=dlq)
    account.client("lambda").delete_function(FunctionName=function)
    publish(account, topic)
    account.time.until(lambda: dlq.holds(1), within_s=10)
    [message] = dlq.receive()
    assert "SigningCertURL" in json.loads(message["Body"])
    assert "MessageAttributes" not in message
    for name in ("NumberOfNotificationsFailed", "NumberOfNotificationsRedrivenToDlq"):
        account.await_sum("AWS/SNS", name, 1, TopicName=name_of(topic))


def test_without_a_dlq_the_message_is_lost(account: Account) -> None:
    """D5, F11."""
    topic, function = account.topic(), account.function()
    account.subscribe(topic, function)
    account.client("lambda").remove_permission(FunctionName=function, StatementId="topic")
    account.time.propagate()
    account.time.propagate()
    publish(account, topic, "lost")
    account.await_sum("AWS/SNS", "NumberOfNotificationsFailed", 1, TopicName=name_of(topic))


def test_a_dlq_that_sns_may_not_write_loses_the_message(account: Account) -> None:
    """D7, F11."""
    topic, dlq, function = account.topic(), account.queue(), account.function()
    account.subscribe(topic, function, dlq=dlq)
    dlq.set_attributes(Policy="")
    account.client("lambda").delete_function(FunctionName=function)
    account.time.propagate()
    publish(account, topic, "lost")
    name = "NumberOfNotificationsFailedToRedriveToDlq"
    account.await_sum("AWS/SNS", name, 1, TopicName=name_of(topic))
    assert dlq.counts() == (0, 0, 0)


def test_a_throttled_function_is_no_failed_delivery(account: Account) -> None:
    """D3, D6, F12."""
    topic, dlq, function = account.topic(), account.queue(), account.function(Timeout=60)
    success, _ = destinations(account, function)
    account.subscribe(topic, function, dlq=dlq)
    account.client("lambda").put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=1
    )
    account.time.propagate()
    account.invoke_event(function, {"sleep_s": 30})
    publish(account, topic, '{"order": 1}')
    account.time.until(lambda: success.holds(2))
    assert dlq.counts() == (0, 0, 0)


def test_subscribing_checks_no_permission(account: Account) -> None:
    """D9, D10."""
    topic, function, sns = account.topic(), account.function(), account.client("sns")
    arn = account.function_arn(function)
    made = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    answer = sns.get_subscription_attributes(SubscriptionArn=made["SubscriptionArn"])
    expected = {
        "ConfirmationWasAuthenticated": "true", "Endpoint": arn, "PendingConfirmation": "false",
        "Protocol": "lambda", "RawMessageDelivery": "false", "TopicArn": topic,
        "SubscriptionArn": made["SubscriptionArn"],
    }  # fmt: skip
    assert {name: answer["Attributes"].get(name) for name in expected} == expected
    assert {"Owner", "SubscriptionPrincipal"} <= set(answer["Attributes"])
    # Delivery does
    publish(account, topic)
    account.await_sum("AWS/SNS", "NumberOfNotificationsFailed", 1, TopicName=name_of(topic))
    assert account.attempts(function) == []


def test_the_permission_to_invoke(account: Account) -> None:
    """D12."""
    topic, function, lambda_ = account.topic(), account.function(), account.client("lambda")
    account.subscribe(topic, function)
    name = {"FunctionName": function}
    policy = json.loads(lambda_.get_policy(**name)["Policy"])
    [statement] = policy["Statement"]
    assert statement == {
        "Sid": "topic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": account.function_arn(function),
        "Condition": {"ArnLike": {"AWS:SourceArn": topic}},
    }
    again = {
        "StatementId": "topic", "Action": "lambda:InvokeFunction",
        "Principal": "sns.amazonaws.com", "SourceArn": topic,
    }  # fmt: skip
    with pytest.raises(ClientError, match=r"The statement id \(topic\) provided already exists\."):
        lambda_.add_permission(**name, **again)
    lambda_.remove_permission(**name, StatementId="topic")
    with pytest.raises(ClientError) as refused:
        lambda_.remove_permission(**name, StatementId="topic")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_the_delivery_status_log(account: Account) -> None:
    """D11."""
    topic, function, sns = account.topic(), account.function(), account.client("sns")
    account.subscribe(topic, function)
    role = account.role(service="sns.amazonaws.com")
    for name, value in {
        "LambdaSuccessFeedbackRoleArn": role,
        "LambdaFailureFeedbackRoleArn": role,
        "LambdaSuccessFeedbackSampleRate": "100",
    }.items():
        sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
    publish(account, topic, '{"order": 1}')
    region, owner, name = topic.split(":")[3:]
    group = f"sns/{region}/{owner}/{name}"
    [entry] = account.time.until(lambda: account.group_messages(group))
    account.on_close(lambda: account.client("logs").delete_log_group(logGroupName=group))
    logged = json.loads(entry)
    assert logged["status"] == "SUCCESS"
    assert logged["notification"]["topicArn"] == topic
    assert logged["delivery"]["destination"] == account.function_arn(function)
    assert logged["delivery"]["statusCode"] == 202
    assert "lambdaRequestId" in json.loads(logged["delivery"]["providerResponse"])


def test_filtered_out_messages_are_counted(account: Account) -> None:
    """F11."""
    topic, function, sns = account.topic(), account.function(), account.client("sns")
    account.subscribe(topic, function)
    [subscription] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    sns.set_subscription_attributes(
        SubscriptionArn=subscription["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue=json.dumps({"kind": ["order"]}),
    )
    account.time.propagate()
    kind = {"kind": {"DataType": "String", "StringValue": "other"}}
    publish(account, topic, '{"order": 1}', MessageAttributes=kind)
    name = "NumberOfNotificationsFilteredOut"
    account.await_sum("AWS/SNS", name, 1, TopicName=name_of(topic))
    assert account.attempts(function) == []


def test_a_function_sees_every_attribute_as_text(account: Account) -> None:
    """D14."""
    topic, function = account.topic(), account.function("event")
    account.subscribe(topic, function)
    number = {"attr1": {"DataType": "Number", "StringValue": "1"}}
    publish(account, topic, MessageAttributes=number)
    account.time.until(lambda: account.attempts(function))
    account.time.until(lambda: account.attempts(function)[0].printed("event "))
    [record] = json.loads(account.attempts(function)[0].printed("event ")[0])["Records"]
    assert record["Sns"]["MessageAttributes"] == {"attr1": {"Type": "String", "Value": "1"}}


def test_a_message_that_is_too_large_is_refused(account: Account) -> None:
    """D13."""
    topic = account.topic()
    publish(account, topic, "x" * 262_144)
    with pytest.raises(ClientError) as refused:
        publish(account, topic, "x" * 262_145)
    assert refused.value.response["Error"]["Code"] == "InvalidParameter"
