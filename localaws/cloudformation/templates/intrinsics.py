"""Whether the functions of a template are given what they take.

AWS looks at this wherever a function stands, before a stack is made, also in the branch of an
Fn::If that is not taken. The sentences are those that people report of AWS, or that were found for
another implementation by experiments (docs/not-imitated.md has the place); of Fn::Cidr, Fn::GetAZs,
Fn::GetStackOutput and Fn::ImportValue none was found: theirs are built like the others.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

ERROR = "Template error: "
JOIN = (
    f"{ERROR}every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list "
    "of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to "
    "be joined."
)
SPLIT = (
    f"{ERROR}every Fn::Split object requires two parameters, (1) a string delimiter and (2) a "
    "string to be split or a function that returns a string to be split."
)
SELECT = (
    f"{ERROR}Fn::Select requires a list argument with two elements: an integer index and a list"
)
SELECT_INDEX = (
    f"{ERROR}Fn::Select requires a list argument with a valid index value as its first element"
)
FIND_IN_MAP = (
    f"{ERROR}every Fn::FindInMap object requires three parameters, the map name, map key and the "
    "attribute for return value"
)
BASE64 = f"{ERROR}every Fn::Base64 object must have a String-typed value."
ZONES = f"{ERROR}every Fn::GetAZs object must have a String-typed value."
IMPORT = f"{ERROR}every Fn::ImportValue object must have a String-typed value."
CIDR = (
    f"{ERROR}every Fn::Cidr object requires three parameters, (1) an IP block, (2) a count and (3) "
    "a number of subnet bits."
)
SUB_VALUE = (
    f"{ERROR}every value of the context object of every Fn::Sub object must be a string or a "
    "function that returns a string"
)
_SUB = (
    f"{ERROR}One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
    "string as first argument, and an optional second argument to specify a mapping of values to "
    "replace in the string"
)
_SUB_VARIABLE = (
    f"{ERROR}variable names in Fn::Sub syntax must contain only alphanumeric characters, "
    "underscores, periods, and colons"
)
GET_STACK_OUTPUT = (
    f"{ERROR}every Fn::GetStackOutput object requires two parameters, StackName and OutputName"
)
GET_ATT = (
    f"{ERROR}every Fn::GetAtt object requires two non-empty parameters, the resource name and the "
    "resource attribute"
)
_EQUALS = f"{ERROR}every Fn::Equals object requires a list of 2 string parameters."
_NOT = f"{ERROR}every Fn::Not object requires one boolean parameter."
_REF = f"{ERROR}every Ref object must have a single String value."

VARIABLE = re.compile(r"\$\{([^}]*)\}")
_VARIABLE_NAME = re.compile(r"[\w.:]+", re.ASCII)
_BOOLEAN = frozenset({"Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"})
_NO_LIST = _BOOLEAN | {"Fn::Base64", "Fn::ImportValue", "Fn::Join", "Fn::Sub", "Fn::ToJsonString"}
_NO_TEXT = frozenset({"Fn::Cidr", "Fn::GetAZs", "Fn::Split"})
_MOST_CONDITIONS = 10


def function_in(node: Any) -> str | None:
    """The name of the function that a part of a template is; None where it is none."""
    if not isinstance(node, Mapping) or len(node) != 1:
        return None
    [name] = node
    is_function = isinstance(name, str) and (name == "Ref" or name.startswith("Fn::"))
    return name if is_function else None


def misused(node: Any) -> Iterator[str]:
    """What is wrong with the functions in a part of a template, in AWS's words."""
    if isinstance(node, list):
        for item in node:
            yield from misused(item)
    elif isinstance(node, Mapping):
        name = function_in(node)
        if look := _LOOKS.get(name or ""):
            yield from look(node[name])
        for value in node.values():
            yield from misused(value)


def is_condition(node: Any) -> bool:
    """Whether a part of a template comes to true or false."""
    if not isinstance(node, Mapping) or len(node) != 1:
        return False
    [(name, given)] = node.items()
    return name in _BOOLEAN and (name != "Condition" or isinstance(given, str))


def is_scalar(value: Any) -> bool:
    """Whether it is text, or what AWS reads as text."""
    return isinstance(value, str | int | float)


def _may_be_text(value: Any) -> bool:
    name = function_in(value)
    return is_scalar(value) or (name is not None and name not in _NO_TEXT)


def _may_be_list(value: Any) -> bool:
    name = function_in(value)
    return isinstance(value, list) or (name is not None and name not in _NO_LIST)


def _is_list_of(given: Any, *lengths: int) -> bool:
    return isinstance(given, list) and len(given) in lengths


def _ref(given: Any) -> Iterator[str]:
    if not isinstance(given, str) or not given:
        yield _REF


def _get_att(given: Any) -> Iterator[str]:
    parts = given.split(".", 1) if isinstance(given, str) else given
    is_meant = _is_list_of(parts, 2) and isinstance(parts[0], str) and _may_be_text(parts[1])
    if not is_meant or not all(parts):
        yield GET_ATT


def _join(given: Any) -> Iterator[str]:
    is_meant = _is_list_of(given, 2) and isinstance(given[0], str) and _may_be_list(given[1])
    items = given[1] if is_meant and isinstance(given[1], list) else []
    if not is_meant or not all(map(_may_be_text, items)):
        yield JOIN


def _split(given: Any) -> Iterator[str]:
    is_meant = _is_list_of(given, 2) and isinstance(given[0], str) and given[0]
    if not is_meant or not _may_be_text(given[1]):
        yield SPLIT


def _sub(given: Any) -> Iterator[str]:
    text, own = given if _is_list_of(given, 2) else (given, {})
    if not isinstance(text, str) or not isinstance(own, Mapping):
        yield _SUB
        return
    names = [name.strip() for name in VARIABLE.findall(text) if not name.startswith("!")]
    if not all(_VARIABLE_NAME.fullmatch(name) for name in names):
        yield _SUB_VARIABLE
    if not all(_may_be_text(value) for value in own.values()):
        yield SUB_VALUE


def _select(given: Any) -> Iterator[str]:
    if not _is_list_of(given, 2):
        yield SELECT
    elif function_in(given[0]) is None and not _is_index(given[0]):
        yield SELECT_INDEX
    elif not _may_be_list(given[1]):
        yield SELECT


def _is_index(value: Any) -> bool:
    return not isinstance(value, bool) and is_scalar(value) and str(value).strip().isdecimal()


def _if(given: Any) -> Iterator[str]:
    if not isinstance(given, list) or not given or not isinstance(given[0], str):
        yield f"{ERROR}Fn::If requires a list argument with the first element being a condition"
    elif len(given) != 3:
        yield f"{ERROR}Fn::If requires a list argument with three elements"


def _find_in_map(given: Any) -> Iterator[str]:
    # A fourth one is what AWS::LanguageExtensions lets be given.
    is_meant = _is_list_of(given, 3) or (
        _is_list_of(given, 4) and isinstance(given[3], Mapping) and [*given[3]] == ["DefaultValue"]
    )
    if not is_meant or not all(_may_be_text(key) for key in given[:3]):
        yield FIND_IN_MAP


def _cidr(given: Any) -> Iterator[str]:
    is_meant = _is_list_of(given, 3) and _may_be_text(given[0])
    numbers = given[1:] if is_meant else []
    if not is_meant or not all(_is_index(n) or function_in(n) is not None for n in numbers):
        yield CIDR


def _equals(given: Any) -> Iterator[str]:
    if not _is_list_of(given, 2) or not all(
        is_scalar(value) or function_in(value) is not None for value in given
    ):
        yield _EQUALS


def _not(given: Any) -> Iterator[str]:
    if not _is_list_of(given, 1) or not is_condition(given[0]):
        yield _NOT


def _some(name: str) -> Callable[[Any], Iterator[str]]:
    def look(given: Any) -> Iterator[str]:
        lengths = range(2, _MOST_CONDITIONS + 1)
        if not _is_list_of(given, *lengths) or not all(is_condition(item) for item in given):
            yield (
                f"{ERROR}every {name} object requires a list of at least 2 and at most "
                f"{_MOST_CONDITIONS} boolean parameters."
            )

    return look


def _get_stack_output(given: Any) -> Iterator[str]:
    names = ("StackName", "OutputName")
    if not isinstance(given, Mapping) or not all(_may_be_text(given.get(n)) for n in names):
        yield GET_STACK_OUTPUT


def _text(problem: str) -> Callable[[Any], Iterator[str]]:
    def look(given: Any) -> Iterator[str]:
        if not _may_be_text(given):
            yield problem

    return look


_LOOKS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "Fn::And": _some("Fn::And"),
    "Fn::Base64": _text(BASE64),
    "Fn::Cidr": _cidr,
    "Fn::Equals": _equals,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _text(ZONES),
    "Fn::GetAtt": _get_att,
    "Fn::GetStackOutput": _get_stack_output,
    "Fn::If": _if,
    "Fn::ImportValue": _text(IMPORT),
    "Fn::Join": _join,
    "Fn::Not": _not,
    "Fn::Or": _some("Fn::Or"),
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Ref": _ref,
}
