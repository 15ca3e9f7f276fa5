"""What a service's request would be refused for fails a stack's resource, in the same words."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import TRUST, Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:orders"
FRAME = re.compile(
    r'Resource handler returned message: "(.*)" '
    r"\(RequestToken: [\w-]{36}, HandlerErrorCode: InvalidRequest\)"
)
ALARM = {
    "Namespace": "Shop",
    "MetricName": "Failed",
    "Statistic": "Sum",
    "Threshold": 1,
    "Period": 60,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
}
ROLE_ARN = "arn:aws:iam::123456789012:role/r"
FUNCTION = {"Runtime": "python3.13", "Handler": "index.handler", "Role": ROLE_ARN}
PATTERN = {"source": ["shop"]}
RETRIES = {"MaximumRetryAttempts": 200}
TARGET = {"Id": "1", "Arn": QUEUE_ARN, "RetryPolicy": RETRIES}

TOPICS = [f"arn:aws:sns:us-east-1:123456789012:topic-{number}" for number in range(6)]

Ask = Callable[[Any], Any]
# Service, the request that goes too far, the resource type and the properties that do.
CASES: dict[str, tuple[str, Ask, str, dict[str, Any]]] = {
    "retries of asynchronous invocations": (
        "lambda",
        lambda lambda_: lambda_.put_function_event_invoke_config(
            FunctionName="it", Qualifier="live", MaximumRetryAttempts=3
        ),
        "AWS::Lambda::EventInvokeConfig",
        {"FunctionName": "it", "Qualifier": "live", "MaximumRetryAttempts": 3},
    ),
    "a mapping's response types": (
        "lambda",
        lambda lambda_: lambda_.create_event_source_mapping(
            FunctionName="it", EventSourceArn=QUEUE_ARN, FunctionResponseTypes=["Foo"]
        ),
        "AWS::Lambda::EventSourceMapping",
        {"FunctionName": "it", "EventSourceArn": QUEUE_ARN, "FunctionResponseTypes": ["Foo"]},
    ),
    "a function's architecture": (
        "lambda",
        lambda lambda_: lambda_.create_function(
            FunctionName="it", Code={"ZipFile": b"x"}, Architectures=["x86"], **FUNCTION
        ),
        "AWS::Lambda::Function",
        {**FUNCTION, "Code": {"ZipFile": "x"}, "Architectures": ["x86"]},
    ),
    "a rule's state": (
        "events",
        lambda events: events.put_rule(Name="it", EventPattern=json.dumps(PATTERN), State="ON"),
        "AWS::Events::Rule",
        {"EventPattern": PATTERN, "State": "ON"},
    ),
    "a target's retries": (
        "events",
        lambda events: events.put_targets(Rule="it", Targets=[TARGET]),
        "AWS::Events::Rule",
        {"EventPattern": PATTERN, "Targets": [TARGET]},
    ),
    "an alarm's actions": (
        "cloudwatch",
        lambda cloudwatch: cloudwatch.put_metric_alarm(
            AlarmName="it", AlarmActions=TOPICS, **ALARM
        ),
        "AWS::CloudWatch::Alarm",
        {**ALARM, "AlarmActions": TOPICS},
    ),
    "a role's session": (
        "iam",
        lambda iam: iam.create_role(
            RoleName="it", AssumeRolePolicyDocument=json.dumps(TRUST), MaxSessionDuration=10
        ),
        "AWS::IAM::Role",
        {"AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 10},
    ),
}


def by_the_api(account: Account, service: str, ask: Ask) -> str:
    with pytest.raises(ClientError) as caught:
        ask(account.client(service, parameter_validation=False))
    return str(caught.value.response["Error"]["Message"])


@pytest.mark.embedded("of an account's, some limits are told before by a type's schema")
@pytest.mark.parametrize("case", CASES)
def test_a_template_is_told_what_a_request_is(account: Account, case: str) -> None:
    service, ask, kind, properties = CASES[case]
    stack = TemplatedStack(account)
    resources = {"It": {"Type": kind, "Properties": properties}}

    state = stack.send("create", resources, Capabilities=["CAPABILITY_IAM"])

    assert state == "ROLLBACK_COMPLETE"
    [reason] = [
        event["ResourceStatusReason"]
        for event in stack.events()
        if event["ResourceStatus"] == "CREATE_FAILED" and event["LogicalResourceId"] == "It"
    ]
    found = FRAME.fullmatch(reason)
    assert found is not None, reason
    assert found[1] == by_the_api(account, service, ask)


def test_an_update_that_goes_too_far_is_sent_back(account: Account) -> None:
    stack = TemplatedStack(account)
    its = FUNCTION | {"Role": account.role(), "Code": {"ZipFile": "x"}}

    def resources(timeout_s: int) -> dict[str, Any]:
        return {"It": {"Type": "AWS::Lambda::Function", "Properties": its | {"Timeout": timeout_s}}}

    stack.send("create", resources(5))
    assert stack.send("update", resources(0)) == "UPDATE_ROLLBACK_COMPLETE"
    function = stack.physical_id("It")
    told = account.client("lambda").get_function_configuration(FunctionName=function)
    assert told["Timeout"] == 5
    assert "Environment" not in told
