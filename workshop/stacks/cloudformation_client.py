"""CloudFormation with boto3: what there is, what is begun, what it says of its work."""

import contextlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from workshop.stacks.activity import STACK, StackEvent
from workshop.stacks.cloud_assembly import StackTemplate
from workshop.stacks.statuses import DEPLOYED
from workshop.target.session import Session

# How a stack's own event says that somebody asked for a change.
_BEGUN = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")


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
        """Whether the last change succeeded, with these tags and exactly this template."""
        found = self._describe(stack.name)
        if not found or found["StackStatus"] not in DEPLOYED:
            return False
        if {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])} != dict(tags):
            return False
        deployed = self._client.get_template(StackName=stack.name)["TemplateBody"]
        # boto3 gives a JSON template as a dict, some endpoints as text.
        body = json.loads(deployed) if isinstance(deployed, str) else deployed
        return bool(body == json.loads(stack.body))

    def begin(self, stack: StackTemplate, tags: Mapping[str, str]) -> bool:
        """Have a stack created, or changed when it is there; False when nothing would change."""
        change = self._client.update_stack if self.status(stack.name) else self._client.create_stack
        try:
            change(
                StackName=stack.name,
                TemplateBody=stack.body,
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            )
        except ClientError as error:
            if "No updates are to be performed" in error.response["Error"]["Message"]:
                return False
            raise
        return True

    def begin_deletion(self, name: str) -> None:
        """Have the stack deleted; a stack that is being deleted already goes on."""
        self._client.delete_stack(StackName=name)

    def events(self, name: str) -> list[StackEvent] | None:
        """What has happened since somebody last asked for a change of it; None without a stack.

        In the order in which it happened. Events before that are about other changes: a failure of
        last week explains nothing.
        """
        newest_first = list[StackEvent]()
        try:
            pages = self._client.get_paginator("describe_stack_events").paginate(StackName=name)
            for event in (one for page in pages for one in page["StackEvents"]):
                read = _read(event)
                newest_first.append(read)
                if read.is_of_stack and read.status in _BEGUN:
                    break
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        return newest_first[::-1]

    def proposed_at(self, name: str) -> datetime | None:
        """When the newest change set of a stack was made that can be executed.

        Where change sets may not be listed, or there are none, when the stack was begun; None where
        there is no stack.
        """
        times = list[datetime]()
        with contextlib.suppress(ClientError):
            pages = self._client.get_paginator("list_change_sets").paginate(StackName=name)
            for one in (one for page in pages for one in page["Summaries"]):
                if one["Status"] != "FAILED":
                    times.append(one["CreationTime"])
        if times:
            return max(times)
        stack = self._describe(name)
        return stack["CreationTime"] if stack else None

    def _describe(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found


def _read(event: Mapping[str, Any]) -> StackEvent:
    is_of_stack = event["PhysicalResourceId"] == event["StackId"] if event.get("StackId") else False
    return StackEvent(
        event["LogicalResourceId"],
        # A nested stack is a resource of its parent.
        STACK if is_of_stack else event["ResourceType"],
        event["ResourceStatus"],
        event.get("ResourceStatusReason", ""),
    )
