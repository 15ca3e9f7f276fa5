"""A stack that scenarios send templates to."""

import json
import time
from typing import Any

from tests.scenarios.account import Account


class TemplatedStack:
    """A stack that is made of templates, one after the other."""

    def __init__(self, account: Account, name: str = "") -> None:
        """Take a name for it, or one that is there, such as a nested stack's."""
        self.name = name or account.unique("stack")
        self.cloudformation = account.client("cloudformation")
        self._is_virtual = account.time.is_virtual
        if not name:
            account.on_close(self._delete)

    def send(self, verb: str, resources: dict[str, Any], **options: Any) -> str:
        """Create or update it; how that ended."""
        sections = options.pop("sections", {})
        body = json.dumps({"Resources": resources} | sections)
        call = getattr(self.cloudformation, f"{verb}_stack")
        call(StackName=self.name, TemplateBody=body, **options)
        return self.end()

    def delete(self, **options: Any) -> str:
        """Delete it; how that ended."""
        stack_id = self.told()["StackId"]
        self.cloudformation.delete_stack(StackName=self.name, **options)
        return self.end(stack_id)

    def end(self, stack_id: str = "") -> str:
        """Wait for what goes on to end; how it did. A deleted stack is known by its id alone."""
        while (told := self.told(stack_id))["StackStatus"].endswith("IN_PROGRESS"):
            if not self._is_virtual:
                time.sleep(5)
        return str(told["StackStatus"])

    def told(self, stack_id: str = "") -> dict[str, Any]:
        """What CloudFormation says of it."""
        name = stack_id or self.name
        [stack] = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        return dict(stack)

    def events(self) -> list[dict[str, Any]]:
        """All of them, the first one first."""
        pages = self.cloudformation.get_paginator("describe_stack_events")
        found = [one for page in pages.paginate(StackName=self.name) for one in page["StackEvents"]]
        return found[::-1]

    def reasons(self) -> str:
        """Why things happened, a line for each event."""
        return "\n".join(event.get("ResourceStatusReason", "") for event in self.events())

    def validation_errors(self, **options: Any) -> list[dict[str, Any]]:
        """What was wrong before anything was made."""
        told = self.cloudformation.describe_events(StackName=self.name, **options)
        return [one for one in told["OperationEvents"] if one["EventType"] == "VALIDATION_ERROR"]

    def physical_id(self, logical_id: str) -> str:
        """What a resource is called in its service."""
        answer = self.cloudformation.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    def _delete(self) -> None:
        self.cloudformation.delete_stack(StackName=self.name)
