"""Stacks that are deleted while something else goes on, and what does not let itself be deleted."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUES = {f"Queue{number}": {"Type": "AWS::SQS::Queue"} for number in range(5)}


@pytest.fixture
def stack(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def queues_of(account: Account, stack: TemplatedStack) -> list[str]:
    listed = account.client("sqs").list_queues(QueueNamePrefix=stack.name)
    return list(listed.get("QueueUrls", []))


def test_a_deletion_takes_over_from_a_creation(account: Account, stack: TemplatedStack) -> None:
    # Given a stack that is being made
    body = json.dumps({"Resources": QUEUES})
    made = stack.cloudformation.create_stack(StackName=stack.name, TemplateBody=body)
    # When it is deleted at once, and once more
    stack.cloudformation.delete_stack(StackName=stack.name)
    stack.cloudformation.delete_stack(StackName=stack.name)
    # Then it ends deleted, and nothing is left of it
    assert stack.end(made["StackId"]) == "DELETE_COMPLETE"
    assert not queues_of(account, stack)
    told = stack.cloudformation.describe_stack_events(StackName=made["StackId"])["StackEvents"]
    assert told[0]["ResourceStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="does not exist"):
        stack.told()
