"""Names that are taken: a stack makes no resource out of what belongs to somebody else.

ministack writes over most of what is there, and deletes it with the second stack. On AWS the name
of a resource that its template names is its own, and a second creation fails.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.cloudformation.resources import AlreadyExists
from localaws.emulator.iam.names import is_taken
from localaws.emulator.seams import replace
from localaws.emulator.stacks.service_answers import handler_error
from localaws.emulator.stacks.stack_operation import Untouched

Properties = Mapping[str, Any]
# Whether there is something of this name, from the properties that it was given in.
_IsThere = Callable[[str, Properties], bool]
# The property that names a resource of a type, and whether the name is taken.
Named = tuple[str, _IsThere]

# ministack looks for buckets itself; of these, the names do not identify them, but ARNs.
_NOT_LOOKED_FOR = (
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
)
# Of our services.
_OURS = ("AWS::Lambda::Function", "AWS::Logs::LogGroup")
# What else says which one it is, and may change while the name stays.
_PLACES = {"AWS::Events::Rule": ("EventBusName",)}
# What is said of a type's name, where that is not what most handlers say. Both stand in events of
# AWS's: https://github.com/awslabs/cdk-serverless-clamscan/issues/1382 and, with IAM's own words,
# https://github.com/udondan/cdk-ec2-key-pair/issues/183.
_WORDS = {
    "AWS::IAM::ManagedPolicy": (
        "A policy called {} already exists. Duplicate names are not allowed."
    ),
    "AWS::S3::BucketPolicy": "The bucket policy already exists on bucket {}.",
}


def keep_names(stacks: ModuleType, modules: Mapping[str, ModuleType]) -> None:
    """Let stacks refuse to make what is there.

    Args:
        stacks: ministack's module that makes and changes resources.
        modules: its services by their names in `seams`.
    """
    named = _named(modules)
    provision, update = stacks._provision_resource, stacks._update_resource

    def check(kind: str, properties: Properties) -> None:
        prop, is_there = named.get(kind, ("", _never))
        name = properties.get(prop)
        if name and is_there(str(name), properties):
            # On AWS the code is that of the handlers' contract, not of an API.
            raise Untouched(handler_error(("AlreadyExists", _told(kind, str(name)))))

    def provisioned(kind: str, logical_id: str, properties: Any, *rest: Any) -> Any:
        check(kind, properties)
        return provision(kind, logical_id, properties, *rest)

    def updated(kind: str, physical_id: str, old: Any, new: Any, *rest: Any) -> Any:
        prop, _ = named.get(kind, ("", _never))
        if any(old.get(name) != new.get(name) for name in (prop, *_PLACES.get(kind, ()))):
            check(kind, new)
        return update(kind, physical_id, old, new, *rest)

    replace(stacks, "_provision_resource", provisioned)
    replace(stacks, "_update_resource", updated)


def looked_for(
    modules: Mapping[str, ModuleType], lookups: Mapping[str, Any]
) -> Mapping[str, Named]:
    """Types whose names are looked for before a deployment: those that a template identifies.

    A queue's URL and a topic's ARN are the service's to give, and nobody can look for them.

    Args:
        modules: ministack's services by their names in `seams`.
        lookups: for an import: the members of a type's identifier, and what says why there is none.
    """
    named = {kind: of for kind, of in _named(modules).items() if kind not in _NOT_LOOKED_FOR}
    for kind in _OURS:
        [identifier], problem = lookups[kind]
        named[kind] = (identifier, _found_by(problem))
    return named


def _told(kind: str, name: str) -> str:
    words = _WORDS.get(kind)
    return words.format(name) if words else AlreadyExists.of(kind, name).message


def _found_by(problem: Callable[[str], str | None]) -> _IsThere:
    return lambda name, _properties: problem(name) is None


def _never(_name: str, _properties: Properties) -> bool:
    return False


def _named(modules: Mapping[str, ModuleType]) -> Mapping[str, Named]:
    """Type -> the property that names it, and whether the name is taken."""
    cloudwatch, dynamodb, ecr, eventbridge, iam, kms, s3, ssm = (
        modules[f"services.{name}"]
        for name in ("cloudwatch", "dynamodb", "ecr", "eventbridge", "iam", "kms", "s3", "ssm")
    )

    def policy(name: str, _properties: Properties) -> bool:
        # A name is taken on every path.
        return is_taken(name, [policy["PolicyName"] for policy in iam._policies.values()])

    def rule(name: str, properties: Properties) -> bool:
        bus = modules["services.cloudformation.provisioners"]._eb_rule_bus_name(properties)
        return eventbridge._rule_key(name, bus) in eventbridge._rules

    def within(known: Mapping[str, Any]) -> _IsThere:
        return lambda name, _properties: name in known

    def in_any_case(known: Mapping[str, Any]) -> _IsThere:
        return lambda name, _properties: is_taken(name, known)

    return {
        "AWS::CloudWatch::Alarm": ("AlarmName", within(cloudwatch._alarms)),
        "AWS::CloudWatch::Dashboard": ("DashboardName", within(cloudwatch._dashboards)),
        "AWS::DynamoDB::GlobalTable": ("TableName", within(dynamodb._tables)),
        "AWS::DynamoDB::Table": ("TableName", within(dynamodb._tables)),
        "AWS::ECR::Repository": ("RepositoryName", within(ecr._repositories)),
        "AWS::Events::EventBus": ("Name", within(eventbridge._event_buses)),
        "AWS::Events::Rule": ("Name", rule),
        "AWS::IAM::InstanceProfile": ("InstanceProfileName", in_any_case(iam._instance_profiles)),
        "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", policy),
        "AWS::IAM::Role": ("RoleName", in_any_case(iam._roles)),
        "AWS::IAM::User": ("UserName", in_any_case(iam._users)),
        "AWS::KMS::Alias": ("AliasName", lambda name, _: kms._alias_arn(name) in kms._aliases),
        "AWS::S3::Bucket": ("BucketName", within(s3._buckets)),
        "AWS::S3::BucketPolicy": ("Bucket", within(s3._bucket_policies)),
        "AWS::SSM::Parameter": ("Name", within(ssm._parameters)),
    }
