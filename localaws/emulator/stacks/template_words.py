"""What AWS says of templates and parameters that ministack refuses in Python's words.

Its answers are those that public reports of its errors show; of parameters, among others,
https://github.com/aws-quickstart/quickstart-pivotal-cloudfoundry/issues/9 (patterns).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

# Functions whose short form ministack does not read.
_MORE_TAGS = (
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Length",
    "RefAll",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
)
_UNKNOWN_TAG = re.compile(r"could not determine a constructor for the tag '(.*)'")
_NOT_ALLOWED = re.compile(r"Parameter '(.*?)' value '.*' is not in AllowedValues: .*", re.DOTALL)
_NOT_A_NUMBER = re.compile(r"Parameter '(.*?)' value '.*' is not a valid .*", re.DOTALL)
# What it says of the other constraints, in AWS's words or in those of the template.
_UNFIT = re.compile(r"Parameter '(.*?)' (.*)", re.DOTALL)
_NOT_STORED = re.compile(r"Parameter '.*?' failed to resolve: SSM parameter '(.*)' does not exist")


def speak_as_aws(engine: ModuleType, readers: Iterable[ModuleType]) -> None:
    """Let ministack's readers of templates answer in AWS's words.

    Args:
        engine: its module that reads a template, for nested stacks too.
        readers: its modules that have taken names from there.
    """
    for name in _MORE_TAGS:
        engine.CfnLoader.add_constructor(f"!{name}", engine._construct_cfn_tag(f"Fn::{name}"))
    _keep_keys(engine.CfnLoader, engine.yaml)
    parse, resolve = (
        _parsing(engine._parse_template, engine.yaml),
        _resolving(engine._resolve_parameters),
    )
    for module in (engine, *readers):
        replace(module, "_parse_template", parse)
        replace(module, "_resolve_parameters", resolve)


def _keep_keys(loader: Any, yaml: ModuleType) -> None:
    """Let keys of YAML be the text that they are written as, also `Yes`, `On` and numbers."""
    theirs = loader.construct_mapping

    def construct(self: Any, node: Any, deep: bool = False) -> Any:
        if isinstance(node, yaml.MappingNode):
            self.flatten_mapping(node)
            for key, _value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    key.tag = "tag:yaml.org,2002:str"
        return theirs(self, node, deep)

    loader.construct_mapping = construct


def _parsing(theirs: Callable[[str], Any], yaml: ModuleType) -> Callable[[str], Any]:
    def parse(body: str) -> Any:
        try:
            return theirs(body)
        except json.JSONDecodeError as error:  # a ValueError, too
            place = _place(error.lineno, error.colno)
            raise ValueError(f"JSON not well-formed. {place}") from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = _place(mark.line + 1, mark.column + 1) if mark else ""
            found = _UNKNOWN_TAG.fullmatch(error.problem or "")
            what = f" Unknown tag {found[1]}." if found else ""
            raise ValueError(f"YAML not well-formed.{what} {place}".rstrip()) from None
        except yaml.YAMLError:
            raise ValueError("YAML not well-formed.") from None
        except ValueError:  # text, a number or a list
            raise ValueError("unsupported structure.") from None

    return parse


def _place(line: int, column: int) -> str:
    return f"(line {line}, column {column})"


def _resolving(theirs: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(template: Mapping[str, Any], *rest: Any) -> Any:
        try:
            theirs(with_defaults(template), [])
            return theirs(template, *rest)
        except ValueError as error:
            raise ValueError(_of_parameters(str(error), template)) from None

    return resolve


def with_defaults(template: Mapping[str, Any]) -> dict[str, Any]:
    """A template's parameters whose default is a value, and nothing else.

    AWS holds a default to the constraints, whether it is used or not.
    """
    return {
        "Parameters": {
            name: asked
            for name, asked in (template.get("Parameters") or {}).items()
            if "Default" in asked and not asked.get("Type", "").startswith("AWS::SSM::")
        }
    }


def _of_parameters(told: str, template: Mapping[str, Any]) -> str:
    if found := _NOT_STORED.fullmatch(told):
        return f"Unable to fetch parameters [{found[1]}] from parameter store for this account."
    if found := _NOT_ALLOWED.fullmatch(told):
        name, problem = found[1], "must be one of AllowedValues"
    elif found := _NOT_A_NUMBER.fullmatch(told):
        name, problem = found[1], "must be a number"
    elif found := _UNFIT.fullmatch(told):
        name, problem = found.groups()
    else:
        return told
    asked = (template.get("Parameters") or {}).get(name, {})
    if description := asked.get("ConstraintDescription"):
        return f"Parameter {name} failed to satisfy constraint: {description}"
    return f"Parameter '{name}' {problem}"
