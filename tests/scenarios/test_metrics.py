"""CloudWatch metrics: what failures show there, and what they do not; alarms on them."""

import json

import pytest

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.outlets import destinations
from tests.scenarios.pattern import sqs_pattern

SQS = "AWS/SQS"
LAMBDA = "AWS/Lambda"


def test_one_failed_invocation(account: Account) -> None:
    """F1, F2, F3, J72."""
    function = account.function()
    account.invoke(function, {"raise": "bad"})
    for dimensions in (
        {"FunctionName": function},
        {"FunctionName": function, "Resource": function},
    ):
        account.await_sum(LAMBDA, "Invocations", 1.0, **dimensions)
        account.await_sum(LAMBDA, "Errors", 1.0, **dimensions)
    assert account.metric(LAMBDA, "Throttles", FunctionName=function) == [0.0]
    assert account.metric(LAMBDA, "Duration", "Maximum", FunctionName=function)
    assert account.metric(LAMBDA, "ConcurrentExecutions", "Maximum", FunctionName=function) == [1]


@pytest.mark.punctual("points of other scenarios' invocations come in between, minutes late")
def test_a_metric_without_dimensions_is_the_account_s(account: Account) -> None:
    """F1."""
    cloudwatch, before = account.client("cloudwatch"), account.metric(LAMBDA, "Invocations")
    function = account.function()
    account.invoke(function, {"order": 1})
    account.await_sum(LAMBDA, "Invocations", 1.0, FunctionName=function)
    # It counts the invocation once, not for every dimension set again.
    assert sum(account.metric(LAMBDA, "Invocations")) == sum(before) + 1
    # GetMetricData calls a metric by its name, where the query does not say otherwise.
    metric = {"Namespace": LAMBDA, "MetricName": "Invocations"}
    now_s = account.time.now_s()
    [found] = cloudwatch.get_metric_data(
        MetricDataQueries=[
            {"Id": "all", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
        ],
        StartTime=now_s - 3600,
        EndTime=now_s + 3600,
    )["MetricDataResults"]
    assert (found["Id"], found["Label"]) == ("all", "Invocations")


def test_a_successful_invocation_counts_no_error(account: Account) -> None:
    """F2."""
    function = account.function()
    account.invoke(function, {"order": 1})
    account.await_sum(LAMBDA, "Invocations", 1.0, FunctionName=function)
    assert account.metric(LAMBDA, "Errors", FunctionName=function) == [0.0]
    assert account.metric(LAMBDA, "Throttles", FunctionName=function) == [0.0]


def test_an_asynchronous_event_counts_once_its_attempts_each(account: Account) -> None:
    """C31, F1, F4."""
    function = account.function()
    _, failure = destinations(account, function)
    account.invoke_event(function, {"raise": "bad"})
    account.time.until(lambda: failure.holds(1))
    for name, expected in {
        "Invocations": 3, "Errors": 3, "AsyncEventsReceived": 1, "AsyncEventsDropped": 1,
    }.items():  # fmt: skip
        account.await_sum(LAMBDA, name, expected, FunctionName=function)
    ages_ms = account.metric(LAMBDA, "AsyncEventAge", "Maximum", FunctionName=function)
    assert len(ages_ms) == 3
    for age_ms, (least, most) in zip(
        ages_ms, [(0, 1_000), (55_000, 70_000), (155_000, 200_000)], strict=True
    ):
        assert least <= age_ms <= most


def test_a_discarded_event_of_a_function_without_concurrency(account: Account) -> None:
    """C31, F2."""
    function = account.function()
    _, failure = destinations(account, function)
    account.client("lambda").put_function_concurrency(
        FunctionName=function, ReservedConcurrentExecutions=0
    )
    account.time.propagate()
    account.invoke_event(function, {"order": 1})
    account.time.until(lambda: failure.holds(1))
    account.await_sum(LAMBDA, "AsyncEventsDropped", 1, FunctionName=function)
    for name in ("Invocations", "Errors", "Throttles"):
        assert account.metric(LAMBDA, name, FunctionName=function) == []


def test_a_redrive_is_not_a_sent_message(account: Account) -> None:
    """F7, F8, J37."""
    pattern = sqs_pattern(account, receives=1)
    pattern.source.send('{"raise": "bad"}')
    dlq, source = {"QueueName": pattern.dlq.name}, {"QueueName": pattern.source.name}
    visible = "ApproximateNumberOfMessagesVisible"
    account.until_metrics(lambda: 1.0 in account.metric(SQS, visible, "Maximum", **dlq))
    assert sum(account.metric(SQS, "NumberOfMessagesSent", **dlq)) == 0
    account.await_sum(SQS, "NumberOfMessagesSent", 1, **source)
    assert sum(account.metric(SQS, "NumberOfMessagesDeleted", **source)) == 0


def test_what_a_functions_dlq_is_sent_counts_as_sent(account: Account) -> None:
    """F8."""
    dlq = account.queue()
    function = account.function(DeadLetterConfig={"TargetArn": dlq.arn})
    account.client("lambda").put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=0
    )
    account.invoke_event(function, {"raise": "bad"})
    account.await_sum(SQS, "NumberOfMessagesSent", 1, QueueName=dlq.name)


def test_the_mappings_own_metrics_count_filtered_events(account: Account) -> None:
    """A42, F6."""
    pattern = sqs_pattern(
        account,
        MetricsConfig={"Metrics": ["EventCount"]},
        FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": {"kind": ["order"]}})}]},
    )
    pattern.source.send_all('{"kind": "order"}', '{"kind": "other"}')
    mapping = {"EventSourceMappingUUID": pattern.mapping_id}
    for name, expected in {
        "PolledEventCount": 2, "FilteredOutEventCount": 1, "InvokedEventCount": 1,
        "DeletedEventCount": 1,
    }.items():  # fmt: skip
        account.await_sum(LAMBDA, name, expected, **mapping)


def test_an_old_message_in_the_dlq_counts_from_its_arrival(account: Account) -> None:
    """B8."""
    dlq = account.queue()
    source = account.queue(redrive_to=dlq, receives=1, VisibilityTimeout=1)
    source.send("x")
    assert len(source.receive()) == 1
    account.time.pass_(600)
    assert source.receive() == []
    age = "ApproximateAgeOfOldestMessage"
    ages_s = account.until_metrics(lambda: account.metric(SQS, age, "Maximum", QueueName=dlq.name))
    assert ages_s[-1] < 300


def test_a_poison_pill_stops_raising_the_age(account: Account) -> None:
    """F9."""
    queue = account.queue(VisibilityTimeout=0)
    queue.send("x")
    for _ in range(4):
        assert len(queue.receive()) == 1
    account.time.pass_(600)
    account.time.await_metrics()
    ages_s = account.metric(SQS, "ApproximateAgeOfOldestMessage", "Maximum", QueueName=queue.name)
    assert ages_s[-1] < 120


@pytest.mark.embedded("takes eight hours")
def test_a_queue_that_nobody_uses_stops_publishing(account: Account) -> None:
    """F10."""
    queue = account.queue()
    queue.send("x")
    visible = "ApproximateNumberOfMessagesVisible"
    account.time.pass_(5 * 3600)
    assert account.metric(SQS, visible, "Maximum", QueueName=queue.name)
    account.time.pass_(3 * 3600)
    assert account.metric(SQS, visible, "Maximum", QueueName=queue.name) == []


def test_an_alarm_publishes_only_where_the_topic_s_policy_lets_it(account: Account) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html"""
    queue, sns = account.queue(), account.client("sns")
    topics = {}
    for service in ("cloudwatch.amazonaws.com", "events.amazonaws.com"):
        topic, inbox = outlets.topic(account)
        outlets.alarm(account, queue, topic)
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sns:Publish",
            "Resource": topic,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
        topics[service] = inbox
    account.time.propagate()
    # When both alarms go off
    queue.send("x")
    # Then only the topic that is open to CloudWatch has the news
    account.until_metrics(lambda: topics["cloudwatch.amazonaws.com"].holds(1))
    account.time.pass_(60)
    assert topics["events.amazonaws.com"].counts() == (0, 0, 0)


def test_a_composite_alarm_follows_its_children(account: Account) -> None:
    queue, cloudwatch = account.queue(), account.client("cloudwatch")
    topic, inbox = outlets.topic(account)
    child = outlets.alarm(account, queue, account.topic())
    name = account.unique("composite")
    cloudwatch.put_composite_alarm(
        AlarmName=name, AlarmRule=f'ALARM("{child}")', AlarmActions=[topic]
    )
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[name]))
    queue.send("x")
    account.until_metrics(lambda: inbox.holds(1))
    notice = json.loads(json.loads(inbox.receive()[0]["Body"])["Message"])
    assert (notice["AlarmName"], notice["NewStateValue"]) == (name, "ALARM")
    assert notice["AlarmRule"] == f'ALARM("{child}")'


def test_an_alarm_on_a_dlq_notifies_a_topic(account: Account) -> None:
    """F7, F8."""
    topic, inbox = outlets.topic(account)
    pattern = sqs_pattern(account, receives=1)
    alarm = outlets.alarm(account, pattern.dlq, topic)
    cloudwatch = account.client("cloudwatch")

    def state() -> str:
        [found] = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
        return str(found["StateValue"])

    # When a message ends in the DLQ
    pattern.source.send('{"raise": "bad"}')
    # Then the alarm goes off and tells so
    account.until_metrics(lambda: state() == "ALARM")
    account.time.until(lambda: inbox.holds(1))
    notice = json.loads(json.loads(inbox.receive()[0]["Body"])["Message"])
    assert (notice["AlarmName"], notice["NewStateValue"]) == (alarm, "ALARM")
    assert notice["Trigger"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
    # And it recovers once somebody has taken care of it
    [message] = pattern.dlq.receive()
    pattern.dlq.sqs.delete_message(QueueUrl=pattern.dlq.url, ReceiptHandle=message["ReceiptHandle"])
    account.until_metrics(lambda: state() == "OK")


def test_an_alarm_rings_once_while_messages_lie_in_a_queue_that_is_looked_into(
    account: Account,
) -> None:
    """F7."""
    topic, _ = outlets.topic(account)
    queue = account.queue()
    alarm = outlets.alarm(account, queue, topic)
    cloudwatch = account.client("cloudwatch")

    def changes() -> list[str]:
        found = cloudwatch.describe_alarm_history(AlarmName=alarm, HistoryItemType="StateUpdate")
        return [str(item["HistorySummary"]) for item in found["AlarmHistoryItems"]]

    # Given a message in a queue, and an alarm that rings for it
    queue.send("dead")
    account.until_metrics(lambda: any("to ALARM" in change for change in changes()))
    rang = changes()
    # When somebody looks at it in each of the next minutes, and sends another
    for _ in range(5):
        queue.receive(VisibilityTimeout=0)
        queue.send("another")
        account.time.pass_(60)
    # Then the alarm went on ringing: no minute lacked its datapoint
    assert changes() == rang


def test_an_alarm_adds_up_failures_of_one_moment(account: Account) -> None:
    """F2, F7."""
    # Given an alarm on three errors within a minute
    function = account.function()
    topic, _ = outlets.topic(account)
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=function,
        Namespace=LAMBDA,
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=3,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )
    account.on_close(lambda: cloudwatch.delete_alarms(AlarmNames=[function]))
    # When the function fails three times in a row
    for _ in range(3):
        account.invoke(function, {"raise": "bad"})

    # Then the alarm counts all of them
    def state() -> str:
        [found] = cloudwatch.describe_alarms(AlarmNames=[function])["MetricAlarms"]
        return str(found["StateValue"])

    account.until_metrics(lambda: state() == "ALARM")
