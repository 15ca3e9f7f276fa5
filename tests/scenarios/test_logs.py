"""CloudWatch Logs: where the evidence of every failure is found."""

import json
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account


def group_of(function: str) -> str:
    return f"/aws/lambda/{function}"


def insights(account: Account, function: str, query: str) -> list[dict[str, str]]:
    """The rows of a Logs Insights query over a function's log of the last hours."""
    logs = account.client("logs")
    now_s = int(account.time.now_s())
    query_id = logs.start_query(
        logGroupName=group_of(function),
        queryString=query,
        startTime=now_s - 7200,
        endTime=now_s + 60,
    )["queryId"]

    def ended() -> Any:
        answer = logs.get_query_results(queryId=query_id)
        return answer if answer["status"] not in ("Scheduled", "Running") else None

    answer = account.time.until(ended)
    assert answer["status"] == "Complete"
    return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]


def fails_three_times(account: Account) -> tuple[str, str]:
    """A function whose one event has had all of its attempts; and the request id."""
    function = account.function()
    request_id = account.invoke_event(function, {"raise": "bad"})
    account.time.until(lambda: len(account.attempts(function)) == 3)
    # The last attempt has ended when its REPORT line is there.
    account.time.until(lambda: len(reports(account, function)) == 3)
    return function, request_id


def reports(account: Account, function: str) -> list[str]:
    return [line for line in account.lines(function) if line.startswith("REPORT ")]


def test_insights_shows_the_retry_timeline(account: Account) -> None:
    """F17-F20, C4."""
    # Given an asynchronous event that failed three times
    function, request_id = fails_three_times(account)
    # When Logs Insights is asked for its START lines
    query = (
        f'fields @timestamp, @requestId | filter @type = "START" and @requestId = "{request_id}"'
        " | sort @timestamp asc"
    )
    rows = account.time.until(
        lambda: (found := insights(account, function, query)) and len(found) == 3 and found
    )
    # Then these are the attempts, a minute and two minutes apart
    assert [row["@requestId"] for row in rows] == [request_id] * 3
    assert all(set(row) == {"@timestamp", "@requestId", "@ptr"} for row in rows)
    times = [datetime.fromisoformat(row["@timestamp"]) for row in rows]
    gaps_s = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert 60 <= gaps_s[0] < 90
    assert 120 <= gaps_s[1] < 180


def test_insights_counts_attempts_by_request(account: Account) -> None:
    """F19, F20."""
    function, request_id = fails_three_times(account)
    account.invoke(function, {"order": 1})
    # Its REPORT first: each query takes moments of AWS's time, and many of them take for ever.
    account.time.until(lambda: len(reports(account, function)) == 4)
    [first, second] = account.time.until(
        lambda: (
            (
                rows := insights(
                    account,
                    function,
                    'filter @type = "REPORT" | stats count(*) as attempts,'
                    " max(@duration) as slowest, max(@initDuration) as init by @requestId"
                    " | sort attempts desc",
                )
            )
            and len(rows) == 2
            and rows
        )
    )
    assert (first["@requestId"], first["attempts"]) == (request_id, "3")
    assert second["attempts"] == "1"
    assert float(first["slowest"]) > 0
    assert float(first["init"]) > 0


def test_filter_log_events_finds_one_requests_lines(account: Account) -> None:
    """F13, F14."""
    function, request_id = fails_three_times(account)
    account.invoke(function, {"order": 1})
    events = account.log_events(function, filterPattern=f'"{request_id}"')
    assert [e["message"].split()[0] for e in events] == ["START", "END", "REPORT"] * 3
    assert [e["timestamp"] for e in events] == sorted(e["timestamp"] for e in events)
    errors = account.log_events(function, filterPattern='"[ERROR]" -REPORT')
    assert len(errors) == 3
    assert all(event["message"].startswith("[ERROR] ValueError: bad\n") for event in errors)


def test_get_log_events_walks_through_a_stream(account: Account) -> None:
    function = account.function()
    for number in range(3):
        account.invoke(function, {"order": number})
    account.time.until(lambda: len(reports(account, function)) == 3)
    account.time.await_logs()
    logs = account.client("logs")
    [stream] = logs.describe_log_streams(logGroupName=group_of(function), descending=True)[
        "logStreams"
    ]
    where = {"logGroupName": group_of(function), "logStreamName": stream["logStreamName"]}
    messages: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = logs.get_log_events(**where, **token, startFromHead=True, limit=4)
        messages += [event["message"] for event in page["events"]]
        if token.get("nextToken") == page["nextForwardToken"]:
            break
        token = {"nextToken": page["nextForwardToken"]}
    assert messages == account.lines(function)


def test_a_metric_filter_counts_errors(account: Account) -> None:
    function, namespace = account.function(), account.unique("namespace")
    account.invoke(function, {"order": 1})
    account.client("logs").put_metric_filter(
        logGroupName=account.log_group(function),
        filterName="errors",
        filterPattern='"[ERROR]"',
        metricTransformations=[
            {"metricName": "Errors", "metricNamespace": namespace, "metricValue": "1"}
        ],
    )
    for _ in range(2):
        account.invoke(function, {"raise": "bad"})
    account.await_sum(namespace, "Errors", 2)


def test_a_subscription_sends_errors_to_another_function(account: Account) -> None:
    # Given a function that is allowed to be invoked by the log group of another one
    function, watcher = account.function(), account.function("watcher")
    account.invoke(function, {"order": 1})
    logs, group = account.client("logs"), account.log_group(function)
    subscription = {
        "logGroupName": group,
        "filterName": "errors",
        "filterPattern": '"[ERROR]"',
        "destinationArn": account.function_arn(watcher),
    }
    with pytest.raises(ClientError, match="Could not execute the lambda function"):
        logs.put_subscription_filter(**subscription)
    account.client("lambda").add_permission(
        FunctionName=watcher,
        StatementId="logs",
        Action="lambda:InvokeFunction",
        Principal="logs.amazonaws.com",
    )
    account.time.propagate()
    logs.put_subscription_filter(**subscription)
    # When the other one fails
    account.invoke(function, {"raise": "bad"})
    # Then its error, and nothing else, reaches the watcher
    watched = f"watched {group} [ERROR] ValueError: bad\n"
    account.time.until(lambda: watched in account.lines(watcher))
    assert len([line for line in account.lines(watcher) if line.startswith("watched")]) == 1


def test_a_limit_that_is_too_high(account: Account) -> None:
    """F15, J70."""
    function = account.function()
    account.invoke(function, {"order": 1})
    group = account.log_group(function)
    with pytest.raises(ClientError) as refused:
        account.client("logs").filter_log_events(logGroupName=group, limit=10_001)
    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterException",
        "Message": "1 validation error detected: Value '10001' at 'limit' failed to satisfy "
        "constraint: Member must have value less than or equal to 10000",
    }


def test_a_query_over_a_group_that_is_not_there(account: Account) -> None:
    """F17, J71."""
    logs = account.client("logs")
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match="does not exist"):
        logs.start_query(
            logGroupName="/aws/lambda/nope", queryString="fields @message", startTime=0, endTime=1
        )


def test_a_query_that_cannot_be_read(account: Account) -> None:
    function = account.function()
    account.invoke(function, {"order": 1})
    account.log_group(function)
    logs = account.client("logs")
    with pytest.raises(logs.exceptions.MalformedQueryException) as refused:
        insights(account, function, "fields @message | nonsense")
    location = refused.value.response["queryCompileError"]["location"]
    assert location["startCharOffset"] == 18


def test_cloudformation_makes_groups_with_retention_and_filters(account: Account) -> None:
    cloudformation, logs = account.client("cloudformation"), account.client("logs")
    name = account.unique("stack")

    def template(days: int) -> str:
        metric = {"MetricName": "Errors", "MetricNamespace": name, "MetricValue": "1"}
        return json.dumps({
            "Resources": {
                "Group": {
                    "Type": "AWS::Logs::LogGroup",
                    "Properties": {
                        "RetentionInDays": days,
                        "Tags": [{"Key": "made-by", "Value": "scenario"}],
                    },
                },
                "Errors": {
                    "Type": "AWS::Logs::MetricFilter",
                    "Properties": {
                        "LogGroupName": {"Ref": "Group"},
                        "FilterPattern": "ERROR",
                        "MetricTransformations": [metric],
                    },
                },
            },
            "Outputs": {
                "Name": {"Value": {"Ref": "Group"}},
                "Arn": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}},
            },
        })  # fmt: skip

    def wait(state: str) -> None:
        delay_s = 0.05 if account.time.is_virtual else 5
        cloudformation.get_waiter(state).wait(
            StackName=name, WaiterConfig={"Delay": delay_s, "MaxAttempts": 400}
        )

    # Given a stack with a log group and a metric filter
    cloudformation.create_stack(StackName=name, TemplateBody=template(7))
    wait("stack_create_complete")
    [stack] = cloudformation.describe_stacks(StackName=name)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    [group] = logs.describe_log_groups(logGroupNamePrefix=outputs["Name"])["logGroups"]
    assert group["arn"] == outputs["Arn"]
    assert (group["retentionInDays"], group["metricFilterCount"]) == (7, 1)
    tags = logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]
    assert tags["made-by"] == "scenario"
    # When the retention changes, and the stack is deleted
    cloudformation.update_stack(StackName=name, TemplateBody=template(14))
    wait("stack_update_complete")
    [group] = logs.describe_log_groups(logGroupNamePrefix=outputs["Name"])["logGroups"]
    assert group["retentionInDays"] == 14
    cloudformation.delete_stack(StackName=name)
    wait("stack_delete_complete")
    # Then there is no group any more
    assert logs.describe_log_groups(logGroupNamePrefix=outputs["Name"])["logGroups"] == []
