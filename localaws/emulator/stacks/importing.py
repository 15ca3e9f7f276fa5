"""An import into a stack: what exists is taken over as it is, and gets the stack's tags.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
"""

import asyncio
import logging
from types import ModuleType

from localaws.emulator.stacks.resource_changes import tag
from localaws.emulator.stacks.stack_operation import Operation, Record

_LOG = logging.getLogger("localaws.cloudformation")
# AWS's reasons.
_STARTED, _COMPLETED = "Resource import started.", "Resource import completed."
_TAGS = "Apply stack-level tags to imported resource if applicable."


class Importing:
    """The import that one change set asks for.

    Args:
        stacks: ministack's module that makes and changes stacks.
        change_sets: its module of change sets.
    """

    def __init__(self, stacks: ModuleType, change_sets: ModuleType) -> None:
        self._stacks = stacks
        self._change_sets = change_sets

    async def run(self, change_set: Record, stack: Record, is_new: bool) -> None:
        """Take over what it names, or none of it.

        Args:
            is_new: the stack is made by this import.
        """
        template, values = change_set["_template"], change_set["_resolved_params"]
        operation = Operation(self._stacks, stack, template, values)
        entries = {one["LogicalResourceId"]: one for one in change_set["_resources_to_import"]}
        ordered = self._stacks._topological_sort(operation.definitions, operation.conditions)
        taken: list[str] = []
        try:
            for name in [name for name in ordered if name in entries]:
                taken.append(name)
                self._take(operation, name, entries[name])
            for name in taken:
                await self._tag(operation, name)
        except ValueError as error:
            await asyncio.sleep(0)
            self._let_go(operation, taken, str(error), is_new)
            return
        await asyncio.sleep(0)
        stack |= {
            "_template": template,
            "_template_body": change_set["_template_body"],
            "_resolved_params": values,
            "_conditions": operation.conditions,
            "Capabilities": list(change_set.get("Capabilities", ())),
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": one["Value"], "NoEcho": one["NoEcho"]}
                for key, one in values.items()
            ],
            "StackStatusReason": "",
        }
        operation.tell("IMPORT_COMPLETE")

    def _take(self, operation: Operation, name: str, entry: Record) -> None:
        kind = entry["ResourceType"]
        operation.tell_of(name, kind, "IMPORT_IN_PROGRESS", _STARTED)
        try:
            if problem := self._change_sets._import_not_found([entry]):
                raise ValueError(problem)
            found = self._change_sets._import_resource(kind, entry["ResourceIdentifier"])
            properties = operation.read(operation.definitions[name].get("Properties", {}))
        except Exception as error:
            _LOG.debug("%s was not imported", name, exc_info=True)
            operation.tell_of(name, kind, "IMPORT_FAILED", str(error))
            raise ValueError(str(error)) from error
        physical_id, attributes = found
        operation.tell_of(name, kind, "IMPORT_IN_PROGRESS", "", physical_id)
        operation.tell_of(name, kind, "IMPORT_COMPLETE", _COMPLETED, physical_id)
        none = self._stacks._NO_VALUE
        operation.resources[name] = {
            "PhysicalResourceId": physical_id,
            "ResourceType": kind,
            "ResourceStatus": "IMPORT_COMPLETE",
            "LogicalResourceId": name,
            "Properties": {one: value for one, value in properties.items() if value is not none},
            "Attributes": attributes,
            "Timestamp": self._stacks.now_iso(),
        }

    async def _tag(self, operation: Operation, name: str) -> None:
        record = operation.resources[name]
        kind, physical_id = record["ResourceType"], record["PhysicalResourceId"]
        operation.tell_of(name, kind, "UPDATE_IN_PROGRESS", _TAGS, physical_id)
        try:
            await tag(operation, name, record)
        except Exception as error:
            operation.tell_of(name, kind, "UPDATE_FAILED", str(error), physical_id)
            raise ValueError(str(error)) from error
        record["ResourceStatus"] = "UPDATE_COMPLETE"
        operation.tell_of(name, kind, "UPDATE_COMPLETE", "", physical_id)

    def _let_go(self, operation: Operation, taken: list[str], reason: str, is_new: bool) -> None:
        operation.stack["StackStatusReason"] = reason
        operation.tell("IMPORT_ROLLBACK_IN_PROGRESS", reason)
        for name in reversed(taken):
            record = operation.resources.pop(name, {})
            kind = operation.definitions[name]["Type"]
            for status in ("IMPORT_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_COMPLETE"):
                about = (name, kind, status, "")
                operation.tell_of(*about, record.get("PhysicalResourceId", ""))
        operation.stack["StackStatusReason"] = ""
        operation.tell("ROLLBACK_COMPLETE" if is_new else "IMPORT_ROLLBACK_COMPLETE")
