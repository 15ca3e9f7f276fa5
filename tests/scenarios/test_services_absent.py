"""What one service cannot hand to another here is refused when it is set up, and never ignored."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.test_services_meet import of_alarm, of_rule

pytestmark = pytest.mark.embedded("AWS has these services")

ELSEWHERE = "arn:aws:{}:us-east-1:123456789012:{}"


def _schedule(account: Account) -> None:
    account.client("events").put_rule(Name="hourly", ScheduleExpression="rate(1 hour)")


def _target(service: str, resource: str) -> Callable[[Account], None]:
    return lambda account: of_rule(account).tell(ELSEWHERE.format(service, resource))


def _action(arn: str) -> Callable[[Account], None]:
    return lambda account: of_alarm(account).tell(arn)


def _band(account: Account) -> None:
    metric = {"Namespace": "Shop", "MetricName": "Errors"}
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
    account.client("cloudwatch").put_metric_alarm(
        AlarmName="band",
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=[
            {"Id": "errors", "MetricStat": stat, "ReturnData": False},
            {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(errors)"},
        ],
    )


def _trimmed(account: Account) -> None:
    account.client("cloudwatch").put_metric_alarm(
        AlarmName="trimmed",
        Namespace="Shop",
        MetricName="Errors",
        ExtendedStatistic="tm90",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )


TABLE: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}


def _stream(account: Account) -> None:
    account.client("dynamodb").create_table(
        TableName=account.unique("table"), **TABLE, StreamSpecification=STREAM
    )


def _to_kinesis(account: Account) -> None:
    account.client("dynamodb").enable_kinesis_streaming_destination(
        TableName="orders", StreamArn=ELSEWHERE.format("kinesis", "stream/orders")
    )


def _mapping(service: str, resource: str) -> Callable[[Account], None]:
    return lambda account: account.client("lambda").create_event_source_mapping(
        FunctionName=account.function("event"),
        EventSourceArn=ELSEWHERE.format(service, resource),
        StartingPosition="LATEST",
    )


def _subscription(account: Account) -> None:
    account.client("sns").subscribe(
        TopicArn=account.topic(),
        Protocol="firehose",
        Endpoint=ELSEWHERE.format("firehose", "deliverystream/orders"),
        Attributes={"SubscriptionRoleArn": "arn:aws:iam::123456789012:role/any"},
    )


def _log_filter(account: Account) -> None:
    logs, name = account.client("logs"), account.unique("group")
    logs.create_log_group(logGroupName=name)
    account.on_close(lambda: logs.delete_log_group(logGroupName=name))
    logs.put_subscription_filter(
        logGroupName=name,
        filterName="all",
        filterPattern="",
        destinationArn=ELSEWHERE.format("kinesis", "stream/orders"),
        roleArn="arn:aws:iam::123456789012:role/any",
    )


def _destination(account: Account) -> None:
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=account.function("event"),
        DestinationConfig={
            "OnFailure": {"Destination": ELSEWHERE.format("states", "stateMachine:orders")}
        },
    )


def _stack_events(account: Account) -> None:
    account.client("cloudformation").create_stack(
        StackName=account.unique("stack"),
        TemplateBody=json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}),
        NotificationARNs=[account.topic()],
    )


REFUSED: dict[str, Callable[[Account], None]] = {
    "schedule": _schedule,
    "rule to state machine": _target("states", "stateMachine:orders"),
    "rule to stream": _target("kinesis", "stream/orders"),
    "rule to log group": _target("logs", "log-group:/aws/events/orders"),
    "rule to API destination": _target("events", "api-destination/shop/1"),
    "alarm to instance": _action("arn:aws:automate:us-east-1:ec2:stop"),
    "alarm to OpsItem": _action("arn:aws:ssm:us-east-1:123456789012:opsitem:1"),
    "alarm on a band": _band,
    "alarm on trimmed mean": _trimmed,
    "table's stream": _stream,
    "table to Kinesis": _to_kinesis,
    "mapping of a table's stream": _mapping("dynamodb", "table/orders/stream/1"),
    "mapping of Kinesis": _mapping("kinesis", "stream/orders"),
    "topic to Firehose": _subscription,
    "log group to Kinesis": _log_filter,
    "destination of a function": _destination,
    "stack's events to a topic": _stack_events,
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_pair_that_is_not_here_is_refused_when_it_is_set_up(account: Account, kind: str) -> None:
    with pytest.raises(ClientError) as error:
        REFUSED[kind](account)

    message = error.value.response["Error"]["Message"]
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 404), message
    assert len(message) > 20, message


ABSENT: dict[str, tuple[str, dict[str, Any]]] = {
    "schedule": ("AWS::Events::Rule", {"ScheduleExpression": "rate(1 hour)"}),
    "target": (
        "AWS::Events::Rule",
        {
            "EventPattern": {"source": ["shop"]},
            "Targets": [{"Id": "1", "Arn": ELSEWHERE.format("states", "stateMachine:orders")}],
        },
    ),
    "action": (
        "AWS::CloudWatch::Alarm",
        {
            "Namespace": "Shop",
            "MetricName": "Errors",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "AlarmActions": ["arn:aws:automate:us-east-1:ec2:stop"],
        },
    ),
    "stream": (
        "AWS::DynamoDB::Table",
        {**TABLE, "StreamSpecification": {"StreamViewType": "KEYS_ONLY"}},
    ),
}


@pytest.mark.parametrize("kind", ABSENT)
def test_a_stack_with_such_a_pair_is_refused_before_anything_is_made(
    account: Account, kind: str
) -> None:
    # Given a template
    cloudformation, name = account.client("cloudformation"), account.unique("stack")
    type_, properties = ABSENT[kind]
    resources = {
        "One": {"Type": type_, "Properties": properties},
        "Two": {"Type": "AWS::SQS::Queue"},
    }
    # When a stack is to be made of it
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps({"Resources": resources}),
        OnFailure="DO_NOTHING",
    )
    account.on_close(lambda: cloudformation.delete_stack(StackName=name))
    account.time.until(
        lambda: (
            "FAILED" in cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        )
    )
    # Then its events say why, and no resource was begun
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    assert {event["LogicalResourceId"] for event in events} == {name}
    told = cloudformation.describe_events(StackName=name)["OperationEvents"]
    assert any("not part of the embedded AWS" in str(event) for event in told)


ABSENT_SERVICES = {
    # A form in, XML out; and EC2's own way of that
    "rds": "describe_db_instances",
    "ec2": "describe_instances",
    # XML without a form
    "route53": "list_hosted_zones",
    "cloudfront": "list_distributions",
    # JSON, of both kinds
    "kinesis": "list_streams",
    "scheduler": "list_schedules",
    # Signed as another one, which is here
    "dynamodbstreams": "list_streams",
}


@pytest.mark.parametrize("service", ABSENT_SERVICES)
def test_a_service_that_is_not_here_says_so_in_its_own_protocol(
    account: Account, service: str
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(account.client(service), ABSENT_SERVICES[service])()

    told = error.value.response["Error"]
    assert told["Code"] == "NotImplemented"
    assert told["Message"] == (
        f"{service} is not part of the embedded AWS. Use a real account for it."
    )


BY_A_SERVICE: dict[str, tuple[str, dict[str, Any], str]] = {
    "pattern": (
        "AWS::Events::Rule",
        {"EventPattern": {"source": "shop"}},
        'Resource handler returned message: "Event pattern is not valid. Reason: ',
    ),
    "alarm": (
        "AWS::CloudWatch::Alarm",
        {**ABSENT["action"][1], "AlarmActions": [], "Period": 45},
        'Resource handler returned message: "Period must be 10, 20, 30 or a multiple of 60" '
        "(RequestToken: ",
    ),
    "bucket": (
        "AWS::S3::Bucket",
        {
            "NotificationConfiguration": {
                "QueueConfigurations": [
                    {"Event": "s3:Foo", "Queue": ELSEWHERE.format("sqs", "orders")}
                ]
            }
        },
        'Resource handler returned message: "The event is not supported for notifications" '
        "(RequestToken: ",
    ),
}


@pytest.mark.parametrize("kind", BY_A_SERVICE)
def test_a_stack_is_told_what_the_service_of_a_resource_refuses(
    account: Account, kind: str
) -> None:
    # Given a template of a resource that its service would not make
    cloudformation, name = account.client("cloudformation"), account.unique("stack")
    type_, properties, reason = BY_A_SERVICE[kind]
    # When a stack is to be made of it
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps({"Resources": {"One": {"Type": type_, "Properties": properties}}}),
        OnFailure="DO_NOTHING",
    )
    account.on_close(lambda: cloudformation.delete_stack(StackName=name))

    def failed() -> list[str]:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return [
            event["ResourceStatusReason"]
            for event in events
            if event["ResourceStatus"] == "CREATE_FAILED" and event["LogicalResourceId"] == "One"
        ]

    # Then the resource's event says what the service would
    [told] = account.time.until(failed)
    assert told.startswith(reason)
    assert told.endswith(", HandlerErrorCode: InvalidRequest)")
