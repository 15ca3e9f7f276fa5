"""A stack fails with what is there already, made by others, and leaves it as it was.

The words are those of AWS's handlers where their source is public, and of stacks' events elsewhere:
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sns (topics),
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-logs (groups, streams,
filters), https://github.com/stratospheric-dev/stratospheric/issues/204 (repositories),
https://github.com/awslabs/cdk-serverless-clamscan/issues/1382 (bucket policies),
https://github.com/udondan/cdk-ec2-key-pair/issues/183 (managed policies). The code is what the
contract of handlers asks for:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from localaws.cloudformation import resource_handlers
from localaws.emulator.stacks.resource_types import OF_THE_EMULATOR
from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.outsider import Call, filled
from tests.scenarios.outsiders import OUTSIDERS, WITHOUT_NAMES, told_of
from tests.scenarios.templated_stack import TemplatedStack

NAMED = {"Capabilities": ["CAPABILITY_NAMED_IAM"], "DisableValidation": True}


class Place:
    """Which one a template names, and what that belongs to."""

    def __init__(self, account: Account, kind: str, texts: Mapping[str, str] | None = None) -> None:
        self._account, self._kind = account, kind
        self._one = OUTSIDERS[kind]
        self.texts = dict(texts) if texts else self._new_texts()

    def call(self, call: Call) -> dict[str, Any]:
        """What a service answers."""
        service, operation, parameters = call
        client = self._account.client(service)
        answer = getattr(client, operation)(**filled(parameters, self.texts))
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    def template(self) -> dict[str, Any]:
        """The resources of a stack that has it."""
        its = filled(self._one.properties, self.texts)
        key = {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}}
        return {"It": {"Type": self._kind, "Properties": its}} | (
            key if self._kind == "AWS::KMS::Alias" else {}
        )

    def beside(self) -> "Place":
        """Another one of all that it belongs to, but for what says which one it is."""
        return Place(self._account, self._kind, self.texts | self._named(self._one.identity))

    def _new_texts(self) -> dict[str, str]:
        arn = self._account.client("sts").get_caller_identity()["Arn"]
        texts = {"account": arn.split(":")[4], "region": str(self._account.session.region_name)}
        used = str(self._one)
        for name in ("name", "function", "bucket", "group", "role arn", "key"):
            if f"<{name}" in used:
                texts |= self._named(name)
        return texts

    def _named(self, what: str) -> dict[str, str]:
        account = self._account
        if what == "name":
            name = account.unique("name")
            return {what: f"alias/{name}" if self._kind == "AWS::KMS::Alias" else name}
        if what == "function":
            name = account.function()
            account.client("lambda").add_permission(
                FunctionName=name,
                StatementId="logs",
                Action="lambda:InvokeFunction",
                Principal="logs.amazonaws.com",
            )
            return {what: name, "function arn": account.function_arn(name)}
        if what == "bucket":
            return {what: outlets.bucket(account)}
        if what == "role arn":
            return {what: account.role()}
        if what == "key":
            return {what: account.client("kms").create_key()["KeyMetadata"]["KeyId"]}
        logs, name = account.client("logs"), account.unique("group")
        logs.create_log_group(logGroupName=name)
        account.on_close(lambda: logs.delete_log_group(logGroupName=name))
        return {what: name}


@pytest.mark.embedded("a real account validates names first, and needs minutes for each type")
@pytest.mark.parametrize("kind", OUTSIDERS)
def test_what_others_made_is_not_taken_and_not_lost(account: Account, kind: str) -> None:
    # Given something that others have made
    one, place = OUTSIDERS[kind], Place(account, kind)
    made = place.call(one.make)
    place.texts["queue url"] = str(made.get("QueueUrl"))
    account.on_close(lambda: place.call(one.undo))
    there, told = place.call(one.look), filled(told_of(kind), place.texts)
    # When a stack is to make it, then it fails
    new, changed = TemplatedStack(account), TemplatedStack(account)
    assert new.send("create", place.template(), **NAMED) == "ROLLBACK_COMPLETE"
    assert failure_of(new, "CREATE_FAILED") == (told, "AlreadyExists")
    # And so does one that has another, and is to have it in its place
    own = place.beside().template()
    assert changed.send("create", own, **NAMED) == "CREATE_COMPLETE", changed.reasons()
    assert changed.send("update", place.template(), **NAMED) == "UPDATE_ROLLBACK_COMPLETE"
    assert failure_of(changed, "UPDATE_FAILED") == (told, "AlreadyExists")
    # And it did not go with them
    assert {new.delete(), changed.delete()} == {"DELETE_COMPLETE"}
    assert place.call(one.look) == there


@pytest.mark.embedded("as above")
def test_a_rule_is_not_moved_over_one_of_another_bus(account: Account) -> None:
    """The name stays, and so does the resource (EventBusName: some interruptions)."""
    events, name = account.client("events"), account.unique("name")
    bus = account.unique("bus")
    events.create_event_bus(Name=bus)
    account.on_close(lambda: events.delete_event_bus(Name=bus))
    events.put_rule(Name=name, EventBusName=bus, EventPattern='{"source":["theirs"]}')
    account.on_close(lambda: events.delete_rule(Name=name, EventBusName=bus))
    there = events.describe_rule(Name=name, EventBusName=bus)["EventPattern"]
    ours = {"Name": name, "EventPattern": {"source": ["ours"]}}
    stack = TemplatedStack(account)
    rule = {"It": {"Type": "AWS::Events::Rule", "Properties": ours}}
    assert stack.send("create", rule, **NAMED) == "CREATE_COMPLETE"
    moved = {"It": {"Type": "AWS::Events::Rule", "Properties": ours | {"EventBusName": bus}}}
    assert stack.send("update", moved, **NAMED) == "UPDATE_ROLLBACK_COMPLETE", stack.reasons()
    assert failure_of(stack, "UPDATE_FAILED")[1] == "AlreadyExists"
    assert events.describe_rule(Name=name, EventBusName=bus)["EventPattern"] == there
    assert json.loads(events.describe_rule(Name=name)["EventPattern"]) == ours["EventPattern"]


def failure_of(stack: TemplatedStack, status: str) -> tuple[str, str]:
    """What its resource's event tells: a message, and the code of a handler."""
    [reason] = [
        one["ResourceStatusReason"]
        for one in stack.events()
        if (one["LogicalResourceId"], one["ResourceStatus"]) == ("It", status)
    ]
    told = re.fullmatch(
        r'Resource handler returned message: "(.*)" \(RequestToken: [\w-]+, '
        r"HandlerErrorCode: (\w+)\)",
        reason,
    )
    assert told, reason
    return told[1], told[2]


def test_every_type_is_looked_at() -> None:
    ours = resource_handlers(**dict.fromkeys(("sqs", "sns", "lambda_", "logs", "pause")))  # type: ignore[arg-type]
    assert OUTSIDERS.keys() | WITHOUT_NAMES.keys() == OF_THE_EMULATOR | ours.keys()
    assert not OUTSIDERS.keys() & WITHOUT_NAMES.keys()
