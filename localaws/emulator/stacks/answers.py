"""What CloudFormation answers of stacks: with what AWS has in it, and without what AWS leaves out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
"""

import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from localaws.emulator.stacks.elements import Answer, Handler, body_of, tag, text_of

# A client reads an empty element as an empty text; AWS has none where there is nothing to tell.
_LEFT_OUT = (
    "DefaultValue",
    "Description",
    "ResourceStatusReason",
    "StackStatusReason",
    "StatusReason",
)
_DESCRIPTIONS = (
    "DescribeChangeSet",
    "DescribeStackEvents",
    "DescribeStackResource",
    "DescribeStackResources",
    "DescribeStacks",
    "GetTemplateSummary",
    "ListChangeSets",
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
# Who names an absent stack by its id, and who by its name, each in its own words.
_BY_ID = ("DescribeStackResources", "GetTemplate", "ListStackResources")
_NO_STACK = re.compile(rb"Stack \[([^\]]*)\] does not exist")
_PROTECTED = b"cannot be deleted while TerminationProtection is enabled"
_NO_TEMPLATE = (b"TemplateBody or TemplateURL is required", b"TemplateBody is required")
# Resource type -> the members of its identifier, and who looks for it.
Identifiers = Mapping[str, tuple[tuple[str, ...], Any]]
_EITHER = b"Either Template URL or Template Body must be specified."


def answer_of_stacks(handlers: ModuleType, records: ModuleType, identifiers: Identifiers) -> None:
    """Let ministack's answers be as AWS's.

    Args:
        handlers: its module that answers requests.
        records: its module that holds the stacks.
        identifiers: the members of a resource's identifier where it is imported, by type.
    """
    table: dict[str, Handler] = handlers._ACTION_HANDLERS
    for name in ("DescribeStackResource", "DescribeStackResources", "ListStackResources"):
        table[name] = _of_resources(table[name], handlers, records)
    table["GetTemplateSummary"] = _constrained(table["GetTemplateSummary"], handlers, identifiers)
    for name in _DESCRIPTIONS:
        table[name] = _telling(table[name], records)
    for name in {*_DESCRIPTIONS, *_REFUSALS}:
        table[name] = _refusing(table[name])
    for name in _BY_ID:
        table[name] = _naming(table[name])
    table["DeleteStack"] = _protecting(table["DeleteStack"], handlers)


def _constrained(theirs: Handler, handlers: ModuleType, identifiers: Identifiers) -> Handler:
    """Tell which values a parameter may have, and how resources are found that are imported."""

    def handle(params: Any) -> Answer:
        status, headers, body = theirs(params)
        given, _ = handlers._resolve_template(params)
        if not given and (stack := handlers._resolve_stack(handlers._p(params, "StackName"))):
            given = stack["_template_body"]
        if status != 200 or not given:
            return status, headers, body
        root = ElementTree.fromstring(body)
        _identify(root, handlers._parse_template(given), identifiers)
        parameters = handlers._parse_template(given).get("Parameters", {})
        for told in root.iter(tag("member")):
            allowed = parameters.get(text_of(told, "ParameterKey"), {}).get("AllowedValues")
            if allowed:
                constraints = SubElement(told, tag("ParameterConstraints"))
                values = SubElement(constraints, tag("AllowedValues"))
                for value in allowed:
                    SubElement(values, tag("member")).text = str(value)
        return status, headers, body_of(root)

    return handle


def _identify(root: Element, template: Mapping[str, Any], identifiers: Identifiers) -> None:
    result = root.find(tag("GetTemplateSummaryResult"))
    if result is None or result.find(tag("ResourceTypes")) is None:
        return
    by_type: dict[str, list[str]] = {}
    for name, definition in template["Resources"].items():
        by_type.setdefault(definition["Type"], []).append(name)
    summaries = SubElement(result, tag("ResourceIdentifierSummaries"))
    for kind, names in by_type.items():
        summary = SubElement(summaries, tag("member"))
        SubElement(summary, tag("ResourceType")).text = kind
        for member, values in (
            ("LogicalResourceIds", names),
            ("ResourceIdentifiers", identifiers.get(kind, ((), None))[0]),
        ):
            if values:
                told = SubElement(summary, tag(member))
                for value in values:
                    SubElement(told, tag("member")).text = value


def _refusing(theirs: Handler) -> Handler:
    def handle(params: Any) -> Answer:
        status, headers, body = theirs(params)
        if status != 200:
            body = _NO_RESOURCE.sub(rb"Resource \1 does not exist for stack \2", body)
            for words in _NO_TEMPLATE:
                body = body.replace(words, _EITHER)
        return status, headers, body

    return handle


def _naming(theirs: Handler) -> Handler:
    def handle(params: Any) -> Answer:
        status, headers, body = theirs(params)
        return status, headers, _NO_STACK.sub(rb"Stack with id \1 does not exist", body)

    return handle


def _protecting(theirs: Handler, handlers: ModuleType) -> Handler:
    """Call a protected stack what the request calls it.

    https://github.com/ekristen/aws-nuke/issues/821
    """

    def handle(params: Any) -> Answer:
        status, headers, body = theirs(params)
        if _PROTECTED not in body:
            return status, headers, body
        asked: Answer = handlers._error(
            "ValidationError",
            f"Stack [{handlers._p(params, 'StackName')}] {_PROTECTED.decode()}",
        )
        return asked

    return handle


def _of_resources(theirs: Handler, handlers: ModuleType, records: ModuleType) -> Handler:
    """Find a stack by a resource of it, and what a stack had that is gone."""

    def handle(params: Any) -> Answer:
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
                refusal: Answer = handlers._error(
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


def _telling(theirs: Handler, records: ModuleType) -> Handler:
    def handle(params: Any) -> Answer:
        status, headers, body = theirs(params)
        if status != 200:
            return status, headers, body
        root = ElementTree.fromstring(body)
        by_id = {stack["StackId"]: stack for stack in records._stacks.values()}
        _tell_properties(root, records)
        for told in root.iter(tag("member")):
            stack = by_id.get(text_of(told, "StackId"))
            if stack is not None and told.find(tag("StackStatus")) is not None:
                _complete(told, stack, is_summary=told.find(tag("Parameters")) is None)
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag in map(tag, _LEFT_OUT) and not child.text:
                    parent.remove(child)
        return status, headers, body_of(root)

    return handle


def _tell_properties(root: Element, records: ModuleType) -> None:
    events = root.findall(
        f"{tag('DescribeStackEventsResult')}/{tag('StackEvents')}/{tag('member')}"
    )
    if not events:
        return
    recorded = records._stack_events.get(text_of(events[0], "StackId"), ())
    properties = {one["EventId"]: one.get("ResourceProperties") for one in recorded}
    for event in events:
        if told := properties.get(text_of(event, "EventId")):
            SubElement(event, tag("ResourceProperties")).text = told


def _complete(told: Element, stack: Mapping[str, Any], *, is_summary: bool) -> None:
    updated = told.find(tag("LastUpdatedTime"))
    if updated is not None and stack.get("LastUpdatedTime") == stack.get("CreationTime"):
        told.remove(updated)
    if stack.get("DeletionTime") and told.find(tag("DeletionTime")) is None:
        SubElement(told, tag("DeletionTime")).text = stack["DeletionTime"]
    for name in ("ChangeSetId", "ParentId", "RootId"):
        if name in stack:
            SubElement(told, tag(name)).text = stack[name]
    description = (stack.get("_template") or {}).get("Description")
    if is_summary:
        if description:
            SubElement(told, tag("TemplateDescription")).text = str(description)
        return
    SubElement(told, tag("RollbackConfiguration"))
    for parameter in told.findall(f"{tag('Parameters')}/{tag('member')}"):
        _resolve(parameter, stack)


def _resolve(parameter: Element, stack: Mapping[str, Any]) -> None:
    """Of a parameter that stands for one of SSM's: its name, and what it comes to."""
    given = (stack.get("_resolved_params") or {}).get(text_of(parameter, "ParameterKey"), {})
    value = parameter.find(tag("ParameterValue"))
    if "SsmName" in given and value is not None:
        SubElement(parameter, tag("ResolvedValue")).text = value.text
        value.text = str(given["SsmName"])
