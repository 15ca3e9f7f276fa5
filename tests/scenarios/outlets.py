"""Where records, events and alarms can be sent besides queues, each readable through a queue."""

import json
from typing import Any

from tests.scenarios import owner
from tests.scenarios.account import Account
from tests.scenarios.queues import Queue, let_write


def bucket(account: Account) -> str:
    """A bucket; its name."""
    s3, name = account.client("s3"), account.unique("bucket")
    region = account.session.region_name
    where = {} if region == "us-east-1" else {"LocationConstraint": region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": where} if where else {}))

    tag = {"Key": owner.TAG, "Value": account.run}
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [tag]})

    def remove() -> None:
        for found in s3.list_objects_v2(Bucket=name).get("Contents", []):
            s3.delete_object(Bucket=name, Key=found["Key"])
        s3.delete_bucket(Bucket=name)

    account.on_close(remove)
    return name


def empty_bus(account: Account) -> str:
    """An event bus without rules; its name."""
    events, name = account.client("events"), account.unique("bus")
    events.create_event_bus(Name=name)
    account.on_close(lambda: events.delete_event_bus(Name=name))
    return name


def event_bus(account: Account) -> tuple[str, Queue]:
    """An event bus, and a queue that a rule sends every event of Lambda's to."""
    events, name, queue = account.client("events"), empty_bus(account), account.queue()
    bus_arn: str = events.describe_event_bus(Name=name)["Arn"]
    pattern = json.dumps({"source": ["lambda"]})
    rule = events.put_rule(Name=name, EventBusName=name, EventPattern=pattern)
    account.on_close(lambda: events.delete_rule(Name=name, EventBusName=name))
    let_write(queue, "events.amazonaws.com", rule["RuleArn"])
    target = {"Id": "queue", "Arn": queue.arn}
    events.put_targets(Rule=name, EventBusName=name, Targets=[target])
    account.on_close(
        lambda: events.remove_targets(Rule=name, EventBusName=name, Ids=[target["Id"]])
    )
    return bus_arn, queue


def topic(account: Account, **attributes: str) -> tuple[str, Queue]:
    """A topic, and a queue subscribed to it."""
    arn, queue = account.topic(), account.queue()
    let_write(queue, "sns.amazonaws.com", arn)
    account.client("sns").subscribe(
        TopicArn=arn, Protocol="sqs", Endpoint=queue.arn, Attributes=attributes
    )
    return arn, queue


def alarm(account: Account, queue: Queue, topic_arn: str) -> str:
    """An alarm that notifies a topic while a queue holds visible messages; its name."""
    cloudwatch, name = account.client("cloudwatch"), account.unique("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": queue.name}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[topic_arn],
    )
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[name]))
    return name


def destinations(account: Account, function: str, **settings: Any) -> tuple[Queue, Queue]:
    """On-success and on-failure queues of a function."""
    success, failure = account.queue(), account.queue()
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=function,
        DestinationConfig={
            "OnSuccess": {"Destination": success.arn},
            "OnFailure": {"Destination": failure.arn},
        },
        **settings,
    )
    return success, failure


def record_in(queue: Queue) -> dict[str, Any]:
    """The one invocation record that a queue holds."""
    [message] = queue.receive()
    record: dict[str, Any] = json.loads(message["Body"])
    return record
