"""What CloudFormation answers about stacks: no more and no less than AWS."""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"Type": "AWS::SQS::Queue"}
RESOURCES = {"It": QUEUE, "Other": QUEUE}

_REASON = "ResourceStatusReason"


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def test_what_there_is_not_is_left_out(stack: TemplatedStack) -> None:
    sections = {
        "Outputs": {"Url": {"Value": {"Ref": "It"}}},
        "Parameters": {"Size": {"Type": "Number"}},
    }
    asked = [{"ParameterKey": "Size", "ParameterValue": "1"}]
    stack.send("create", RESOURCES, sections=sections, Parameters=asked)
    told = stack.told()
    absent = {"StackStatusReason", "Description", "LastUpdatedTime", "DeletionTime"}
    assert not absent & told.keys()
    assert told["Outputs"][0].keys() == {"OutputKey", "OutputValue"}
    assert told["RollbackConfiguration"] == {}
    reasons = [one[_REASON] for one in stack.events() if _REASON in one]
    assert "" not in reasons
    body = json.dumps({"Resources": RESOURCES} | sections)
    for ask in ("validate_template", "get_template_summary"):
        told = getattr(stack.cloudformation, ask)(TemplateBody=body)
        assert not {"DefaultValue", "Description"} & told["Parameters"][0].keys()


def test_a_summary_has_the_values_that_are_allowed(stack: TemplatedStack) -> None:
    size = {"Type": "String", "AllowedValues": ["small", "large"], "Default": "small"}
    body = json.dumps({"Resources": RESOURCES, "Parameters": {"Size": size}})
    ask = stack.cloudformation.get_template_summary
    assert ask(TemplateBody=body)["Parameters"] == [
        {
            "ParameterKey": "Size",
            "DefaultValue": "small",
            "ParameterType": "String",
            "NoEcho": False,
            "ParameterConstraints": {"AllowedValues": ["small", "large"]},
        }
    ]
    stack.send("create", RESOURCES, sections={"Parameters": {"Size": size}})
    [told] = ask(StackName=stack.name)["Parameters"]
    assert told["ParameterConstraints"] == {"AllowedValues": ["small", "large"]}


def test_a_stack_that_is_gone_tells_what_it_had(account: Account, stack: TemplatedStack) -> None:
    stack.send("create", RESOURCES, sections={"Description": "Two queues"})
    name, calls = stack.told()["StackId"], stack.cloudformation
    first = stack.physical_id("It")
    calls.delete_stack(StackName=name)

    def told() -> Any:
        return calls.describe_stacks(StackName=name)["Stacks"][0]

    account.time.until(lambda: told()["StackStatus"] == "DELETE_COMPLETE")
    assert told()["DeletionTime"] >= told()["CreationTime"]
    found = calls.describe_stack_resources(StackName=name)["StackResources"]
    assert {one["LogicalResourceId"]: one["ResourceStatus"] for one in found} == {
        "It": "DELETE_COMPLETE",
        "Other": "DELETE_COMPLETE",
    }
    assert first in [one["PhysicalResourceId"] for one in found]
    pages = calls.get_paginator("list_stacks").paginate(StackStatusFilter=["DELETE_COMPLETE"])
    [summary] = [one for page in pages for one in page["StackSummaries"] if one["StackId"] == name]
    assert summary["TemplateDescription"] == "Two queues"
    assert "DeletionTime" in summary


def test_a_stack_is_found_by_what_it_holds(stack: TemplatedStack) -> None:
    stack.send("create", RESOURCES)
    describe, its = stack.cloudformation.describe_stack_resources, stack.physical_id("It")
    found = describe(PhysicalResourceId=its)["StackResources"]
    assert {one["LogicalResourceId"] for one in found} == RESOURCES.keys()
    with pytest.raises(ClientError, match="Stack for nothing does not exist"):
        describe(PhysicalResourceId="nothing")
    ask = stack.cloudformation.describe_stack_resource
    with pytest.raises(ClientError, match=f"Resource Z does not exist for stack {stack.name}"):
        ask(StackName=stack.name, LogicalResourceId="Z")


def test_a_parameter_of_ssm_has_its_name_and_its_value(
    account: Account, stack: TemplatedStack
) -> None:
    ssm, name = account.client("ssm"), f"/{account.unique('size')}"
    ssm.put_parameter(Name=name, Value="7", Type="String")
    account.on_close(lambda: ssm.delete_parameter(Name=name))
    given = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": name}
    its = {"DelaySeconds": {"Ref": "Size"}}
    resources = {"It": QUEUE | {"Properties": its}}
    stack.send("create", resources, sections={"Parameters": {"Size": given}})
    assert stack.told()["Parameters"] == [
        {"ParameterKey": "Size", "ParameterValue": name, "ResolvedValue": "7"}
    ]


def test_without_a_template_nothing_can_be_done(stack: TemplatedStack) -> None:
    calls, named = stack.cloudformation, {"StackName": stack.name}
    changed = named | {"ChangeSetName": "it", "ChangeSetType": "CREATE"}
    sentence = "Either Template URL or Template Body must be specified."
    with pytest.raises(ClientError, match=sentence):
        calls.create_stack(**named)
    with pytest.raises(ClientError, match=sentence):
        calls.create_change_set(**changed)
    stack.send("create", RESOURCES)
    with pytest.raises(ClientError, match=sentence):
        calls.update_stack(**named)


def test_a_change_set_without_changes_is_not_executed(stack: TemplatedStack) -> None:
    stack.send("create", RESOURCES)
    calls, named = stack.cloudformation, {"StackName": stack.name, "ChangeSetName": "same"}
    made = calls.create_change_set(**named, TemplateBody=json.dumps({"Resources": RESOURCES}))
    with pytest.raises(ClientError) as caught:
        calls.execute_change_set(**named)
    assert caught.value.response["Error"]["Code"] == "InvalidChangeSetStatus"
    assert caught.value.response["Error"]["Message"] == (
        f"ChangeSet [{made['Id']}] cannot be executed in its current status of [FAILED]"
    )


@pytest.mark.embedded("AWS limits a stack's types")
@pytest.mark.parametrize("allowed", ["AWS::*", "AWS::SQS::*", "AWS::SQS::Queue"])
def test_a_stack_may_have_the_types_that_it_is_allowed(stack: TemplatedStack, allowed: str) -> None:
    assert stack.send("create", RESOURCES, ResourceTypes=[allowed]) == "CREATE_COMPLETE"


@pytest.mark.parametrize("allowed", ["AWS::EC2:*", "AWS::SNS::*", "AWS::SQS"])
def test_a_type_that_is_not_allowed_is_refused(stack: TemplatedStack, allowed: str) -> None:
    sentence = (
        f"Resource type AWS::SQS::Queue is not allowed by parameter ResourceTypes [{allowed}]"
    )
    with pytest.raises(ClientError, match=re.escape(sentence)):
        stack.send("create", RESOURCES, ResourceTypes=[allowed])


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ("describe_stacks", "Stack with id nope does not exist"),
        ("describe_stack_resources", "Stack with id nope does not exist"),
        ("list_stack_resources", "Stack with id nope does not exist"),
        ("get_template", "Stack with id nope does not exist"),
        ("describe_stack_events", "Stack [nope] does not exist"),
    ],
)
def test_a_stack_that_there_is_not_is_named(stack: TemplatedStack, ask: str, words: str) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(stack.cloudformation, ask)(StackName="nope")
    assert refused.value.response["Error"]["Message"] == words


def test_a_protected_stack_is_called_what_the_request_calls_it(stack: TemplatedStack) -> None:
    stack.send("create", RESOURCES, EnableTerminationProtection=True)
    calls = stack.cloudformation
    for name in (stack.name, stack.told()["StackId"]):
        with pytest.raises(ClientError) as refused:
            calls.delete_stack(StackName=name)
        assert refused.value.response["Error"]["Message"] == (
            f"Stack [{name}] cannot be deleted while TerminationProtection is enabled"
        )
    calls.update_termination_protection(StackName=stack.name, EnableTerminationProtection=False)


def test_a_summary_tells_how_resources_are_found_for_an_import(stack: TemplatedStack) -> None:
    topic = {"Type": "AWS::SNS::Topic"}
    queue, policy = {"Type": "AWS::SQS::Queue"}, {"Type": "AWS::SQS::QueuePolicy"}
    policy |= {"Properties": {"Queues": ["url"], "PolicyDocument": {}}}
    resources = {"A": queue, "B": queue, "C": topic, "D": policy}
    told = stack.cloudformation.get_template_summary(
        TemplateBody=json.dumps({"Resources": resources})
    )
    assert told["ResourceIdentifierSummaries"] == [
        {
            "ResourceType": "AWS::SQS::Queue",
            "LogicalResourceIds": ["A", "B"],
            "ResourceIdentifiers": ["QueueUrl"],
        },
        {
            "ResourceType": "AWS::SNS::Topic",
            "LogicalResourceIds": ["C"],
            "ResourceIdentifiers": ["TopicArn"],
        },
        {"ResourceType": "AWS::SQS::QueuePolicy", "LogicalResourceIds": ["D"]},
    ]
