"""DescribeChangeSet with all that AWS tells of a change set, and with values where asked for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
"""

import copy
import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from localaws.emulator.stacks.change_values import CHANGE_SET_ID, CONTEXTS, value_at
from localaws.emulator.stacks.elements import Answer, body_of, tag, text_of
from localaws.emulator.stacks.value_differences import ValueDifference, differences

_ACTION = "DescribeChangeSet"
_OPERATIONS = ("ExecuteChangeSet", "UpdateStack")


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


def _tell(change: Element, contexts: Mapping[str, Any]) -> None:
    if text_of(change, "Action") == "Add":
        SubElement(change, tag("Replacement")).text = "True"
    for when, context in contexts.items():
        text = json.dumps(context, separators=(",", ":"))
        SubElement(change, tag(f"{when}Context")).text = text
    details = change.find(tag("Details"))
    for detail in list(details if details is not None else ()):
        target = detail.find(tag("Target"))
        if details is None or target is None:
            continue
        differences = _differences_at(target, contexts)
        # One difference for each part of a property, in the place of one for the property.
        at = list(details).index(detail)
        details.remove(detail)
        for one in differences or [ValueDifference(_path(target), None, None)]:
            told = copy.deepcopy(detail)
            _tell_difference(told, one)
            details.insert(at, told)
            at += 1


def _path(target: Element) -> str:
    attribute, name = text_of(target, "Attribute"), text_of(target, "Name")
    if attribute == "Tags":
        return "/Properties/Tags"
    return f"/{attribute}/{name}".rstrip("/")


def _differences_at(target: Element, contexts: Mapping[str, Any]) -> list[ValueDifference]:
    path = _path(target)
    _, *names = path.split("/", 2)
    before, after = (value_at(contexts.get(when), names) for when in ("Before", "After"))
    return differences(before, after, path)


def _tell_difference(detail: Element, one: ValueDifference) -> None:
    target = detail.find(tag("Target"))
    assert target is not None  # it was found in what this is a copy of
    SubElement(target, tag("Path")).text = one.path
    for when, value in (("Before", one.before), ("After", one.after)):
        if value is not None:
            SubElement(target, tag(f"{when}Value")).text = value
    if one.kind:
        SubElement(target, tag("AttributeChangeType")).text = one.kind
