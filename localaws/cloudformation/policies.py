"""Policies of queues and topics as CloudFormation resources."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from localaws.cloudformation.resources import Made, Properties, as_text, unless_gone


class PolicyResource:
    """AWS::SQS::QueuePolicy and AWS::SNS::TopicPolicy: one document on several resources.

    Args:
        put: sets the policy text of one resource; an empty text removes it.
        members: the property that names the resources.
    """

    def __init__(self, put: Callable[[str, str], Awaitable[Any]], members: str) -> None:
        self._put = put
        self._members = members
        # Member -> the physical id of the policy that it has. One that takes over under another
        # logical id is made before the old one goes, which must not take it along.
        self._owners: dict[str, str] = {}

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made:
        physical_id = f"{stack}-{logical_id}-{uuid.uuid4().hex[:12]}"
        await self._put_all(physical_id, properties)
        return physical_id, {}

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made:
        dropped = [m for m in old[self._members] if m not in new[self._members]]
        await self.delete(physical_id, {self._members: dropped})
        await self._put_all(physical_id, new)
        return physical_id, {}

    async def delete(self, physical_id: str, properties: Properties) -> None:
        for member in properties[self._members]:
            if self._owners.get(member) == physical_id:
                del self._owners[member]
                await unless_gone(self._put(member, ""))

    async def _put_all(self, physical_id: str, properties: Properties) -> None:
        for member in properties[self._members]:
            await self._put(member, as_text(properties["PolicyDocument"]))
            self._owners[member] = physical_id
