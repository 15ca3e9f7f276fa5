"""What CloudFormation answers of stacks: with what AWS has in it, and without what AWS leaves out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
"""

import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

_NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
# A client reads an empty element as an empty text; AWS has none where there is nothing to tell.
_LEFT_OUT = ("DefaultValue", "Description", "ResourceStatusReason", "StackStatusReason")
_DESCRIPTIONS = (
    "DescribeChangeSet",
    "DescribeStackEvents",
    "DescribeStackResource",
    "DescribeStackResources",
    "DescribeStacks",
    "GetTemplateSummary",
    "ListStackResources",
    "ListStacks",
    "ValidateTemplate",
)
_OF_EVENTS = (
    "LogicalResourceId",
    "PhysicalResourceId",
    "ResourceType",
    "ResourceStatus",
    "ResourceStatusReason",
    "Timestamp",
)
_GONE = ("DELETE_COMPLETE", "DELETE_SKIPPED", "IMPORT_ROLLBACK_COMPLETE")
_REFUSALS = ("CreateChangeSet", "CreateStack", "GetTemplateSummary", "UpdateStack")
_NO_RESOURCE = re.compile(rb"Resource \[(.*?)\] does not exist in stack \[(.*?)\]")
_NO_TEMPLATE = (b"TemplateBody or TemplateURL is required", b"TemplateBody is required")
_EITHER = b"Either Template URL or Template Body must be specified."

_Answer = tuple[int, Mapping[str, str], bytes]
_Handler = Callable[[Any], _Answer]


def answer_of_stacks(handlers: ModuleType, records: ModuleType) -> None:
    """Let ministack's answers be as AWS's.

    Args:
        handlers: its module that answers requests.
        records: its module that holds the stacks.
    """
    table: dict[str, _Handler] = handlers._ACTION_HANDLERS
    for name in ("DescribeStackResource", "DescribeStackResources", "ListStackResources"):
        table[name] = _of_resources(table[name], handlers, records)
    table["GetTemplateSummary"] = _constrained(table["GetTemplateSummary"], handlers)
    for name in _DESCRIPTIONS:
        table[name] = _telling(table[name], records)
    for name in {*_DESCRIPTIONS, *_REFUSALS}:
        table[name] = _refusing(table[name])


def _constrained(theirs: _Handler, handlers: ModuleType) -> _Handler:
    """Tell which values a parameter may have."""

    def handle(params: Any) -> _Answer:
        status, headers, body = theirs(params)
        given, _ = handlers._resolve_template(params)
        if not given and (stack := handlers._resolve_stack(handlers._p(params, "StackName"))):
            given = stack["_template_body"]
        if status != 200 or not given:
            return status, headers, body
        root = ElementTree.fromstring(body)
        parameters = handlers._parse_template(given).get("Parameters", {})
        for told in root.iter(_tag("member")):
            allowed = parameters.get(_text(told, "ParameterKey"), {}).get("AllowedValues")
            if allowed:
                constraints = SubElement(told, _tag("ParameterConstraints"))
                values = SubElement(constraints, _tag("AllowedValues"))
                for value in allowed:
                    SubElement(values, _tag("member")).text = str(value)
        return status, headers, _xml(root)

    return handle


def _refusing(theirs: _Handler) -> _Handler:
    def handle(params: Any) -> _Answer:
        status, headers, body = theirs(params)
        if status != 200:
            body = _NO_RESOURCE.sub(rb"Resource \1 does not exist for stack \2", body)
            for words in _NO_TEMPLATE:
                body = body.replace(words, _EITHER)
        return status, headers, body

    return handle


def _of_resources(theirs: _Handler, handlers: ModuleType, records: ModuleType) -> _Handler:
    """Find a stack by a resource of it, and what a stack had that is gone."""

    def handle(params: Any) -> _Answer:
        physical_id = handlers._p(params, "PhysicalResourceId")
        if physical_id and not handlers._p(params, "StackName"):
            holders = (
                stack
                for stack in records._stacks.values()
                for one in stack["_resources"].values()
                if one["PhysicalResourceId"] == physical_id
            )
            holder = next(holders, None)
            if holder is None:
                refusal: _Answer = handlers._error(
                    "ValidationError", f"Stack for {physical_id} does not exist"
                )
                return refusal
            params = params | {"StackName": [holder["StackName"]]}
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        if not stack:
            return theirs(params)
        there = stack["_resources"]
        events = records._stack_events.get(stack["StackId"], ())
        stack["_resources"] = _told(there, events, stack["StackStatus"] == "DELETE_COMPLETE")
        try:
            return theirs(params)
        finally:
            stack["_resources"] = there

    return handle


def _told(there: Mapping[str, Any], events: Any, is_deleted: bool) -> dict[str, Any]:
    """The resources of a stack by its events: what last became of each.

    One that is begun, or that failed, is among them; one that is gone where its stack is, too.
    """
    last: dict[str, Any] = {}
    for one in events:
        name, physical_id = one["LogicalResourceId"], one["PhysicalResourceId"]
        # What was replaced goes after the one in its place was made.
        is_another = physical_id and physical_id != there.get(name, one)["PhysicalResourceId"]
        if physical_id != one["StackId"] and not is_another:
            known = {"PhysicalResourceId": there.get(name, one)["PhysicalResourceId"]}
            last[name] = {member: one[member] for member in _OF_EVENTS} | known
    if is_deleted:
        return last
    told = {name: one for name, one in last.items() if one["ResourceStatus"] not in _GONE}
    return {name: there.get(name, {}) | told.get(name, {}) for name in {**there, **told}}


def _telling(theirs: _Handler, records: ModuleType) -> _Handler:
    def handle(params: Any) -> _Answer:
        status, headers, body = theirs(params)
        if status != 200:
            return status, headers, body
        root = ElementTree.fromstring(body)
        by_id = {stack["StackId"]: stack for stack in records._stacks.values()}
        for told in root.iter(_tag("member")):
            stack = by_id.get(_text(told, "StackId"))
            if stack is not None and told.find(_tag("StackStatus")) is not None:
                _complete(told, stack, is_summary=told.find(_tag("Parameters")) is None)
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag in map(_tag, _LEFT_OUT) and not child.text:
                    parent.remove(child)
        return status, headers, _xml(root)

    return handle


def _complete(told: Element, stack: Mapping[str, Any], *, is_summary: bool) -> None:
    updated = told.find(_tag("LastUpdatedTime"))
    if updated is not None and stack.get("LastUpdatedTime") == stack.get("CreationTime"):
        told.remove(updated)
    if stack.get("DeletionTime") and told.find(_tag("DeletionTime")) is None:
        SubElement(told, _tag("DeletionTime")).text = stack["DeletionTime"]
    for name in ("ParentId", "RootId"):  # of a nested stack
        if name in stack:
            SubElement(told, _tag(name)).text = stack[name]
    description = (stack.get("_template") or {}).get("Description")
    if is_summary:
        if description:
            SubElement(told, _tag("TemplateDescription")).text = str(description)
        return
    SubElement(told, _tag("RollbackConfiguration"))
    for parameter in told.findall(f"{_tag('Parameters')}/{_tag('member')}"):
        _resolve(parameter, stack)


def _resolve(parameter: Element, stack: Mapping[str, Any]) -> None:
    """Of a parameter that stands for one of SSM's: its name, and what it comes to."""
    given = (stack.get("_resolved_params") or {}).get(_text(parameter, "ParameterKey"), {})
    value = parameter.find(_tag("ParameterValue"))
    if "SsmName" in given and value is not None:
        SubElement(parameter, _tag("ResolvedValue")).text = value.text
        value.text = str(given["SsmName"])


def _xml(root: Element) -> bytes:
    text: bytes = ElementTree.tostring(
        root, encoding="utf-8", xml_declaration=True, default_namespace=_NAMESPACE
    )
    return text


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _text(element: Element, name: str) -> str:
    return element.findtext(_tag(name)) or ""
