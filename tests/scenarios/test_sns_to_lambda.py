"""SNS in front of a function: what the subscription's DLQ sees, and what it never sees."""

import json

from .account import Account
from .outlets import destinations, record_in
from .test_asynchronous_invocation import assert_spaced_like_aws


def test_a_failing_function_is_lambdas_business_not_snss(account: Account) -> None:
    """D1-D3, C26, J39, J55c, J57, J58."""
    topic, subscription_dlq, function_dlq = account.topic(), account.queue(), account.queue()
    function = account.function(DeadLetterConfig={"TargetArn": function_dlq.arn})
    account.subscribe(topic, function, dlq=subscription_dlq)
    # When a message that makes the function fail is published
    account.client("sns").publish(TopicArn=topic, Message='{"raise": "bad"}')
    # Then Lambda retries, and the function's DLQ gets the whole SNS event
    account.time.until(lambda: function_dlq.holds(1))
    assert_spaced_like_aws(account, function)
    [record] = json.loads(function_dlq.receive()[0]["Body"])["Records"]
    assert record["EventSource"] == "aws:sns"
    assert record["Sns"]["Message"] == '{"raise": "bad"}'
    assert record["Sns"]["Subject"] is None
    assert "SigningCertUrl" in record["Sns"]
    # And SNS has delivered what it had to
    assert subscription_dlq.counts() == (0, 0, 0)


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
    """D5, J56."""
    topic, dlq, function = account.topic(), account.queue(), account.function()
    account.subscribe(topic, function, dlq=dlq)
    account.client("lambda").delete_function(FunctionName=function)
    account.client("sns").publish(TopicArn=topic, Message="lost?")
    account.time.until(lambda: dlq.holds(1))


def test_without_a_dlq_the_message_is_lost(account: Account) -> None:
    """D5, F11."""
    topic, function = account.topic(), account.function()
    account.subscribe(topic, function)
    account.client("lambda").remove_permission(FunctionName=function, StatementId="topic")
    account.client("sns").publish(TopicArn=topic, Message="lost")
    name = topic.rsplit(":", 1)[-1]
    account.time.until(
        lambda: sum(account.metric("AWS/SNS", "NumberOfNotificationsFailed", TopicName=name)) == 1
    )
