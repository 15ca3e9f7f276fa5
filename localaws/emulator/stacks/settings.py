"""Settings of a template that ministack's own handlers do not make, or leave when they go.

What leaves a template leaves the resource:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

import json
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.words.identity import Identity

# From a resource's physical id and a property's value, None where the template has none.
Setter = Callable[[str, Any], None]
Setters = Mapping[str, Mapping[str, Setter]]


def complete_settings(stacks: ModuleType, setters: Setters) -> None:
    """Let stacks make these settings after ministack made or changed a resource.

    Args:
        stacks: ministack's module that makes and changes resources.
        setters: type -> property -> what sets it.
    """
    provision, update = stacks._provision_resource, stacks._update_resource

    def complete(
        kind: str, physical_id: str, old: Mapping[str, Any] | None, new: Mapping[str, Any]
    ) -> None:
        for name, put in setters.get(kind, {}).items():
            # One of that name may have been here before, and have left its settings.
            if old is None or old.get(name) != new.get(name):
                put(physical_id, new.get(name))

    def provisioned(kind: str, logical_id: str, properties: Any, *rest: Any) -> Any:
        made = provision(kind, logical_id, properties, *rest)
        complete(kind, made[0], None, properties)
        return made

    def updated(kind: str, physical_id: str, old: Any, new: Any, *rest: Any) -> Any:
        made = update(kind, physical_id, old, new, *rest)
        complete(kind, made[0], old if made[0] == physical_id else None, new)
        return made

    replace(stacks, "_provision_resource", provisioned)
    replace(stacks, "_update_resource", updated)


def setters_of(
    s3: ModuleType,
    eventbridge: ModuleType,
    kms: ModuleType,
    dynamodb: ModuleType,
    identity: Identity,
) -> Setters:
    """What sets them in ministack's services."""

    def of_bus(name: str) -> Setter:
        def put(bus: str, value: Any) -> None:
            settings = eventbridge._event_buses[bus]
            settings.pop(name, None)
            if value is not None:
                settings[name] = value

        return put

    def versioning(bucket: str, value: Any) -> None:
        # A bucket that had versions once never is as if it had not: S3's guide, "Versioning".
        status = (value or {}).get("Status")
        if status or bucket in s3._bucket_versioning:
            s3._bucket_versioning[bucket] = status or "Suspended"

    def tags(bucket: str, value: Any) -> None:
        s3._bucket_tags[bucket] = {tag["Key"]: tag["Value"] for tag in value or ()}
        if not value:
            s3._bucket_tags.pop(bucket)

    def key_policy(key_id: str, value: Any) -> None:
        policy = value or _default_key_policy(identity)
        kms._keys[key_id]["Policy"] = policy if isinstance(policy, str) else json.dumps(policy)

    def rotation_period(key_id: str, value: Any) -> None:
        if value is None:
            kms._keys[key_id].pop("RotationPeriodInDays", None)

    def table_class(table: str, value: Any) -> None:
        dynamodb._tables[table].pop("TableClassSummary", None)
        if value is not None:
            dynamodb._tables[table]["TableClassSummary"] = {"TableClass": value}

    def backups(table: str, value: Any) -> None:
        dynamodb._pitr_settings[table] = (value or {}).get("PointInTimeRecoveryEnabled", False)

    of_buses = ("Description", "DeadLetterConfig", "KmsKeyIdentifier", "LogConfig")
    return {
        "AWS::DynamoDB::Table": {
            "PointInTimeRecoverySpecification": backups,
            "TableClass": table_class,
        },
        "AWS::Events::EventBus": {name: of_bus(name) for name in of_buses},
        "AWS::S3::Bucket": {"Tags": tags, "VersioningConfiguration": versioning},
        "AWS::KMS::Key": {"KeyPolicy": key_policy, "RotationPeriodInDays": rotation_period},
    }


def _default_key_policy(identity: Identity) -> dict[str, Any]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"""
    return {
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [
            {
                "Sid": "Enable IAM User Permissions",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{identity.account_id}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
