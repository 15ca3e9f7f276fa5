"""Stacks with boto3: what the CDK CLI does for a real account, for the embedded one."""

import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from workshop.errors import DeploymentError
from workshop.stacks.cloud_assembly import Asset, StackTemplate
from workshop.target.session import Session

# What the templates and the real CDK CLI look for in a bootstrapped account.
_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
_BOOTSTRAP_VERSION = "30"
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
# CloudFormation answers a few questions a second and account; a class asks at once.
_POLL_S, _AWS_POLL_S = 0.05, 5.0


class CloudFormation:
    """The stacks of one target."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._client = session.client("cloudformation")

    def status(self, name: str) -> str | None:
        """The stack's status; None when it does not exist."""
        stack = self._describe(name)
        return str(stack["StackStatus"]) if stack else None

    def arn(self, name: str) -> str | None:
        """The stack's ARN, which names its account and Region; None when it does not exist."""
        stack = self._describe(name)
        return str(stack["StackId"]) if stack else None

    def tags(self, name: str) -> dict[str, str] | None:
        """The stack's own tags, which its resources have as well; None when it does not exist."""
        stack = self._describe(name)
        return {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])} if stack else None

    def ids(self, name: str, resource_type: str = "") -> set[str]:
        """What the stack's resources are called in their services: names, URLs or ARNs.

        Args:
            name: the stack.
            resource_type: only those of this type; default all.
        """
        pages = self._client.get_paginator("list_stack_resources").paginate(StackName=name)
        return {
            resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
            if resource.get("PhysicalResourceId")
            and resource_type in ("", resource["ResourceType"])
        }

    def is_current(self, stack: StackTemplate, tags: Mapping[str, str]) -> bool:
        """Whether the stack is complete, has these tags and is made from exactly this template."""
        if self.status(stack.name) not in _DONE or self.tags(stack.name) != dict(tags):
            return False
        deployed = self._client.get_template(StackName=stack.name)["TemplateBody"]
        # boto3 gives a JSON template as a dict, some endpoints as text.
        found = json.loads(deployed) if isinstance(deployed, str) else deployed
        return bool(found == json.loads(stack.body))

    def deploy(self, stack: StackTemplate, tags: Mapping[str, str]) -> None:
        """Upload the assets, then create or update the stack and wait for it.

        Raises:
            DeploymentError: with CloudFormation's reason.
        """
        self._bootstrap()
        for asset in stack.assets:
            self._upload(asset)
        status = self.status(stack.name)
        if status and status not in _DONE:
            # A stack whose creation failed can only be made again.
            self.delete(stack.name)
            status = None
        change = self._client.update_stack if status else self._client.create_stack
        change(
            StackName=stack.name,
            TemplateBody=stack.body,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        ended = self._wait(stack.name)
        if ended not in _DONE:
            raise DeploymentError(
                f"The stack {stack.name} ended as {ended}: {self._reason(stack.name)}",
                "Correct the resource that is named and deploy again.",
            )

    def delete(self, name: str) -> None:
        """Delete the stack and wait until it is gone.

        Raises:
            DeploymentError: with CloudFormation's reason.
        """
        self.begin_deletion(name)
        self.finish_deletion(name)

    def begin_deletion(self, name: str) -> None:
        """Have the stack deleted; a stack that is being deleted already goes on."""
        self._client.delete_stack(StackName=name)

    def finish_deletion(self, name: str) -> None:
        """Wait until a stack is gone.

        Raises:
            DeploymentError: with CloudFormation's reason.
        """
        ended = self._wait(name)
        if ended not in (None, "DELETE_COMPLETE"):
            raise DeploymentError(
                f"The stack {name} ended as {ended}: {self._reason(name)}",
                "Remove what is in the way and delete again.",
            )

    def _describe(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found

    def _wait(self, name: str) -> str | None:
        while (status := self.status(name)) and status.endswith("_IN_PROGRESS"):
            time.sleep(_POLL_S if self._session.clock.is_virtual else _AWS_POLL_S)
        return status

    def _reason(self, name: str) -> str:
        events = self._client.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason")
        ]
        # Newest first: the oldest failure is the cause, the later ones follow from it.
        return failed[-1] if failed else "no reason was given"

    def _bootstrap(self) -> None:
        ssm = self._session.client("ssm")
        try:
            ssm.get_parameter(Name=_BOOTSTRAP_PARAMETER)
        except ssm.exceptions.ParameterNotFound:
            ssm.put_parameter(Name=_BOOTSTRAP_PARAMETER, Value=_BOOTSTRAP_VERSION, Type="String")

    def _upload(self, asset: Asset) -> None:
        s3 = self._session.client("s3")
        bucket, key = self._resolved(asset.bucket), self._resolved(asset.key)
        try:
            s3.head_bucket(Bucket=bucket)
        except ClientError:
            s3.create_bucket(Bucket=bucket)
        # The key is a hash of the content, so an object that exists is the right one.
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=key)
        if not listed.get("KeyCount"):
            s3.put_object(Bucket=bucket, Key=key, Body=asset.content())

    def _resolved(self, name: str) -> str:
        values = {
            "${AWS::AccountId}": self._session.account(),
            "${AWS::Region}": self._session.region,
            "${AWS::Partition}": "aws",
        }
        for placeholder, value in values.items():
            name = name.replace(placeholder, value)
        return name
