"""Which changes lie between two templates, as AWS has them: of nested stacks, and of tags.

AWS does not look into a nested stack before the update, so each is a change; and a resource's tags
are an attribute of their own beside its properties.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
"""

from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.nested_requests import is_nested

_TAGS = "Tags"
_AUTOMATIC = {
    "Target": {"Attribute": "Properties", "RequiresRecreation": "Never"},
    "Evaluation": "Dynamic",
    "ChangeSource": "Automatic",
}


def compare_templates(change_sets: ModuleType) -> None:
    """Let ministack's comparison tell them.

    Args:
        change_sets: its module of change sets.
    """
    theirs = change_sets._diff_resources

    def compared(old: Any, new: Any, resources: Any = None, *rest: Any) -> list[Any]:
        changes = [one["ResourceChange"] for one in theirs(old, new, resources, *rest)]
        for change in changes:
            if change["Action"] == "Modify":
                _tell_tags(change)
        told = {change["LogicalResourceId"] for change in changes}
        before = old.get("Resources", {})
        changes += [
            _automatic(name, (resources or {}).get(name, {}), definition["Type"])
            for name, definition in new.get("Resources", {}).items()
            if is_nested(definition) and name in before and name not in told
        ]
        changes.sort(key=lambda change: str(change["LogicalResourceId"]))
        return [{"ResourceChange": change} for change in changes]

    replace(change_sets, "_diff_resources", compared)


def _tell_tags(change: dict[str, Any]) -> None:
    for detail in change["Details"]:
        if detail["Target"].get("Name") == _TAGS:
            detail["Target"] = {"Attribute": _TAGS, "RequiresRecreation": "Never"}
    attributes = [detail["Target"]["Attribute"] for detail in change["Details"]]
    ordered = sorted(dict.fromkeys(attributes), key=lambda one: one == _TAGS)
    change["Scope"] = ordered or change["Scope"]


def _automatic(name: str, held: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "Action": "Modify",
        "LogicalResourceId": name,
        "PhysicalResourceId": held.get("PhysicalResourceId", ""),
        "ResourceType": kind,
        "Replacement": "False",
        "Scope": ["Properties"],
        "Details": [_AUTOMATIC],
    }
