"""Conditions of a template that call functions."""

import json
from typing import Any

import pytest

from tests.scenarios.account import Account


@pytest.mark.parametrize(
    ("given", "asked", "is_met"),
    [
        ("", {"Fn::Join": ["", {"Ref": "Policies"}]}, True),
        ("a,b", {"Fn::Join": ["", {"Ref": "Policies"}]}, False),
        # A list has no place in the text itself: github.com/aws-cloudformation/cfn-lint/issues/390
        ("", {"Fn::Sub": ["${All}", {"All": {"Fn::Join": ["", {"Ref": "Policies"}]}}]}, True),
        ("", {"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "nothing"]}, True),
        ("", {"Ref": "AWS::Region"}, False),
    ],
)
def test_a_condition_is_asked_with_its_functions(
    account: Account, given: str, asked: Any, is_met: bool
) -> None:
    # As the CDK's bootstrap template asks which policies a role is to have
    stacks, name = account.client("cloudformation"), account.unique("stack")
    queue = {"Type": "AWS::SQS::Queue", "Condition": "IsEmpty"}
    template = {
        "Parameters": {"Policies": {"Type": "CommaDelimitedList", "Default": ""}},
        "Mappings": {"Regions": {account.session.region_name: {"nothing": ""}}},
        "Conditions": {"IsEmpty": {"Fn::Equals": ["", asked]}},
        "Resources": {"Maybe": queue, "Always": {"Type": "AWS::SQS::Queue"}},
    }
    stacks.create_stack(
        StackName=name,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "Policies", "ParameterValue": given}],
    )
    account.on_close(lambda: stacks.delete_stack(StackName=name))
    account.time.until(
        lambda: (
            stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
        )
    )
    made = stacks.list_stack_resources(StackName=name)["StackResourceSummaries"]
    assert ("Maybe" in {one["LogicalResourceId"] for one in made}) is is_met
