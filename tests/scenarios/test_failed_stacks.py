"""A change set leads out of an update that failed and was not rolled back."""

import json

import pytest

from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"Type": "AWS::SQS::Queue"}


@pytest.mark.parametrize("goes", [True, False], ids=["what failed goes", "what failed is made"])
def test_a_change_set_leads_out_of_update_failed(account: Account, goes: bool) -> None:
    # Given a stack whose update failed at a queue whose name is taken
    name, stack = account.unique("taken"), TemplatedStack(account)
    url = account.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    account.on_close(lambda: account.client("sqs").delete_queue(QueueUrl=url))
    assert stack.send("create", {"A": QUEUE}) == "CREATE_COMPLETE"
    taken = {"A": QUEUE, "Taken": QUEUE | {"Properties": {"QueueName": name}}}
    assert stack.send("update", taken, DisableRollback=True) == "UPDATE_FAILED"
    # When a change set leads back, or on
    free = QUEUE | {"Properties": {"QueueName": account.unique("free")}}
    resources = {"A": QUEUE} | ({} if goes else {"Taken": free})
    of = {"StackName": stack.name, "ChangeSetName": "next"}
    stack.cloudformation.create_change_set(TemplateBody=json.dumps({"Resources": resources}), **of)
    told = stack.cloudformation.describe_change_set(**of)
    # Then it can be executed, and says what becomes of the queue
    assert (told["Status"], told["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    [change] = [one["ResourceChange"] for one in told["Changes"]]
    assert (change["Action"], change["LogicalResourceId"]) == ("Remove" if goes else "Add", "Taken")
    stack.cloudformation.execute_change_set(DisableRollback=True, **of)
    assert stack.end() == "UPDATE_COMPLETE"
    listed = stack.cloudformation.list_stack_resources(StackName=stack.name)
    told_of = {one["LogicalResourceId"] for one in listed["StackResourceSummaries"]}
    assert told_of == resources.keys()
