"""The CDK CLI on the workshop's own stacks: a bad order ends in the DLQ, and a diff is right."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra import constructs, settings
from infra.workshop_app import make_app, stack_prefix
from tests.clients.programs import Failed, Programs
from tests.scenarios.account import Account
from tests.scenarios.queues import Queue
from workshop.target.target import PATTERNS

pytestmark = pytest.mark.embedded("the tools are set up for the embedded AWS")

STACKS = {pattern: f"{stack_prefix(None)}-{pattern}" for pattern in PATTERNS}
# A line of a diff: what becomes of a resource, its type, and its id with whatever else is said.
CHANGE = re.compile(r"^\[([-+~])\] (AWS::\S+) (.*)$", re.MULTILINE)
UNASKED = ("--require-approval", "never", "--concurrency", "4")


@dataclass
class App:
    """The workshop's CDK app, as it is at that moment."""

    folder: Path
    made: int = 0

    def synthesized(self, participant: str | None = None) -> Path:
        """The templates."""
        self.made += 1
        outdir = self.folder / f"assembly-{self.made}"
        make_app(participant=participant, outdir=str(outdir)).synth()
        return outdir


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path)


def differences(tools: Programs, assembly: Path, *stacks: str) -> tuple[str, list[tuple[str, ...]]]:
    """What `cdk diff --fail` prints of the stacks, and the changes in it."""
    try:
        printed = tools.cdk(assembly, "diff", "--fail", *stacks)
    except Failed as error:
        printed = error.output
    told = printed[printed.index("\nStack ") :]
    return told, CHANGE.findall(told)


def test_a_bad_order_goes_into_the_dlq_and_a_diff_names_what_was_changed(
    tools: Programs, account: Account, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the workshop's own stacks, as the CDK CLI deploys them
    first = app.synthesized()
    tools.cdk(first, "bootstrap")
    outputs_file = app.folder / "outputs.json"
    tools.cdk(first, "deploy", "--all", *UNASKED, "--outputs-file", str(outputs_file))
    outputs = json.loads(outputs_file.read_text("utf-8"))[STACKS["SqsDlq"]]
    # When an order is sent that always fails
    source, dlq = (
        Queue(account.client("sqs"), outputs[f"{name}Url"], "", account.time)
        for name in ("SourceQueue", "SourceQueueDlq")
    )
    sent = source.send('{"order_id": "A-17", "fault": {"kind": "raise", "until_attempt": 99}}')
    # Then it is received as often as the stack says, and moved
    account.time.until(lambda: dlq.holds(1))
    [message] = dlq.receive()
    assert message["MessageId"] == sent
    receives = str(settings.MAX_RECEIVE_COUNT + 1)
    assert message["Attributes"]["ApproximateReceiveCount"] == receives
    # And no stack has a difference
    printed, changes = differences(tools, first)
    assert changes == []
    assert printed.count("There were no differences") == len(STACKS)
    # When a queue is to be received from once more often
    monkeypatch.setattr(settings, "MAX_RECEIVE_COUNT", settings.MAX_RECEIVE_COUNT + 1)
    printed, changes = differences(tools, app.synthesized(), STACKS["SqsDlq"])
    # Then that is the difference, and no resource is replaced for it
    assert [(sign, kind) for sign, kind, _ in changes] == [("~", "AWS::SQS::Queue")]
    assert re.findall(r"\[[-+]\] (\d+)", printed) == ["3", "4"]
    assert "replace" not in printed


def test_changed_code_updates_the_function_and_replaces_none(
    tools: Programs, account: Account, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a stack of somebody's own
    stack = f"{stack_prefix('ada')}-SqsDlq"
    first = app.synthesized("ada")
    tools.cdk(first, "bootstrap")
    tools.cdk(first, "deploy", stack, *UNASKED)
    before = resources(account, stack)
    # When its code is changed
    code = app.folder / "lambda"
    shutil.copytree(constructs.HANDLERS, code)
    for module in code.rglob("*.py"):
        module.write_text(module.read_text("utf-8") + "# changed\n", "utf-8")
    monkeypatch.setattr(constructs, "HANDLERS", code)
    changed = app.synthesized("ada")
    printed, changes = differences(tools, changed, stack)
    # Then the function is the one resource that changes; a version of it comes, another goes
    assert sorted((sign, kind) for sign, kind, _ in changes) == [
        ("+", "AWS::Lambda::Version"),
        ("-", "AWS::Lambda::Version"),
        ("~", "AWS::Lambda::Alias"),
        ("~", "AWS::Lambda::Function"),
    ]
    assert "replace" not in printed
    # And that is what a deployment does
    tools.cdk(changed, "deploy", stack, *UNASKED)
    after = resources(account, stack)
    assert after["AWS::Lambda::Function"] == before["AWS::Lambda::Function"]
    assert after["AWS::Lambda::Version"] != before["AWS::Lambda::Version"]
    kinds = before.keys() - {"AWS::Lambda::Version"}
    assert {kind: after[kind] for kind in kinds} == {kind: before[kind] for kind in kinds}


def resources(account: Account, stack: str) -> dict[str, set[str]]:
    """The physical ids of a stack's resources, by type."""
    found: dict[str, set[str]] = {}
    cloudformation = account.client("cloudformation")
    for resource in cloudformation.describe_stack_resources(StackName=stack)["StackResources"]:
        found.setdefault(resource["ResourceType"], set()).add(resource["PhysicalResourceId"])
    return found


def test_a_wrong_property_is_named_before_anything_is_made(tools: Programs, tmp_path: Path) -> None:
    # Given an assembly whose queue has a property that queues have not
    wrong = {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeoutSeconds": 30}}}
    (tmp_path / "Wrong.template.json").write_text(json.dumps({"Resources": wrong}), "utf-8")
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/unknown-region",
        "properties": {"templateFile": "Wrong.template.json"},
    }
    manifest = {"version": "36.0.0", "artifacts": {"Wrong": stack}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    # When it is deployed, then the CLI says which, and where
    with pytest.raises(Failed) as caught:
        tools.cdk(tmp_path, "deploy", *UNASKED)
    assert "extraneous key [VisibilityTimeoutSeconds] is not permitted" in caught.value.output
    assert "/Resources/Q/Properties" in caught.value.output
