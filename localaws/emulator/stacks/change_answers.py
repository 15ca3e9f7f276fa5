"""DescribeChangeSet with all that AWS tells of a change set, and with values where asked for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
"""

import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from localaws.emulator.stacks.change_values import CHANGE_SET_ID, CONTEXTS, value_at
from localaws.emulator.stacks.elements import Answer, body_of, tag, text_of
from localaws.emulator.stacks.nested_requests import is_nested

_ACTION = "DescribeChangeSet"
_OPERATIONS = ("ExecuteChangeSet", "UpdateStack")
_AUTOMATIC = {
    "Target": {"Attribute": "Properties", "RequiresRecreation": "Never"},
    "Evaluation": "Dynamic",
    "ChangeSource": "Automatic",
}


def tell_values(handlers: ModuleType, change_sets: ModuleType) -> None:
    """Let change sets be described as AWS describes them.

    Args:
        handlers: ministack's module that answers requests.
        change_sets: its module of change sets.
    """
    describe = handlers._ACTION_HANDLERS[_ACTION]

    def described(params: Any) -> Answer:
        status, headers, body = describe(params)
        if status != 200:
            return status, headers, body
        name, of = (handlers._p(params, one) for one in ("ChangeSetName", "StackName"))
        _, change_set = change_sets._find_change_set(name, of)
        root = ElementTree.fromstring(body)
        result = root.find(tag(f"{_ACTION}Result"))
        if result is not None:
            for empty in ("NotificationARNs", "RollbackConfiguration"):
                SubElement(result, tag(empty))
            SubElement(result, tag("IncludeNestedStacks")).text = "false"
        if str(handlers._p(params, "IncludePropertyValues", "false")).lower() == "true":
            for change in root.iter(tag("ResourceChange")):
                its = change_set.get(CONTEXTS, {}).get(text_of(change, "LogicalResourceId"), {})
                _tell(change, its)
        return status, headers, body_of(root)

    handlers._ACTION_HANDLERS[_ACTION] = described
    execute, update = (handlers._ACTION_HANDLERS[name] for name in _OPERATIONS)

    def executed(params: Any) -> Any:
        name, of = (handlers._p(params, one) for one in ("ChangeSetName", "StackName"))
        found, change_set = change_sets._find_change_set(name, of)
        answer = execute(params)
        if answer[0] == 200:
            handlers._resolve_stack(change_set["StackName"])[CHANGE_SET_ID] = found
        return answer

    def updated(params: Any) -> Any:
        answer = update(params)
        if answer[0] == 200:
            stack = handlers._resolve_stack(handlers._p(params, "StackName"))
            stack.pop(CHANGE_SET_ID, None)
        return answer

    handlers._ACTION_HANDLERS.update(zip(_OPERATIONS, (executed, updated), strict=True))


def tell_nested(change_sets: ModuleType) -> Any:
    """ministack's comparison of templates, with what may have changed inside of nested stacks.

    AWS does not look into them before the update: each of them is a change.
    """
    theirs = change_sets._diff_resources

    def compared(old: Any, new: Any, resources: Any = None, *rest: Any) -> list[Any]:
        changes: list[Any] = theirs(old, new, resources, *rest)
        told = {one["ResourceChange"]["LogicalResourceId"] for one in changes}
        before = old.get("Resources", {})
        for name, definition in new.get("Resources", {}).items():
            if is_nested(definition) and name in before and name not in told:
                physical_id = (resources or {}).get(name, {}).get("PhysicalResourceId", "")
                change = {
                    "Action": "Modify",
                    "LogicalResourceId": name,
                    "PhysicalResourceId": physical_id,
                    "ResourceType": definition["Type"],
                    "Replacement": "False",
                    "Scope": ["Properties"],
                    "Details": [_AUTOMATIC],
                }
                changes.append({"ResourceChange": change})
        return sorted(changes, key=lambda one: str(one["ResourceChange"]["LogicalResourceId"]))

    return compared


def _tell(change: Element, contexts: Mapping[str, Any]) -> None:
    if text_of(change, "Action") == "Add":
        SubElement(change, tag("Replacement")).text = "True"
    for when, context in contexts.items():
        text = json.dumps(context, separators=(",", ":"))
        SubElement(change, tag(f"{when}Context")).text = text
    for target in change.iter(tag("Target")):
        attribute, name = text_of(target, "Attribute"), text_of(target, "Name")
        values = {
            when: value
            for when in ("Before", "After")
            if (value := value_at(contexts.get(when), attribute, name)) is not None
        }
        SubElement(target, tag("Path")).text = f"/{attribute}/{name}".rstrip("/")
        for when, value in values.items():
            SubElement(target, tag(f"{when}Value")).text = value
        if values:
            kind = {1: "Add" if "After" in values else "Remove", 2: "Modify"}[len(values)]
            SubElement(target, tag("AttributeChangeType")).text = kind
