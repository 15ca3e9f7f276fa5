"""Settings of a template that ministack leaves aside or behind."""

from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.stacks.settings import complete_settings, setters_of
from localaws.words.identity import Identity

BUCKET, TABLE = "AWS::S3::Bucket", "AWS::DynamoDB::Table"
ENABLED = {"VersioningConfiguration": {"Status": "Enabled"}}
SUSPENDED = {"VersioningConfiguration": {"Status": "Suspended"}}


class World:
    """A stack's module that makes whatever it is asked, and what S3 has of it."""

    def __init__(self) -> None:
        self.s3, self.stacks = ModuleType("s3"), ModuleType("stacks")
        vars(self.s3).update(_bucket_versioning={}, _bucket_tags={})
        vars(self.stacks).update(
            _provision_resource=lambda kind, logical_id, its, *_: ("it", {}),
            _update_resource=lambda kind, pid, old, new, *_: (new.get("BucketName", pid), {}),
        )
        others = ModuleType("others")
        identity = Identity("123456789012", "us-east-1")
        complete_settings(self.stacks, setters_of(self.s3, others, others, others, identity))

    def update(self, old: Any, new: Any) -> None:
        self.stacks._update_resource(BUCKET, "it", old, new, "stack", "It")


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        ({}, {}, None),
        ({}, ENABLED, "Enabled"),
        (ENABLED, ENABLED, "Enabled"),
        # S3 takes no versioning away: docs "Using versioning in S3 buckets"
        (ENABLED, {}, "Suspended"),
        (ENABLED, SUSPENDED, "Suspended"),
        (SUSPENDED, {}, "Suspended"),
    ],
)
def test_a_bucket_s_versioning(first: Any, then: Any, status: str | None) -> None:
    world = World()
    world.stacks._provision_resource(BUCKET, "It", first, "stack")
    world.update(first, then)
    assert world.s3._bucket_versioning.get("it") == status


def test_what_the_template_does_not_change_is_left_alone() -> None:
    world = World()
    world.s3._bucket_tags["it"] = {"mine": "1"}
    world.update(ENABLED, {})
    assert world.s3._bucket_tags == {"it": {"mine": "1"}}


def test_another_resource_gets_all_of_it() -> None:
    world = World()
    tags = {"Tags": [{"Key": "a", "Value": "1"}]}
    world.update(tags, tags | {"BucketName": "another"})
    assert world.s3._bucket_tags == {"another": {"a": "1"}}


def test_a_table_is_made_with_its_class_and_its_backups() -> None:
    module, stacks = ModuleType("dynamodb"), ModuleType("stacks")
    vars(module).update(_tables={"it": {}}, _pitr_settings={})
    vars(stacks).update(
        _provision_resource=lambda *_: ("it", {}),
        _update_resource=lambda *_: ("it", {}),
    )
    others, identity = ModuleType("others"), Identity("123456789012", "us-east-1")
    complete_settings(stacks, setters_of(others, others, others, module, identity))
    asked = {
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }
    made: Any = stacks
    made._provision_resource(TABLE, "It", asked, "stack")
    assert module._tables["it"]["TableClassSummary"]["TableClass"] == asked["TableClass"]
    assert module._pitr_settings == {"it": True}
    made._update_resource(TABLE, "it", asked, {}, "stack", "It")
    assert "TableClassSummary" not in module._tables["it"]
    assert module._pitr_settings == {"it": False}
