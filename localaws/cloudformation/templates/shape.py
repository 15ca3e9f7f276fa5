"""Whether a template has the sections and members that a template has.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from localaws.cloudformation.templates.properties import is_function

FORMAT = "Template format error: "
_SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    }
)
_MEMBERS = frozenset(
    {
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Description",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
        "Version",
    }
)
_UPDATE_POLICIES = frozenset({"Delete", "Retain", "Snapshot"})
POLICIES = {
    "DeletionPolicy": _UPDATE_POLICIES | {"RetainExceptOnCreate"},
    "UpdateReplacePolicy": _UPDATE_POLICIES,
}
_WITH_SNAPSHOTS = frozenset(
    f"AWS::{name}"
    for name in (
        "DocDB::DBCluster",
        "EC2::Volume",
        "ElastiCache::CacheCluster",
        "ElastiCache::ReplicationGroup",
        "Neptune::DBCluster",
        "RDS::DBCluster",
        "RDS::DBInstance",
        "Redshift::Cluster",
    )
)
_PARAMETER_MEMBERS = frozenset(
    {
        "AllowedPattern",
        "AllowedValues",
        "ConstraintDescription",
        "Default",
        "Description",
        "MaxLength",
        "MaxValue",
        "MinLength",
        "MinValue",
        "NoEcho",
        "Type",
    }
)
_PARAMETER_TYPES = frozenset({"String", "Number", "List<Number>", "CommaDelimitedList"})


def section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section by its name; an empty one where there is none."""
    found: Mapping[str, Any] = template.get(name) or {}
    return found


def misshapen(template: Mapping[str, Any]) -> Iterator[str]:
    """What is not where it should be, or not what it should be."""
    if surplus := sorted(str(name) for name in template if name not in _SECTIONS):
        yield f"Invalid template property or properties [{', '.join(surplus)}]"
    for name in ("Conditions", "Mappings", "Outputs", "Parameters", "Resources"):
        part = template.get(name) or {}
        if not isinstance(part, Mapping):
            yield f"{FORMAT}[/{name}] must be an object"
        for key, member in part.items():
            if name != "Conditions" and not isinstance(member, Mapping):
                yield f"{FORMAT}[/{name}/{key}] Every {name} member must be an object."
            if name in ("Outputs", "Parameters", "Resources") and not str(key).isalnum():
                yield f"{FORMAT}{name[:-1]} name {key} is non alphanumeric."
    for name, asked in section(template, "Parameters").items():
        kind = asked.get("Type")
        if not isinstance(kind, str):
            where = f"[/Parameters/{name}]"
            yield f"{FORMAT}{where} Every Parameters object must contain a Type member."
        elif kind not in _PARAMETER_TYPES and not kind.startswith(("AWS::", "List<AWS::")):
            yield f"{FORMAT}Unrecognized parameter type: {kind}"
        for member in asked:
            if member not in _PARAMETER_MEMBERS:
                yield f"Invalid template parameter property '{member}'"
    if not template.get("Resources"):
        yield f"{FORMAT}At least one Resources member must be defined."
    for name, resource in section(template, "Resources").items():
        if not isinstance(resource.get("Type"), str):
            yield f"{FORMAT}[/Resources/{name}] Every Resources object must contain a Type member."
        for key in resource:
            if key not in _MEMBERS:
                yield f"Invalid template resource property '{key}'"
        if not _is_depends_on(resource.get("DependsOn", [])):
            yield f"{FORMAT}DependsOn must be a string or list of strings."
        yield from wrong_policies(name, resource)
        if not isinstance(resource.get("Properties", {}), Mapping):
            yield f"{FORMAT}[/Resources/{name}/Properties] must be an object"
    for name, output in section(template, "Outputs").items():
        if "Value" not in output:
            yield f"{FORMAT}[/Outputs/{name}] Every Outputs member must contain a Value object"
    for block in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        for place in _nulls(section(template, block), f"/{block}"):
            yield f"{FORMAT}[{place}] 'null' values are not allowed in templates"


def wrong_policies(name: str, resource: Mapping[str, Any]) -> Iterator[str]:
    """What a resource is to leave behind, and cannot."""
    for attribute, known in POLICIES.items():
        policy, kind = resource.get(attribute, "Delete"), resource.get("Type")
        if is_function(policy):
            continue
        if not isinstance(policy, str):
            yield f"{FORMAT}Every {attribute} member must be a string."
        elif policy not in known:
            yield f"{FORMAT}Unrecognized {attribute} {policy} for resource {name}"
        elif policy == "Snapshot" and kind not in _WITH_SNAPSHOTS:
            when = "deletion" if attribute == "DeletionPolicy" else "update replace"
            yield f"Template error: resource type {kind} does not support {when} policy Snapshot"


def _is_depends_on(named: Any) -> bool:
    return isinstance(named, str) or (
        isinstance(named, list) and all(isinstance(name, str) for name in named)
    )


def _nulls(node: Any, place: str) -> Iterator[str]:
    if node is None:
        yield place
    if isinstance(node, list | Mapping):
        for key, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            if key != "Metadata":
                yield from _nulls(value, f"{place}/{key}")
