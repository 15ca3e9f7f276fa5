"""What a stack is asked to do beside its template: it does it, tells it, or says that it cannot."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import TRUST, Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"It": {"Type": "AWS::SQS::Queue"}}
ABSENT = "not part of the embedded AWS"
TRIGGER = {"Arn": "arn:aws:cloudwatch:us-east-1:1:alarm:a", "Type": "AWS::CloudWatch::Alarm"}
POLICY = json.dumps({"Statement": []})


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


@pytest.mark.embedded("an account has them")
@pytest.mark.parametrize(
    ("verb", "option", "value"),
    [
        ("create", "StackPolicyBody", POLICY),
        ("update", "StackPolicyBody", POLICY),
        ("update", "StackPolicyDuringUpdateBody", POLICY),
        ("update", "StackPolicyDuringUpdateURL", "https://policies.s3.amazonaws.com/one"),
        ("create", "RollbackConfiguration", {"RollbackTriggers": [TRIGGER]}),
        ("update", "RollbackConfiguration", {"RollbackTriggers": [TRIGGER]}),
        ("create", "RollbackConfiguration", {"MonitoringTimeInMinutes": 5}),
        ("update", "RollbackConfiguration", {"MonitoringTimeInMinutes": 5}),
    ],
)
def test_what_would_keep_nothing_back_is_refused(
    stack: TemplatedStack, verb: str, option: str, value: Any
) -> None:
    if verb == "update":
        stack.send("create", QUEUE)
    with pytest.raises(ClientError, match=ABSENT) as refused:
        stack.send(verb, QUEUE | {"Another": QUEUE["It"]}, **{option: value})
    assert refused.value.response["Error"]["Code"] == "ValidationError"


@pytest.mark.embedded("an account has them")
@pytest.mark.parametrize(
    ("operation", "its"),
    [
        ("set_stack_policy", {"StackPolicyBody": POLICY}),
        ("detect_stack_drift", {}),
        ("detect_stack_resource_drift", {"LogicalResourceId": "It"}),
        ("describe_stack_resource_drifts", {}),
    ],
)
def test_an_operation_that_is_not_here_says_so(
    stack: TemplatedStack, operation: str, its: dict[str, Any]
) -> None:
    stack.send("create", QUEUE)
    with pytest.raises(ClientError, match=ABSENT):
        getattr(stack.cloudformation, operation)(StackName=stack.name, **its)


@pytest.mark.parametrize("none", [{}, {"MonitoringTimeInMinutes": 0}])
def test_an_empty_rollback_configuration_is_none(
    stack: TemplatedStack, none: dict[str, Any]
) -> None:
    assert stack.send("create", QUEUE, RollbackConfiguration=none) == "CREATE_COMPLETE"


@pytest.mark.embedded("a role there may be one that CloudFormation cannot assume")
def test_a_stack_tells_its_role_and_timeout(account: Account, stack: TemplatedStack) -> None:
    role = account.role()
    assert stack.send("create", QUEUE, RoleARN=role, TimeoutInMinutes=7) == "CREATE_COMPLETE"
    assert (stack.told()["RoleARN"], stack.told()["TimeoutInMinutes"]) == (role, 7)
    listed = stack.cloudformation.get_paginator("describe_stacks").paginate()
    roles = {one["StackName"]: one.get("RoleARN") for page in listed for one in page["Stacks"]}
    assert roles[stack.name] == role


@pytest.mark.embedded("what an account looks at first was not recorded")
@pytest.mark.parametrize("operation", ["create_stack", "create_change_set", "delete_stack"])
def test_a_role_that_there_is_not_is_refused(
    account: Account, stack: TemplatedStack, operation: str
) -> None:
    missing = f"{account.role().rpartition('/')[0]}/nobody"
    its: dict[str, Any] = {"StackName": stack.name, "RoleARN": missing}
    if operation != "delete_stack":
        its["TemplateBody"] = json.dumps({"Resources": QUEUE})
    if operation == "create_change_set":
        its |= {"ChangeSetName": "first", "ChangeSetType": "CREATE"}
    with pytest.raises(ClientError, match=f"Role {missing} is invalid or cannot be assumed"):
        getattr(stack.cloudformation, operation)(**its)


@pytest.mark.embedded("an account makes as many functions within a minute")
def test_a_stack_that_takes_too_long_is_taken_back(stack: TemplatedStack) -> None:
    """API_CreateStack: TimeoutInMinutes. A function takes half a second here, one at a time."""
    code = {"ZipFile": "def handler(event, context):\n    return event\n"}
    its = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": code,
    }
    functions = {
        f"It{number}": {"Type": "AWS::Lambda::Function", "Properties": its} for number in range(130)
    }
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
    ended = stack.send(
        "create",
        {"Role": role} | functions,
        TimeoutInMinutes=1,
        Capabilities=["CAPABILITY_IAM"],
    )
    assert ended == "ROLLBACK_COMPLETE"
    assert "Stack creation time exceeded the specified timeout." in stack.reasons()
