"""The text that a service hands to another, letter by letter, and what is told of it afterwards."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.queues import Queue, let_write
from tests.scenarios.templated_stack import TemplatedStack
from tests.scenarios.test_services_meet import let_publish, of_alarm, of_bucket

FIELDS = ["version", "id", "detail-type", "source", "account", "time", "region"]
FIELDS += ["resources", "detail"]


def compact(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def first_body(account: Account, queue: Queue, holds: str) -> str:
    """The first message in a queue that holds a text."""

    def found() -> str:
        bodies = [str(message["Body"]) for message in queue.receive()]
        return next((body for body in bodies if holds in body), "")

    return str(account.time.until(found))


def rule_to(account: Account, queue: Queue, pattern: Any) -> str:
    """A rule of the default bus that hands events to a queue; its name."""
    events, name = account.client("events"), account.unique("rule")
    arn = events.put_rule(Name=name, EventPattern=json.dumps(pattern))["RuleArn"]
    account.on_close(lambda: events.delete_rule(Name=name))
    let_write(queue, "events.amazonaws.com", arn)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": queue.arn}])
    account.on_close(lambda: events.remove_targets(Rule=name, Ids=["1"]))
    return name


def test_an_event_has_aws_s_order_and_letters(account: Account) -> None:
    queue, source = account.queue(), account.unique("shop")
    rule_to(account, queue, {"source": [source]})
    detail = {"what": "Gemüse", "how many": [1, 2]}
    entry = {"Source": source, "DetailType": "order", "Detail": json.dumps(detail)}
    account.client("events").put_events(Entries=[entry])

    body = first_body(account, queue, source)

    assert list(json.loads(body)) == FIELDS
    assert body == compact(json.loads(body))
    assert body.endswith(f'"detail":{compact(detail)}}}')


def test_a_bucket_s_records_and_events_have_them_too(account: Account) -> None:
    source, told, bused = of_bucket(account), account.queue(), account.queue()
    let_write(told, source.service, source.arn)
    rule_to(account, bused, {"resources": [source.arn]})
    account.client("s3").put_bucket_notification_configuration(
        Bucket=source.arn.rpartition(":")[2],
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": told.arn, "Events": ["s3:ObjectCreated:*"]}],
            "EventBridgeConfiguration": {},
        },
    )
    source.happen()
    record = first_body(account, told, "Records")
    assert record == compact(json.loads(record))
    event = first_body(account, bused, "Object Created")
    assert event == compact(json.loads(event))
    assert len(json.loads(event)["time"]) == len("2026-01-01T00:00:00Z")


def test_an_alarm_s_notice_has_them_too(account: Account) -> None:
    source, (topic, queue) = of_alarm(account), outlets.topic(account)
    let_publish(account, topic, source)
    source.tell(topic, AlarmDescription="zu spät")
    source.happen()
    message = json.loads(first_body(account, queue, "AlarmName"))["Message"]
    assert message == compact(json.loads(message))
    assert "zu spät" in message


def test_an_alarm_s_history_begins_with_its_creation(account: Account) -> None:
    source, topic = of_alarm(account), account.topic()
    source.tell(topic)
    cloudwatch, name = account.client("cloudwatch"), source.arn.rpartition(":")[2]

    def items() -> list[dict[str, Any]]:
        answer = cloudwatch.describe_alarm_history(AlarmName=name, ScanBy="TimestampAscending")
        return list(answer["AlarmHistoryItems"])

    first = account.time.until(items)[0]
    assert first["HistoryItemType"] == "ConfigurationUpdate"
    assert first["HistorySummary"] == f'Alarm "{name}" created'
    data = json.loads(first["HistoryData"])
    assert (data["type"], data["createdAlarm"]["alarmName"]) == ("Create", name)
    assert data["createdAlarm"]["alarmActions"] == [topic]
    assert first["HistoryData"] == compact(data)
    same = [one for one in items() if "INSUFFICIENT_DATA to INSUFFICIENT" in one["HistorySummary"]]
    assert not same


def test_a_rule_of_a_stack_is_named_with_its_bus(account: Account) -> None:
    stack = TemplatedStack(account)
    pattern = {"source": ["Gemüse", "Obst"]}

    def resources(state: str) -> dict[str, Any]:
        on_bus = {"EventBusName": {"Ref": "Bus"}, "State": state, "EventPattern": pattern}
        return {
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": stack.name}},
            "OnIt": {"Type": "AWS::Events::Rule", "Properties": on_bus},
            "OnDefault": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": pattern}},
        }

    stack.send("create", resources("ENABLED"))
    before = stack.physical_id("OnIt")
    bus, _, name = before.partition("|")
    assert bus == stack.name
    assert "|" not in stack.physical_id("OnDefault")
    # When it is updated, then it is the same one
    assert stack.send("update", resources("DISABLED")) == "UPDATE_COMPLETE"
    assert stack.physical_id("OnIt") == before
    told = account.client("events").describe_rule(Name=name, EventBusName=bus)
    assert told["State"] == "DISABLED"
    assert told["EventPattern"] == compact(pattern)
    # When it leaves the template, then it is gone
    kept = {name: it for name, it in resources("DISABLED").items() if name != "OnIt"}
    assert stack.send("update", kept) == "UPDATE_COMPLETE"
    assert account.client("events").list_rules(EventBusName=bus)["Rules"] == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda events: events.describe_rule(Name="nope"),
        lambda events: events.enable_rule(Name="nope"),
        lambda events: events.disable_rule(Name="nope"),
        lambda events: events.list_targets_by_rule(Rule="nope"),
        lambda events: events.remove_targets(Rule="nope", Ids=["1"]),
        lambda events: events.put_targets(
            Rule="nope", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:123456789012:orders"}]
        ),
    ],
)
def test_a_rule_that_is_not_there_is_told_with_its_bus(account: Account, ask: Any) -> None:
    with pytest.raises(ClientError) as caught:
        ask(account.client("events"))
    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "Rule nope does not exist on EventBus default.",
    }


def test_an_alarm_on_a_percentile_has_no_other_statistic(account: Account) -> None:
    source = of_alarm(account)
    source.tell(account.topic(), Statistic=None, ExtendedStatistic="p9")
    name = source.arn.rpartition(":")[2]
    [told] = account.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert told["ExtendedStatistic"] == "p9"
    assert "Statistic" not in told
    stack = TemplatedStack(account)
    its = {name: told[name] for name in ("ExtendedStatistic", "Namespace", "MetricName", "Period")}
    its |= {name: told[name] for name in ("EvaluationPeriods", "Threshold", "ComparisonOperator")}
    stack.send("create", {"It": {"Type": "AWS::CloudWatch::Alarm", "Properties": its}})
    names = [stack.physical_id("It")]
    [made] = account.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert "Statistic" not in made


def test_a_query_s_id_begins_in_lower_case(account: Account) -> None:
    metric = {"Namespace": "Shop", "MetricName": "Orders"}
    query = {"Id": "Orders", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    with pytest.raises(ClientError, match="Id is not matching the expected pattern"):
        account.client("cloudwatch").get_metric_data(
            MetricDataQueries=[query],
            StartTime="2026-01-01T00:00:00Z",
            EndTime="2026-01-02T00:00:00Z",
        )


def test_a_function_s_code_is_in_one_place(account: Account) -> None:
    stack = TemplatedStack(account)
    code = {"ZipFile": "x", "S3Bucket": "bucket", "S3Key": "key"}
    its = {"Handler": "index.handler", "Runtime": "python3.13", "Role": account.role()}
    resources = {"It": {"Type": "AWS::Lambda::Function", "Properties": its | {"Code": code}}}
    assert stack.send("create", resources) == "ROLLBACK_COMPLETE"
    assert "Please do not provide other FunctionCode parameters" in stack.reasons()
