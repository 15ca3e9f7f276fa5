"""A function's log is written by its execution role, which has to be allowed to."""

import base64
import json

import pytest

from tests.scenarios.account import Account

STREAM_AND_EVENTS = ("logs:CreateLogStream", "logs:PutLogEvents")
ALL_THREE = ("logs:CreateLogGroup", *STREAM_AND_EVENTS)


def groups(account: Account, name: str) -> list[str]:
    found = account.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return [group["logGroupName"] for group in found]


def lines(account: Account, group: str) -> list[str]:
    found = account.client("logs").filter_log_events(logGroupName=group)["events"]
    return [event["message"] for event in found]


@pytest.mark.parametrize("actions", [("sqs:*",), STREAM_AND_EVENTS])
def test_without_the_rights_there_is_no_log(account: Account, actions: tuple[str, ...]) -> None:
    # Given a role that lacks CreateLogGroup, or everything
    function = account.function(role=account.role(actions))
    # When the function is invoked and its tail asked for
    answer = account.client("lambda").invoke(
        FunctionName=function, LogType="Tail", Payload=json.dumps({"order": "good"}).encode()
    )
    # Then it works, tells the tail, and no log group appears
    assert "START RequestId" in base64.b64decode(answer["LogResult"]).decode()
    account.time.pass_(30)
    assert groups(account, f"/aws/lambda/{function}") == []


@pytest.mark.parametrize("custom", [False, True])
def test_a_group_that_is_there_needs_no_right_to_make_one(account: Account, custom: bool) -> None:
    # Given a group, and a role that may write into it
    function = account.function(role=account.role(STREAM_AND_EVENTS))
    group = account.unique("group") if custom else f"/aws/lambda/{function}"
    logs = account.client("logs")
    logs.create_log_group(logGroupName=group)
    if custom:
        account.on_close(lambda: logs.delete_log_group(logGroupName=group))
        account.client("lambda").update_function_configuration(
            FunctionName=function, LoggingConfig={"LogGroup": group}
        )
        account.await_updated(function)
    # When it is invoked
    account.invoke(function, {"order": "good"})
    # Then the lines are there
    account.time.until(lambda: any("REPORT" in line for line in lines(account, group)))


def test_a_boundary_takes_the_right_to_write(account: Account) -> None:
    # Given a role that may do everything, within a boundary that knows no logs
    iam, role = account.client("iam"), account.role()
    function = account.function(role=role)
    boundary = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
    iam.put_role_permissions_boundary(
        RoleName=role.rpartition("/")[2], PermissionsBoundary=boundary
    )
    account.time.propagate()
    # When its function is invoked
    account.invoke(function, {"order": "good"})
    # Then there is no log
    account.time.pass_(30)
    assert groups(account, f"/aws/lambda/{function}") == []


def test_a_log_begins_when_the_role_gets_its_rights(account: Account) -> None:
    # Given a function that wrote nothing so far
    role = account.role(("sqs:*",))
    function = account.function(role=role)
    account.invoke(function, {"order": "good"})
    # When its role may write
    account.allow(role, ALL_THREE)
    account.invoke(function, {"order": "good"})
    # Then the second invocation has its lines, the first never
    group = f"/aws/lambda/{function}"
    account.time.until(lambda: groups(account, group) == [group])
    account.time.until(lambda: any("REPORT" in line for line in lines(account, group)))
    assert sum("START" in line for line in lines(account, group)) == 1
