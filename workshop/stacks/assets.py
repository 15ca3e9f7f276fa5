"""What has to lie in an account before a stack can be made from a template of the CDK's.

On a real account `bootstrap` and the CDK CLI do this; on the embedded AWS nobody else does.
"""

from botocore.exceptions import ClientError

from workshop.stacks.cloud_assembly import Asset, StackTemplate
from workshop.target.session import Session

# What the templates and the real CDK CLI look for in a bootstrapped account.
_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = "30"


def publish(session: Session, stack: StackTemplate) -> None:
    """Upload what a stack refers to, and say that the account is prepared."""
    ssm = session.client("ssm")
    try:
        ssm.get_parameter(Name=_BOOTSTRAP_PARAMETER)
    except ssm.exceptions.ParameterNotFound:
        ssm.put_parameter(Name=_BOOTSTRAP_PARAMETER, Value=_BOOTSTRAP_VERSION, Type="String")
    for asset in stack.assets:
        _upload(session, asset)


def _upload(session: Session, asset: Asset) -> None:
    s3 = session.client("s3")
    bucket, key = _resolved(session, asset.bucket), _resolved(session, asset.key)
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError:
        s3.create_bucket(Bucket=bucket)
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
