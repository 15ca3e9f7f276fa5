"""A stack in a stack is updated with the one around it, and rolled back with it."""

import json
import uuid
from typing import Any

import pytest

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
        self._account = account
        self._bucket = outlets.bucket(account)

    def send(
        self, verb: str, name: str = "one", beside: Any = None, /, **more: Any
    ) -> tuple[str, str]:
        """Create or update it with these resources more; how it and the nested one ended."""
        resources = {"Queue": QUEUE, "Topic": NAMED, **more}
        template = {
            "Parameters": {"Name": {"Type": "String"}},
            "Resources": resources,
            "Outputs": TOLD,
        }
        its = {"TemplateURL": self._stored(template), "Parameters": {"Name": name}}
        nested = {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}
        outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Nested", "Outputs.Arn"]}}}
        ended = self.around.send(verb, nested | (beside or {}), sections={"Outputs": outputs})
        return ended, self.inner.told()["StackStatus"]

    @property
    def inner(self) -> TemplatedStack:
        """The nested one."""
        return TemplatedStack(self._account, self.around.physical_id("Nested"))

    def display_name(self) -> str:
        """What the topic shows."""
        attributes = self._account.client("sns").get_topic_attributes(
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

    def _stored(self, template: Any) -> str:
        key = f"{uuid.uuid4().hex}.json"
        body = json.dumps(template)
        self._account.client("s3").put_object(Bucket=self._bucket, Key=key, Body=body)
        region = self._account.session.region_name
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
    verb = "update" if name == "Queue" else "create"
    assert (
        f"Embedded stack {nested.inner.name} was not successfully updated. Currently in "
        "UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to "
        f"{verb}: [{name}]."
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
