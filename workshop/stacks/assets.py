"""What has to lie in an account before a stack can be made from a template of the CDK's.

On a real account `bootstrap` and the CDK CLI do this; on the embedded AWS nobody else does.
"""

import json
from typing import Any

from workshop.errors import DeploymentError
from workshop.stacks.cloud_assembly import Asset, StackTemplate
from workshop.target.session import Session

# What templates and the CDK CLI look for in a bootstrapped account, made as `cdk bootstrap`
# makes it: by a stack of this name, with these logical ids. So it can still be run, and finds its
# own. https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
_BOOTSTRAP_STACK = "CDKToolkit"
_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = "30"
# It is made within the first few: a bucket and a parameter, by the emulator's own calls.
_MOST_LOOKS = 1000
_BUCKET = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
_TEMPLATE: dict[str, Any] = {
    "Resources": {
        "StagingBucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"BucketName": {"Fn::Sub": _BUCKET}},
        },
        "CdkBootstrapVersion": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {
                "Type": "String",
                "Name": _BOOTSTRAP_PARAMETER,
                "Value": _BOOTSTRAP_VERSION,
            },
        },
    },
    "Outputs": {
        "BucketName": {"Value": {"Ref": "StagingBucket"}},
        "BootstrapVersion": {"Value": {"Fn::GetAtt": ["CdkBootstrapVersion", "Value"]}},
    },
}


def publish(session: Session, stack: StackTemplate) -> None:
    """Upload what a stack refers to, and prepare the account for it.

    Raises:
        DeploymentError: the account could not be prepared.
    """
    ssm = session.client("ssm")
    try:
        ssm.get_parameter(Name=_BOOTSTRAP_PARAMETER)
    except ssm.exceptions.ParameterNotFound:
        _prepare(session)
    for asset in stack.assets:
        _upload(session, asset)


def _prepare(session: Session) -> None:
    cloudformation = session.client("cloudformation")
    cloudformation.create_stack(StackName=_BOOTSTRAP_STACK, TemplateBody=json.dumps(_TEMPLATE))
    status = reason = ""
    for _ in range(_MOST_LOOKS):
        [made] = cloudformation.describe_stacks(StackName=_BOOTSTRAP_STACK)["Stacks"]
        status, reason = made["StackStatus"], made.get("StackStatusReason", "no reason is told")
        if status == "CREATE_COMPLETE":
            return
        if not status.endswith("IN_PROGRESS"):
            break
    raise DeploymentError(
        f"The stack {_BOOTSTRAP_STACK}, which holds what stacks are made of, is {status}: {reason}",
        "Start a new embedded AWS, or delete what has the names of its resources.",
    )


def _upload(session: Session, asset: Asset) -> None:
    s3 = session.client("s3")
    bucket, key = _resolved(session, asset.bucket), _resolved(session, asset.key)
    # The key is a hash of the content, so an object that exists is the right one.
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=key)
    if not listed.get("KeyCount"):
        s3.put_object(Bucket=bucket, Key=key, Body=asset.content())


def _resolved(session: Session, name: str) -> str:
    values = {
        "${AWS::AccountId}": session.account(),
        "${AWS::Region}": session.region,
        "${AWS::Partition}": "aws",
    }
    for placeholder, value in values.items():
        name = name.replace(placeholder, value)
    return name
