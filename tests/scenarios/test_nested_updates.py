"""A stack in a stack is updated with the one around it, and rolled back with it."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue"}
NAMED = {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Name"}}}
TOLD = {"Arn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}}}


class Nested:
    """A stack with one in it, whose queue's ARN is an output of both."""

    def __init__(self, account: Account) -> None:
        self.around = TemplatedStack(account)
        self.account = account
        self._bucket = outlets.bucket(account)

    def send(
        self, verb: str, name: str = "one", beside: Any = None, /, **more: Any
    ) -> tuple[str, str]:
        """Create or update it with these resources more; how it and the nested one ended."""
        ended = self._sent(verb, name, beside, more)
        return ended, self.inner.told()["StackStatus"]

    def fail(self, name: str) -> None:
        """Update the nested one, then fail without a rollback."""
        wrong = {"Wrong": REFUSED["Refused"] | {"DependsOn": "Nested"}}
        assert self._sent("update", name, wrong, {}, DisableRollback=True) == "UPDATE_FAILED"

    def _sent(self, verb: str, name: str, beside: Any, more: Any, **options: Any) -> str:
        resources = {"Queue": QUEUE, "Topic": NAMED, **more}
        template = {
            "Parameters": {"Name": {"Type": "String"}},
            "Resources": resources,
            "Outputs": TOLD,
        }
        its = {"TemplateURL": self.stored(template), "Parameters": {"Name": name}}
        nested = {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}
        outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Nested", "Outputs.Arn"]}}}
        sections = {"Outputs": outputs}
        return self.around.send(verb, nested | (beside or {}), sections=sections, **options)

    @property
    def inner(self) -> TemplatedStack:
        """The nested one."""
        return TemplatedStack(self.account, self.around.physical_id("Nested"))

    def display_name(self) -> str:
        """What the topic shows."""
        attributes = self.account.client("sns").get_topic_attributes(
            TopicArn=self.inner.physical_id("Topic")
        )
        return str(attributes["Attributes"]["DisplayName"])

    def has(self) -> set[str]:
        """The logical ids of the nested one's resources."""
        answer = self.around.cloudformation.describe_stack_resources(StackName=self.inner.name)
        return {one["LogicalResourceId"] for one in answer["StackResources"]}

    def statuses(self, seen: int = 0) -> list[str]:
        """Those of the nested one itself, after as many events of it."""
        events = self.inner.events()[seen:]
        of_it = [one for one in events if one["PhysicalResourceId"] == self.inner.name]
        return [one["ResourceStatus"] for one in of_it]

    def stored(self, template: Any) -> str:
        """Where a template lies."""
        key = f"{uuid.uuid4().hex}.json"
        body = json.dumps(template)
        self.account.client("s3").put_object(Bucket=self._bucket, Key=key, Body=body)
        region = self.account.session.region_name
        return f"https://{self._bucket}.s3.{region}.amazonaws.com/{key}"


DONE = ("UPDATE_COMPLETE", "UPDATE_COMPLETE")
TAKEN_BACK = ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
ROLLBACK = [
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
]
REFUSED = {"Refused": QUEUE | {"Properties": {"VisibilityTimeout": 450_000}}}


@pytest.fixture
def nested(account: Account) -> Nested:
    stacks = Nested(account)
    assert stacks.send("create") == ("CREATE_COMPLETE", "CREATE_COMPLETE")
    return stacks


def outputs(stack: TemplatedStack) -> list[str]:
    return [one["OutputValue"] for one in stack.told()["Outputs"]]


def test_what_stays_keeps_its_attributes(nested: Nested) -> None:
    before = outputs(nested.around)
    # When a resource of the nested stack changes, twice
    assert nested.send("update", "two") == DONE
    assert nested.send("update", "three") == DONE
    # Then the one beside it still has its ARN
    assert nested.display_name() == "three"
    assert outputs(nested.around) == outputs(nested.inner) == before


def test_it_gains_and_loses_resources(nested: Nested) -> None:
    arn = {"DisplayName": {"Fn::GetAtt": ["Queue", "QueueName"]}}
    more = {"Other": {"Type": "AWS::SNS::Topic", "Properties": arn}}
    assert nested.send("update", **more) == DONE
    assert nested.has() == {"Queue", "Topic", "Other"}
    assert nested.send("update") == DONE
    assert nested.has() == {"Queue", "Topic"}


@pytest.mark.parametrize("refused", [REFUSED, {"Queue": REFUSED["Refused"]}], ids=["new", "old"])
def test_its_failed_update_is_rolled_back(nested: Nested, refused: dict[str, Any]) -> None:
    before, seen = outputs(nested.around), len(nested.inner.events())
    # When a resource of the nested stack is refused
    assert nested.send("update", "two", **refused) == TAKEN_BACK
    # Then both are as they were, and tell why
    [name] = refused
    failed = "update: [Queue, Topic]" if name == "Queue" else "create: [Refused]"
    assert (
        f"Embedded stack {nested.inner.name} was not successfully updated. Currently in "
        f"UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to {failed}."
    ) in nested.around.reasons()
    assert nested.statuses(seen) == ["UPDATE_IN_PROGRESS", *ROLLBACK]
    assert (nested.display_name(), nested.has()) == ("one", {"Queue", "Topic"})
    assert outputs(nested.around) == before
    # And another update goes well
    assert nested.send("update", "two") == DONE
    assert (nested.display_name(), outputs(nested.around)) == ("two", before)


def test_it_is_sent_back_with_the_stack_around_it(nested: Nested) -> None:
    before, seen = outputs(nested.around), len(nested.inner.events())
    wrong = {"Wrong": REFUSED["Refused"] | {"DependsOn": "Nested"}}
    # When what comes after the nested stack is refused
    assert nested.send("update", "two", wrong, More=QUEUE) == TAKEN_BACK
    # Then it returns to what it was
    assert nested.statuses(seen)[-3:] == ROLLBACK
    assert (nested.display_name(), nested.has()) == ("one", {"Queue", "Topic"})
    assert outputs(nested.around) == before
    # And another update goes well
    assert nested.send("update", "two") == DONE


def test_it_is_sent_back_when_that_is_asked_for(nested: Nested) -> None:
    # Given an update that failed without a rollback, after that of the nested stack
    nested.fail("two")
    assert (nested.inner.end(), nested.display_name()) == ("UPDATE_COMPLETE", "two")
    # When it is rolled back
    nested.around.cloudformation.rollback_stack(StackName=nested.around.name)
    # Then the nested stack is, too
    assert (nested.around.end(), nested.inner.end()) == TAKEN_BACK
    assert nested.display_name() == "one"


def test_an_update_that_it_does_not_begin_leaves_it(nested: Nested) -> None:
    # Given an update that went well
    assert nested.send("update", "two") == DONE
    seen = len(nested.inner.events())
    # When a template of the next one is none
    ended = nested.send("update", "three", Wrong={"Type": "AWS::Kinesis::Stream"})
    # Then it stays as it is
    assert ended == ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE")
    assert (nested.statuses(seen), nested.display_name()) == ([], "two")


def test_it_tells_which_stack_it_is_in(account: Account, nested: Nested) -> None:
    around, told = nested.around.told(), nested.inner.told()
    assert (told["ParentId"], told["RootId"]) == (around["StackId"], around["StackId"])
    assert "ParentId" not in around


def test_all_that_is_in_it_is_sent_back(nested: Nested) -> None:
    """A stack in a stack in a stack."""
    template = {
        "Resources": {"It": QUEUE},
        "Outputs": {"Name": {"Value": {"Ref": "AWS::StackName"}}},
    }
    its = {"TemplateURL": nested.stored(template)}
    deeper = {"Deeper": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}
    assert nested.send("update", **deeper) == DONE
    deepest = TemplatedStack(nested.account, nested.inner.physical_id("Deeper"))
    root = nested.around.told()["StackId"]
    told = deepest.told()
    assert (told["ParentId"], told["RootId"]) == (nested.inner.name, root)
    assert outputs(deepest) == [told["StackName"]]
    # When the outermost one takes back an update of the innermost one
    delayed = {"It": QUEUE | {"Properties": {"DelaySeconds": 7}}, "More": QUEUE}
    its["TemplateURL"] = nested.stored(template | {"Resources": delayed})
    wrong = {"Wrong": REFUSED["Refused"] | {"DependsOn": "Nested"}}
    assert nested.send("update", "two", wrong, **deeper) == TAKEN_BACK
    # Then it is as it was, too
    assert deepest.told()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    sqs = nested.account.client("sqs")
    url = deepest.physical_id("It")
    delay = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])
    assert delay["Attributes"] == {"DelaySeconds": "0"}
    with pytest.raises(ClientError, match="More does not exist"):
        deepest.physical_id("More")


def test_conditions_are_those_of_its_own_name(account: Account, nested: Nested) -> None:
    around = nested.around.name
    conditions = {"IsOuter": {"Fn::Equals": [{"Ref": "AWS::StackName"}, around]}}
    template = {
        "Conditions": conditions,
        "Resources": {"It": QUEUE, "Outer": QUEUE | {"Condition": "IsOuter"}},
    }
    its = {"TemplateURL": nested.stored(template)}
    beside = {"Beside": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}
    assert nested.send("update", "two", beside) == DONE
    inner = TemplatedStack(account, nested.around.physical_id("Beside"))
    with pytest.raises(ClientError, match="Outer does not exist"):
        inner.physical_id("Outer")


def test_one_that_is_gone_cannot_be_updated(nested: Nested) -> None:
    # Given a nested stack that was deleted on its own
    inner = nested.inner
    assert inner.delete() == "DELETE_COMPLETE"
    # When the stack around it is updated
    assert nested.send("update", "two") == ("UPDATE_ROLLBACK_COMPLETE", "DELETE_COMPLETE")
    # Then it tells that
    told = f"Stack:{inner.name} is in DELETE_COMPLETE state and can not be updated."
    assert told in nested.around.reasons()
