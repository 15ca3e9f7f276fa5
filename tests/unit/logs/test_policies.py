"""Resource policies of CloudWatch Logs."""

import json
from typing import Any

import pytest

from tests.unit.logs.world import GROUP, START_MS, LogsWorld

DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": []})
ACCOUNT_POLICY = {"policyName": "p", "policyDocument": DOCUMENT, "lastUpdatedTime": START_MS}


@pytest.fixture
def world() -> LogsWorld:
    world = LogsWorld()
    world.call("CreateLogGroup", logGroupName=GROUP)
    return world


def put(world: LogsWorld, **params: Any) -> dict[str, Any]:
    return world.call("PutResourcePolicy", policyDocument=DOCUMENT, **params)


def test_a_policy_of_the_account(world: LogsWorld) -> None:
    made = put(world, policyName="p")
    assert (made["resourcePolicy"], "revisionId" in made) == (ACCOUNT_POLICY, False)
    assert world.call("DescribeResourcePolicies")["resourcePolicies"] == [ACCOUNT_POLICY]
    world.call("DeleteResourcePolicy", policyName="p")
    assert world.call("DescribeResourcePolicies")["resourcePolicies"] == []
    refused = world.call("DeleteResourcePolicy", policyName="p")
    assert refused["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "Policy with name [p] does not exist",
    }


def test_ten_policies_are_the_most(world: LogsWorld) -> None:
    for number in range(10):
        assert "Error" not in put(world, policyName=f"p{number}")
    assert put(world, policyName="p10")["Error"]["Code"] == "LimitExceededException"
    assert "Error" not in put(world, policyName="p9")
    first = world.call("DescribeResourcePolicies", limit=6)
    second = world.call("DescribeResourcePolicies", nextToken=first["nextToken"])
    assert [len(page["resourcePolicies"]) for page in (first, second)] == [6, 4]


def test_a_log_group_s_policy_is_changed_only_by_who_knows_it(world: LogsWorld) -> None:
    arn = world.call("DescribeLogGroups")["logGroups"][0]["logGroupArn"]
    assert put(world, resourceArn=arn)["revisionId"] == "1"
    assert put(world, resourceArn=arn)["Error"]["Code"] == "InvalidParameterException"
    assert put(world, resourceArn=arn, expectedRevisionId="1")["revisionId"] == "2"
    [found] = world.call("DescribeResourcePolicies", resourceArn=arn)["resourcePolicies"]
    assert (found["resourceArn"], found["policyScope"]) == (arn, "RESOURCE")
    assert world.call("DescribeResourcePolicies")["resourcePolicies"] == []
    world.call("DeleteResourcePolicy", resourceArn=arn, expectedRevisionId="2")
    assert world.call("DescribeResourcePolicies", resourceArn=arn)["resourcePolicies"] == []


@pytest.mark.parametrize("document", ["no JSON", "[]", "{}"])
def test_what_is_no_policy_is_refused(world: LogsWorld, document: str) -> None:
    refused = world.call("PutResourcePolicy", policyName="p", policyDocument=document)
    # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/logs
    assert refused["Error"] == {
        "Code": "InvalidParameterException",
        "Message": "Error occurred while parsing accessPolicy. Please check if the accessPolicy "
        "has been constructed correctly using IAM grammar.",
    }


def test_a_group_is_named_that_exists(world: LogsWorld) -> None:
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:not-{GROUP}"
    assert put(world, resourceArn=arn)["Error"]["Code"] == "ResourceNotFoundException"
