"""Where two services meet: what one hands to another, and what becomes of it where that fails."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.queues import Queue, let_write


@dataclass
class Source:
    """Something that tells others.

    Attributes:
        service: the principal that their policies have to let in; for functions, `to_functions`.
        arn: what they know it by.
        tell: sets up what it tells; a target's ARN.
        happen: makes it tell.
    """

    service: str
    arn: str
    tell: Callable[[str], None]
    happen: Callable[[], None]
    to_functions: str = ""


def of_bucket(account: Account) -> Source:
    s3, name = account.client("s3"), outlets.bucket(account)
    kinds = {"sqs": "Queue", "sns": "Topic", "lambda": "LambdaFunction"}

    def tell(target: str) -> None:
        kind = kinds[target.split(":")[2]]
        one = {f"{kind}Arn": target, "Events": ["s3:ObjectCreated:*"]}
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={f"{kind}Configurations": [one]}
        )

    return Source(
        "s3.amazonaws.com",
        f"arn:aws:s3:::{name}",
        tell,
        lambda: s3.put_object(Bucket=name, Key="fail 1", Body=b"{}"),
    )


def of_rule(account: Account) -> Source:
    events, bus, name = account.client("events"), account.unique("bus"), account.unique("rule")
    events.create_event_bus(Name=bus)
    account.on_close(lambda: events.delete_event_bus(Name=bus))
    pattern = json.dumps({"source": ["shop"]})
    arn = events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)["RuleArn"]
    account.on_close(lambda: events.delete_rule(Name=name, EventBusName=bus))

    def tell(target: str, **settings: Any) -> None:
        if ":event-bus/" in target:
            settings["RoleArn"] = account.role(service="events.amazonaws.com")
        events.put_targets(
            Rule=name, EventBusName=bus, Targets=[{"Id": "1", "Arn": target, **settings}]
        )
        account.on_close(lambda: events.remove_targets(Rule=name, EventBusName=bus, Ids=["1"]))

    entry = {"Source": "shop", "DetailType": "order", "Detail": '{"fail": 1}', "EventBusName": bus}
    return Source("events.amazonaws.com", arn, tell, lambda: events.put_events(Entries=[entry]))


def of_alarm(account: Account) -> Source:
    cloudwatch, name = account.client("cloudwatch"), account.unique("alarm")
    watched = {"Namespace": "Shop", "MetricName": name}

    def tell(target: str, **settings: Any) -> None:
        asked = {
            "Statistic": "Sum",
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            **watched,
            "Period": 60,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [target],
            **settings,
        }
        given = {key: value for key, value in asked.items() if value is not None}
        cloudwatch.put_metric_alarm(AlarmName=name, **given)
        account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[name]))

    def happen() -> None:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="fail")

    arn = f"arn:aws:cloudwatch:{account.session.region_name}:{_account(account)}:alarm:{name}"
    return Source(
        "cloudwatch.amazonaws.com", arn, tell, happen, "lambda.alarms.cloudwatch.amazonaws.com"
    )


def _account(account: Account) -> str:
    return str(account.client("sts").get_caller_identity()["Account"])


SOURCES = {"bucket": of_bucket, "rule": of_rule, "alarm": of_alarm}


def permit(account: Account, function: str, source: Source) -> None:
    account.client("lambda").add_permission(
        FunctionName=function,
        StatementId="source",
        Action="lambda:InvokeFunction",
        Principal=source.to_functions or source.service,
        SourceArn=source.arn,
    )
    account.time.propagate()


def let_publish(account: Account, topic_arn: str, source: Source) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": source.service},
        "Action": "sns:Publish",
        "Resource": topic_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": source.arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    account.client("sns").set_topic_attributes(
        TopicArn=topic_arn, AttributeName="Policy", AttributeValue=policy
    )
    account.time.propagate()


def open_fifo_queue(account: Account, source: Source) -> str:
    """The ARN of a FIFO queue that lets a source in."""
    queue = account.queue(FifoQueue=True, ContentBasedDeduplication=True)
    let_write(queue, source.service, source.arn)
    return queue.arn


def bodies(queue: Queue) -> list[Any]:
    return [json.loads(message["Body"]) for message in queue.receive()]


@pytest.mark.parametrize("kind", SOURCES)
def test_a_function_that_fails_is_tried_three_times_and_dead_lettered(
    account: Account, kind: str
) -> None:
    """G1."""
    # Given a function that fails, with a DLQ of its own, and who tells it of something
    source, dlq, function = SOURCES[kind](account), account.queue(), account.function("event")
    account.client("lambda").update_function_configuration(
        FunctionName=function, DeadLetterConfig={"TargetArn": dlq.arn}
    )
    account.await_updated(function)
    permit(account, function, source)
    source.tell(account.function_arn(function))
    # When something happens
    source.happen()
    # Then Lambda's own retries and DLQ are theirs too
    account.time.until(lambda: dlq.holds(1))
    assert len(account.attempts(function)) == 3
    [event] = bodies(dlq)
    if kind == "bucket":
        [record] = event["Records"]
        assert (record["eventName"], record["s3"]["object"]["key"]) == (
            "ObjectCreated:Put",
            "fail+1",
        )
        me = account.client("sts").get_caller_identity()["UserId"]
        assert record["userIdentity"] == {"principalId": f"AWS:{me}"}
        owner = record["s3"]["bucket"]["ownerIdentity"]["principalId"]
        assert re.fullmatch("A[A-Z0-9]{13}", owner)
    if kind == "alarm":
        assert event["alarmArn"] == source.arn
        assert event["alarmData"]["state"]["value"] == "ALARM"
        assert event["alarmData"]["previousState"]["value"] in ("OK", "INSUFFICIENT_DATA")


@pytest.mark.parametrize("kind", ["bucket", "rule"])
def test_a_queue_gets_what_its_policy_lets_in(account: Account, kind: str) -> None:
    source, queue = SOURCES[kind](account), account.queue()
    let_write(queue, source.service, source.arn)
    source.tell(queue.arn)

    source.happen()

    account.time.until(lambda: any("fail" in str(b) or "fail+1" in str(b) for b in bodies(queue)))


@pytest.mark.parametrize("kind", SOURCES)
def test_a_topic_gets_what_its_policy_lets_in(account: Account, kind: str) -> None:
    source, (topic, queue) = SOURCES[kind](account), outlets.topic(account)
    let_publish(account, topic, source)
    source.tell(topic)

    source.happen()

    def told() -> bool:
        return any("fail" in b["Message"] for b in bodies(queue))

    account.time.until(told)


@pytest.mark.parametrize("kind", ["bucket", "alarm"])
def test_the_default_event_bus_is_told(account: Account, kind: str) -> None:
    """G4."""
    # Given a rule about what happens to it
    source, queue = SOURCES[kind](account), account.queue()
    events, name = account.client("events"), account.unique("rule")
    arn = events.put_rule(Name=name, EventPattern=json.dumps({"resources": [source.arn]}))
    account.on_close(lambda: events.delete_rule(Name=name))
    let_write(queue, "events.amazonaws.com", arn["RuleArn"])
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": queue.arn}])
    account.on_close(lambda: events.remove_targets(Rule=name, Ids=["1"]))
    # When it does
    if kind == "bucket":
        account.client("s3").put_bucket_notification_configuration(
            Bucket=source.arn.rpartition(":")[2],
            NotificationConfiguration={"EventBridgeConfiguration": {}},
        )
    else:
        source.tell(account.topic())
    source.happen()
    # Then the rule has it
    expected = {
        "bucket": ("aws.s3", "Object Created", "fail 1"),
        "alarm": ("aws.cloudwatch", "CloudWatch Alarm State Change", "ALARM"),
    }

    def told() -> bool:
        return any(
            (event["source"], event["detail-type"]) == expected[kind][:2]
            and expected[kind][2] in json.dumps(event["detail"])
            for event in bodies(queue)
        )

    account.time.until(told)


@pytest.mark.parametrize("target", ["function", "queue", "topic", "FIFO queue", "nothing"])
def test_a_bucket_is_not_told_of_a_target_that_does_not_let_it_in(
    account: Account, target: str
) -> None:
    """G2."""
    # Given a target without a policy for the bucket, or one that buckets cannot tell
    source = of_bucket(account)
    arn = {
        "function": lambda: account.function_arn(account.function("event")),
        "queue": lambda: account.queue().arn,
        "topic": account.topic,
        "FIFO queue": lambda: open_fifo_queue(account, source),
        "nothing": lambda: account.queue().arn + "-gone",
    }[target]()
    # When it is configured
    refused = (
        "FIFO SQS queues are not supported."
        if target == "FIFO queue"
        else "Unable to validate the following destination"
    )
    with pytest.raises(ClientError, match=refused) as error:
        source.tell(arn)
    # Then nothing of it is kept
    assert error.value.response["Error"]["Code"] == "InvalidArgument"
    found = account.client("s3").get_bucket_notification_configuration(
        Bucket=source.arn.rpartition(":")[2]
    )
    assert "Configurations" not in str(found)


def test_an_event_that_its_target_refuses_waits_in_the_target_s_dlq(account: Account) -> None:
    """G3."""
    # Given a function that does not let the rule in, and a DLQ that does
    source, dlq, function = of_rule(account), account.queue(), account.function("event")
    let_write(dlq, source.service, source.arn)
    arn = account.function_arn(function)
    tell: Any = source.tell
    tell(arn, DeadLetterConfig={"Arn": dlq.arn}, Input='{"only": "this"}')
    # When an event comes
    source.happen()
    # Then the DLQ has the event itself, with what went wrong, without a retry
    account.time.until(lambda: dlq.holds(1))
    [message] = dlq.receive()
    told = {name: one["StringValue"] for name, one in message["MessageAttributes"].items()}
    assert json.loads(message["Body"])["detail"] == {"fail": 1}
    assert told.pop("ERROR_MESSAGE")
    assert told == {
        "RULE_ARN": source.arn,
        "TARGET_ARN": arn,
        "ERROR_CODE": "NO_PERMISSIONS",
        "RETRY_ATTEMPTS": "0",
    }
    assert account.attempts(function) == []


@pytest.mark.parametrize("missing", ["function:gone", "gone", "event-bus/gone"])
def test_an_event_for_something_that_is_gone_waits_in_the_target_s_dlq(
    account: Account, missing: str
) -> None:
    """G3."""
    source, dlq = of_rule(account), account.queue()
    let_write(dlq, source.service, source.arn)
    service = {"f": "lambda", "g": "sqs", "e": "events"}[missing[0]]
    where = f"{account.session.region_name}:{_account(account)}"
    tell: Any = source.tell
    tell(f"arn:aws:{service}:{where}:{missing}", DeadLetterConfig={"Arn": dlq.arn})

    source.happen()

    account.time.until(lambda: dlq.holds(1))
    [message] = dlq.receive()
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_RESOURCE"


def test_a_stack_s_bucket_tells_its_queue(account: Account) -> None:
    # Given a stack with a bucket that tells a queue, which lets it in
    cloudformation, name = account.client("cloudformation"), account.unique("stack")
    bucket = account.unique("bucket")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    told = {"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["Queue", "Arn"]}}
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Policy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": policy},
        },
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "DependsOn": "Policy",
            "Properties": {
                "BucketName": bucket,
                "NotificationConfiguration": {"QueueConfigurations": [told]},
            },
        },
    }
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps(
            {"Resources": resources, "Outputs": {"Url": {"Value": {"Ref": "Queue"}}}}
        ),
    )
    account.on_close(lambda: cloudformation.delete_stack(StackName=name))

    def stack() -> Any:
        [found] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        assert "ROLLBACK" not in found["StackStatus"]
        return found if found["StackStatus"] == "CREATE_COMPLETE" else None

    [output] = account.time.until(stack)["Outputs"]
    # When an object is stored
    s3, sqs = account.client("s3"), account.client("sqs")
    s3.put_object(Bucket=bucket, Key="order", Body=b"{}")
    account.on_close(lambda: s3.delete_object(Bucket=bucket, Key="order"))
    # Then the queue has S3's test of it, and the object
    url, texts = output["OutputValue"], []

    def arrived() -> bool:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        texts.extend(message["Body"] for message in answer.get("Messages", []))
        return len(texts) == 2

    account.time.until(arrived)
    assert sum("s3:TestEvent" in text for text in texts) == 1
    assert sum("ObjectCreated:Put" in text for text in texts) == 1


def test_an_alarm_s_history_tells_of_its_actions(account: Account) -> None:
    """cw/API_AlarmHistoryItem: its type Action."""
    # Given an alarm with a topic that is there, and one that is not
    alarm, topic = of_alarm(account), account.topic()
    tell: Any = alarm.tell
    tell(topic, OKActions=[f"{topic}-gone"])
    name, cloudwatch = alarm.arn.rpartition(":")[2], account.client("cloudwatch")
    # When it goes off and comes back
    alarm.happen()
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="over")

    # Then its history has both actions, the failed one too
    def actions() -> dict[str, Any]:
        found = cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="Action")
        return {one["HistorySummary"]: one for one in found["AlarmHistoryItems"]}

    found = account.time.until(lambda: len(actions()) == 2 and actions())
    done = found.pop(f"Successfully executed action {topic}")
    assert json.loads(done["HistoryData"])["actionState"] == "Succeeded"
    [(summary, failed)] = found.items()
    assert summary.startswith(f"Failed to execute action {topic}-gone")
    assert json.loads(failed["HistoryData"])["actionState"] == "Failed"


WRONG_ALARMS: dict[str, tuple[dict[str, Any], str]] = {
    "no metric": ({"MetricName": None}, "MetricName must not be null"),
    "two statistics": ({"ExtendedStatistic": "p99"}, "Statistic should not be set"),
    "few samples": ({"EvaluateLowSampleCountPercentile": "soon"}, "Option soon"),
    "period": ({"Period": 45}, "Period must be 10"),
    "data points": ({"DatapointsToAlarm": 2}, "DatapointsToAlarm"),
    "missing data": ({"TreatMissingData": "soon"}, "TreatMissingData"),
    "more than a day": ({"EvaluationPeriods": 1_441}, "more than a day"),
}


@pytest.mark.parametrize("kind", WRONG_ALARMS)
def test_an_alarm_that_cannot_be_checked_is_refused(account: Account, kind: str) -> None:
    tell: Any = of_alarm(account).tell
    settings, message = WRONG_ALARMS[kind]

    with pytest.raises(ClientError, match=message) as error:
        tell(account.topic(), **settings)

    assert error.value.response["Error"]["Code"] == "ValidationError"


def test_aws_s_own_metrics_are_written_by_aws_alone(account: Account) -> None:
    with pytest.raises(ClientError, match="parameter Namespace is invalid") as error:
        account.client("cloudwatch").put_metric_data(
            Namespace="AWS/Lambda", MetricData=[{"MetricName": "Errors", "Value": 1}]
        )

    assert error.value.response["Error"]["Code"] == "InvalidParameterValue"
