"""What a template must say in so many words, where no function may stand.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from localaws.cloudformation.templates.intrinsics import is_condition, is_scalar

_FORMAT = "Template format error: "
_VERSION = "2010-09-09"
# Of a parameter: what is text, what is a number, what is a list.
_TEXTS = ("AllowedPattern", "ConstraintDescription", "Default", "Description")
_NUMBERS = ("MaxLength", "MaxValue", "MinLength", "MinValue")
_OUTPUT_MEMBERS = frozenset({"Condition", "Description", "Export", "Value"})
# Of mappings; today AWS takes hyphens and periods, too.
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9.-]+")
_EXPORT_NAME = re.compile(r"[\w:-]+", re.ASCII)
_LONGEST_EXPORT_NAME = 256


def unfit_head(template: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with what no transform makes."""
    if str(template.get("AWSTemplateFormatVersion", _VERSION)) != _VERSION:
        yield f"{_FORMAT}unsupported value for AWSTemplateFormatVersion."
    yield from _no_text(template, "Description")
    if not isinstance(template.get("Metadata", {}), Mapping):
        yield f"{_FORMAT}[/Metadata] must be an object"


def unfit_literals(template: Mapping[str, Any]) -> Iterator[str]:
    """What is not said, or said as something else; the sections themselves are right."""
    yield from unfit_head(template)
    if "Hooks" in template:
        yield (
            "Hooks: CodeDeploy is not part of the embedded AWS. Leave them out, or use a real "
            "account."
        )
    for asked in (template.get("Parameters") or {}).values():
        yield from _of_parameter(asked)
    for name, mapping in (template.get("Mappings") or {}).items():
        yield from _of_mapping(name, mapping)
    if not all(is_condition(rule) for rule in (template.get("Conditions") or {}).values()):
        yield (
            f"{_FORMAT}Conditions can only be boolean operations on parameters and other conditions"
        )
    for name, output in (template.get("Outputs") or {}).items():
        yield from _of_output(name, output)


def unfit_export(output: str, name: Any) -> str | None:
    """What is wrong with the name of an output's export; None where nothing is.

    How long it may be was measured for
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudformation.
    """
    every = f"{_FORMAT}Output {output} is malformed. The Name field of every Export member must"
    if not is_scalar(name) or not _EXPORT_NAME.fullmatch(str(name)):
        return (
            f"{every} be specified and consist only of alphanumeric characters, colons, or hyphens."
        )
    if len(str(name)) > _LONGEST_EXPORT_NAME:
        return f"{every} not be longer than {_LONGEST_EXPORT_NAME} characters."
    return None


def _no_text(member: Mapping[str, Any], name: str) -> Iterator[str]:
    if not isinstance(member.get(name, ""), str):
        yield f"{_FORMAT}Every {name} member must be a string."


def _of_parameter(asked: Mapping[str, Any]) -> Iterator[str]:
    for name in _TEXTS:
        # A number is a default, too.
        is_right = is_scalar if name == "Default" else lambda value: isinstance(value, str)
        if name in asked and not is_right(asked[name]):
            yield f"{_FORMAT}Every {name} member must be a string."
    for name in _NUMBERS:
        if name in asked and not _is_number(asked[name]):
            yield f"{_FORMAT}Every {name} member must be a number."
    if str(asked.get("NoEcho", False)).lower() not in ("true", "false"):
        yield f"{_FORMAT}Every NoEcho member must be true or false."
    allowed = asked.get("AllowedValues", [""])
    if not isinstance(allowed, list) or not allowed:
        yield f"{_FORMAT}Every AllowedValues member must be a list."
    elif not all(is_scalar(value) for value in allowed):
        yield f"{_FORMAT}Every AllowedValues value must be a string."


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not is_scalar(value):
        return False
    return re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", str(value)) is not None


def _of_mapping(name: str, mapping: Any) -> Iterator[str]:
    for key, attributes in mapping.items():
        if not isinstance(attributes, Mapping):
            yield f"{_FORMAT}[/Mappings/{name}/{key}] Every Mappings attribute must be a map."
            continue
        for attribute, value in attributes.items():
            if not _ATTRIBUTE_NAME.fullmatch(str(attribute)):
                yield (
                    f"{_FORMAT}Mappings attribute name '{attribute}' must contain only "
                    "alphanumeric characters."
                )
            items = value if isinstance(value, list) else [value]
            if not all(is_scalar(item) for item in items):
                yield f"{_FORMAT}Every Mappings attribute must be a String or a List."


def _of_output(name: str, output: Mapping[str, Any]) -> Iterator[str]:
    for member in output:
        if member not in _OUTPUT_MEMBERS:
            yield f"Invalid template output property '{member}'"
    yield from _no_text(output, "Description")
    export = output.get("Export", {"Name": "given"})
    if not isinstance(export, Mapping) or [*export] != ["Name"]:
        yield unfit_export(name, None) or ""
