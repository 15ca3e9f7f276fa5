"""Which types of resources a stack may have: those whose service is here, and no others.

ministack would make resources of many services more. Nothing can reach them, so a stack that has
one would be complete and not work. AWS's own answer to a type that it does not know comes before
anything is made, and so does ours.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

# What ministack makes of the services that it plays here. Its others stay out, and so do a wait
# condition, which nobody could signal, and custom resources, whose functions could not answer.
OF_THE_EMULATOR = frozenset(
    {
        "AWS::CDK::Metadata",
        "AWS::CloudFormation::Stack",
        "AWS::CloudFormation::WaitConditionHandle",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::DynamoDB::GlobalTable",
        "AWS::DynamoDB::Table",
        "AWS::ECR::Repository",
        "AWS::Events::EventBus",
        "AWS::Events::Rule",
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::IAM::User",
        "AWS::KMS::Alias",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
        "AWS::SSM::Parameter",
    }
)
# What the CDK makes custom resources for -> what does the same without one.
_WITHOUT = {
    "Custom::S3BucketNotifications": (
        "A bucket tells its targets by NotificationConfiguration of AWS::S3::Bucket, with what "
        "lets it in made first; in the CDK not addEventNotification but "
        "`bucket.node.default_child.notification_configuration`."
    ),
    "Custom::S3AutoDeleteObjects": (
        "Leave out autoDeleteObjects, and empty the bucket before you delete its stack."
    ),
    "Custom::LogRetention": (
        "Give the function a log group with a retention (logGroup) in the place of logRetention."
    ),
    "Custom::CDKBucketDeployment": "Put the objects into the bucket once the stack is there.",
}
# What stands for a resource type of AWS, or for one of the template's author.
_A_TYPE = re.compile(r"AWS::\w+::\w+|Custom::[\w@-]+")
_CUSTOM = "AWS::CloudFormation::CustomResource"

# As ministack calls it: template, conditions, parameters; a ValueError is the answer.
Validate = Callable[..., None]


def refusing(theirs: Validate, here: Container[str]) -> Validate:
    """ministack's look at a template, after ours at the types that it has.

    Args:
        theirs: raises ValueError for a template that cannot be.
        here: the types that can be made.
    """

    def validate(
        template: Mapping[str, Any], conditions: Mapping[str, bool], *rest: Any, **named: Any
    ) -> None:
        if absent := sorted({name for name in _types(template, conditions) if name not in here}):
            raise ValueError(
                f"Template format error: not part of the embedded AWS: [{', '.join(absent)}]. "
                "Use a real account for them, or look whether the names are right."
                + "".join(f" {name}: {_WITHOUT[name]}" for name in absent if name in _WITHOUT)
            )
        theirs(template, conditions, *rest, **named)

    return validate


def _types(template: Mapping[str, Any], conditions: Mapping[str, bool]) -> Iterator[str]:
    """Of the resources that would be made; what is no type at all is for ministack to refuse."""
    resources = template.get("Resources")
    # A macro may rewrite any resource: AWS looks at what comes out of it.
    if template.get("Transform") or not isinstance(resources, Mapping):
        return
    for resource in resources.values():
        if not isinstance(resource, Mapping):
            continue
        condition = resource.get("Condition")
        if isinstance(condition, str) and not conditions.get(condition, True):
            continue
        name = resource.get("Type", _CUSTOM)
        if isinstance(name, str) and _A_TYPE.fullmatch(name):
            yield name
