"""What leaves a template leaves the resource, and a rollback brings it back.

Each resource type is made with everything, cut down to the minimum, made with everything again, and
cut down by an update that fails. AWS shows it each time as it shows one that was made so at once.
"""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.scenarios.account import Account
from tests.scenarios.stack_parts import Kind, Properties, ref
from tests.scenarios.stack_resources import KINDS, VERSION, base_of
from tests.scenarios.templated_stack import TemplatedStack

# No queue can have it: what fails an update after the resource itself was changed.
REFUSED = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 99_999}}
# Moments, digests and names, which differ between two resources that are alike.
_OF_ITS_OWN = {
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "LastModified",
    "RevisionId",
    "creationTime",
    "SubscriptionsDeleted",
    "CodeSize",
    "ResponseMetadata",
}
# A setting that was set to its default is shown, one that was never set is not.
_DEFAULTS = {
    "FifoThroughputScope": "Topic",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
    "LambdaSuccessFeedbackSampleRate": "0",
    "Environment": {"Variables": {}},
    "DeadLetterConfig": {"TargetArn": ""},
    "Layers": [],
    "FilterCriteria": {},
    "ScalingConfig": {},
    "ProvisionedPollerConfig": {},
}


class Stack:
    """A stack with the base, and with resources of the kind that is looked at."""

    def __init__(self, account: Account, kind: Kind) -> None:
        self.name = account.unique("stack")
        self._account = account
        self._kind = kind
        self._cloudformation = account.client("cloudformation")
        self._is_there = False

    def put(self, *, fails: bool = False, **its: Properties) -> Any:
        """Make or update it, with these resources beside the base; what AWS then shows."""
        resources = base_of(self._kind) | {
            name: {"Type": self._kind.type, "Properties": properties}
            for name, properties in its.items()
        }
        if fails:
            resources["Refused"] = REFUSED | {"DependsOn": list(its)}
        outputs = {name: {"Value": ref(name)} for name in resources if name != "Refused"}
        # A template has one resource at least, whatever else comes and goes.
        always = {"Always": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
        template = {"Resources": resources | always, "Outputs": outputs}
        self._send(json.dumps(template), fails)
        return self.look()

    def _send(self, body: str, fails: bool) -> None:
        verb = "update" if self._is_there else "create"
        send = getattr(self._cloudformation, f"{verb}_stack")
        send(StackName=self.name, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
        if not self._is_there:
            self._account.on_close(self._delete)
        self._is_there = True
        if not fails:
            self._wait(f"stack_{verb}_complete")
            return
        with pytest.raises(WaiterError):
            self._wait(f"stack_{verb}_complete")
        assert self._described()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"

    def look(self) -> Any:
        """What AWS shows of the resource; None where the stack has none."""
        refs = self.refs()
        its = next((value for name, value in refs.items() if name.startswith("It")), None)
        if its is None:
            return None
        return _comparable(self._kind.look(self._account, its, refs), its)

    def refs(self) -> dict[str, str]:
        """What Ref gives of each resource."""
        outputs = self._described()["Outputs"]
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def reason(self, logical_id: str) -> str:
        """Why a resource failed."""
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        [reason] = [
            event["ResourceStatusReason"]
            for event in events
            if event["LogicalResourceId"] == logical_id
            and event["ResourceStatus"].endswith("_FAILED")
        ]
        return str(reason)

    def _described(self) -> dict[str, Any]:
        [stack] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        return dict(stack)

    def _delete(self) -> None:
        self._cloudformation.delete_stack(StackName=self.name)
        self._wait("stack_delete_complete")

    def _wait(self, state: str) -> None:
        delay_s = 0.05 if self._account.time.is_virtual else 5
        self._cloudformation.get_waiter(state).wait(
            StackName=self.name, WaiterConfig={"Delay": delay_s, "MaxAttempts": 400}
        )


@pytest.mark.parametrize("name", KINDS)
def test_what_leaves_the_template_leaves_the_resource(account: Account, name: str) -> None:
    # Given a resource with all settings, and what a fresh one without them is
    kind = KINDS[name]
    stack = Stack(account, kind)
    everything = stack.put(It=kind.everything)
    stack.put()
    minimum = stack.put(It=kind.minimum)
    # Then the two can be told apart
    assert minimum != everything
    # When the settings come, then it is as if it had been made with them
    assert stack.put(It=kind.everything) == everything
    # When an update that would take them away fails, then they are all there again
    assert stack.put(It=kind.minimum, fails=True) == everything
    # When they go, then none is left
    assert stack.put(It=kind.minimum) == minimum
    # When an update that would bring them fails, then none came
    assert stack.put(It=kind.everything, fails=True) == minimum


@pytest.mark.parametrize(
    ("name", "its_name"),
    [
        ("queue", "QueueName"),
        ("topic", "TopicName"),
        ("function", "FunctionName"),
        ("alias", "Name"),
        ("log group", "LogGroupName"),
    ],
)
def test_another_name_is_another_resource(account: Account, name: str, its_name: str) -> None:
    # Given a resource with a name
    kind = KINDS[name]
    stack = Stack(account, kind)
    names = [f"{stack.name}-{number}" for number in (1, 2)]
    before = stack.put(It=kind.minimum | {its_name: names[0]})
    old = stack.refs()
    # When the template names it otherwise, then it is made anew
    assert stack.put(It=kind.minimum | {its_name: names[1]}) == before
    assert names[1] in stack.refs()["It"]
    # And the old one is gone
    with pytest.raises(ClientError, match=r"NotFound|NonExistent"):
        kind.look(account, old["It"], old)


@pytest.mark.parametrize("name", ["queue policy", "topic policy"])
def test_a_policy_that_gets_another_logical_id_stays(account: Account, name: str) -> None:
    # Given a policy
    kind = KINDS[name]
    stack = Stack(account, kind)
    before = stack.put(It=kind.minimum)
    # When the template calls it otherwise, then the new one is made before the old one goes
    assert stack.put(ItsSuccessor=kind.minimum) == before


def test_an_update_that_fails_half_way_is_taken_back(account: Account) -> None:
    """Code and settings of a function are changed by calls of their own."""
    # Given
    kind = KINDS["function"]
    stack = Stack(account, kind)
    before = stack.put(It=kind.minimum)
    # When new code comes with a setting that Lambda refuses
    code = {"ZipFile": "def handler(event, context):\n    return 'new'\n"}
    refused = kind.minimum | {"Code": code, "MemorySize": 1}
    # Then the old code is there again
    assert stack.put(It=refused, fails=True) == before


def test_another_type_of_a_resource_is_refused(account: Account) -> None:
    stack, queue = TemplatedStack(account), {"Type": "AWS::SQS::Queue"}
    stack.send("create", {"It": queue, "Other": queue})
    changed = {"It": {"Type": "AWS::SNS::Topic"}, "Other": queue}
    sentence = (
        "Update of resource type is not permitted. The new template modifies resource type of the "
        "following resources: [It]"
    )
    # When an update would make a topic of a queue, then it is refused
    with pytest.raises(ClientError) as refused:
        stack.send("update", changed)
    assert refused.value.response["Error"]["Message"] == sentence
    # And a change set fails
    names = {"StackName": stack.name, "ChangeSetName": "next"}
    body = json.dumps({"Resources": changed})
    stack.cloudformation.create_change_set(TemplateBody=body, **names)
    told = stack.cloudformation.describe_change_set(**names)
    assert (told["Status"], told["StatusReason"], told["Changes"]) == ("FAILED", sentence, [])


def test_settings_with_two_owners_are_refused(account: Account) -> None:
    # Given a function's settings for events
    kind = KINDS["event invoke config"]
    stack = Stack(account, kind)
    before = stack.put(It=kind.minimum)
    # When the template wants other ones for it as well, then it is told that there are some
    assert stack.put(It=kind.minimum, Twin=kind.everything, fails=True) == before
    assert "already exists" in stack.reason("Twin")


def test_a_second_version_of_the_same_code_is_refused(account: Account) -> None:
    # Given a function with a version
    stack = Stack(account, VERSION)
    stack.put(It=VERSION.minimum)
    # When the template wants one more of it, then CloudFormation refuses it in its own words
    stack.put(It=VERSION.minimum, Twin=VERSION.everything, fails=True)
    assert "A version for this Lambda function exists ( 1 )." in stack.reason("Twin")


def _comparable(shown: Any, reference: str) -> Any:
    """What AWS shows without defaults, and without each resource's own: name, id, moments."""
    if isinstance(shown, dict):
        return {
            name: _comparable(value, reference)
            for name, value in shown.items()
            if name not in _OF_ITS_OWN and _DEFAULTS.get(name) != value
        }
    if isinstance(shown, list | tuple):
        return [_comparable(value, reference) for value in shown]
    if isinstance(shown, str):
        for own in (reference, reference.rsplit("/", 1)[-1], reference.rsplit(":", 1)[-1]):
            shown = shown.replace(own, "IT")
    return shown
