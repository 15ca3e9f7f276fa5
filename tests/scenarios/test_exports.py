"""What one stack exports and another imports: it stays as it is, for as long as it is imported."""

import json
from typing import Any

import pytest

from tests.scenarios import outlets
from tests.scenarios.account import Account
from tests.scenarios.templated_stack import TemplatedStack

QUEUE = {"It": {"Type": "AWS::SQS::Queue"}}


@pytest.fixture
def exporter(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


@pytest.fixture
def importer(account: Account) -> TemplatedStack:
    return TemplatedStack(account)


def exporting(name: str, value: str) -> dict[str, Any]:
    return {"Outputs": {"Told": {"Value": value, "Export": {"Name": name}}}}


def importing(name: str) -> dict[str, Any]:
    its = {"DelaySeconds": {"Fn::ImportValue": name}}
    return {"It": {"Type": "AWS::SQS::Queue", "Properties": its}}


def test_what_is_imported_stays(
    account: Account, exporter: TemplatedStack, importer: TemplatedStack
) -> None:
    # Given a stack that exports, and one that imports
    name = account.unique("delay")
    exporter.send("create", QUEUE, sections=exporting(name, "5"))
    assert importer.send("create", importing(name)) == "CREATE_COMPLETE"
    in_use = f"export {name} as it is in use by {importer.name}."
    # When the export is to change, or to go, then that is rolled back
    goes = f"Delete canceled. Cannot delete {in_use}"
    for sections, told in ((exporting(name, "6"), f"Cannot update {in_use}"), ({}, goes)):
        assert exporter.send("update", QUEUE, sections=sections) == "UPDATE_ROLLBACK_COMPLETE"
        assert told in exporter.reasons()
    # When its stack is to go, then it begins to, and is as it was
    assert exporter.delete() == "UPDATE_ROLLBACK_COMPLETE"
    told_last = [
        (one["ResourceStatus"], one.get("ResourceStatusReason"))
        for one in exporter.events()
        if one["LogicalResourceId"] == exporter.name
    ][-2:]
    assert told_last == [
        ("DELETE_IN_PROGRESS", "User Initiated"),
        ("UPDATE_ROLLBACK_COMPLETE", goes),
    ]
    assert exporter.told()["StackStatusReason"] == goes
    # When nobody imports it any more, then it may go, and is gone
    assert importer.send("update", QUEUE) == "UPDATE_COMPLETE"
    assert exporter.send("update", QUEUE, sections=exporting(name, "6")) == "UPDATE_COMPLETE"
    assert exporter.send("update", QUEUE, sections={}) == "UPDATE_COMPLETE"
    assert importer.send("update", importing(name)) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"No export named {name} found." in importer.reasons()


def test_a_nested_stack_imports_what_there_is(account: Account, importer: TemplatedStack) -> None:
    bucket, name = outlets.bucket(account), account.unique("nothing")
    body = json.dumps({"Resources": importing(name)})
    account.client("s3").put_object(Bucket=bucket, Key="it.json", Body=body)
    its = {"TemplateURL": f"https://{bucket}.s3.amazonaws.com/it.json"}
    nested = {"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": its}}
    assert importer.send("create", nested) == "ROLLBACK_COMPLETE"
    assert f"No export named {name} found." in importer.reasons()


def test_a_name_is_exported_by_one_stack(
    account: Account, exporter: TemplatedStack, importer: TemplatedStack
) -> None:
    name = account.unique("name")
    exporter.send("create", QUEUE, sections=exporting(name, "5"))
    other = importer.send("create", QUEUE, sections=exporting(name, "6"))
    assert other == "ROLLBACK_COMPLETE"
    assert f"Export with name {name} is already exported by stack {exporter.name}." in (
        importer.reasons()
    )
    assert exporter.send("update", QUEUE, sections=exporting(name, "7")) == "UPDATE_COMPLETE"


def test_what_is_exported_is_short(account: Account, exporter: TemplatedStack) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudformation."""
    sections = exporting(account.unique("long"), "x" * 1025)
    assert exporter.send("create", QUEUE, sections=sections) == "ROLLBACK_COMPLETE"
    told = "Cannot export output Told with length 1025. Max length of 1024 exceeded."
    assert told in exporter.reasons()
