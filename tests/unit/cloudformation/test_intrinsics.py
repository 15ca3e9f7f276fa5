"""Functions of templates that are given what they do not take, wherever they stand."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from localaws.cloudformation.templates.checks import TemplateProblem, check, check_values
from localaws.cloudformation.templates.properties import UNKNOWN
from localaws.cloudformation.templates.references import FUNCTIONS
from localaws.cloudformation.templates.resolving import (
    NO_VALUE,
    NoSuchValue,
    Resolver,
    TemplateScope,
    conditions_of,
)

PARAMETERS = {"Word": "orders", "Words": ["a", "b"], "AWS::Region": "eu-west-1"}
MAPPINGS = {"Sizes": {"small": {"Number": 1, "Names": ["x", "y"]}}}
SCOPE = TemplateScope(
    reference=lambda name: PARAMETERS.get(name, UNKNOWN),
    attribute=lambda _name, _attribute: UNKNOWN,
    condition=lambda name: name == "Yes",
    mappings=MAPPINGS,
    imported=lambda _name: UNKNOWN,
    output=lambda _stack, _name: UNKNOWN,
    region="eu-west-1",
)
WHOLE: dict[str, Any] = {
    "Parameters": {"Word": {"Type": "String"}, "Words": {"Type": "CommaDelimitedList"}},
    "Mappings": MAPPINGS,
    "Conditions": {"Yes": {"Fn::Equals": ["a", "a"]}},
    "Resources": {"It": {"Type": "AWS::SQS::Queue"}, "Other": {"Type": "AWS::SQS::Queue"}},
    "Outputs": {"Out": {"Value": "x"}},
}
# What no function but those in RIGHT takes.
WRONG: tuple[Any, ...] = (
    None, True, 5, "", "text", [], ["a"], [["a"]], {}, {"a": "b"}, ["a", {"a": "b"}], [5, 5],
    [{}, {}], ["a", "b", "c", "d", "e"], {"Fn::GetAZs": [""]}, [{"Ref": ["x"]}],
)  # fmt: skip
RIGHT: dict[str, tuple[Any, ...]] = {
    "Fn::Base64": (True, 5, "", "text"),
    "Fn::Equals": ([5, 5],),
    "Fn::GetAZs": (True, 5, "", "text"),
    "Fn::ImportValue": (True, 5, "", "text"),
    "Fn::Sub": ("", "text", ["a", {"a": "b"}]),
    # What these two are asked for is done by their transforms.
    "Fn::Length": WRONG,
    "Fn::ToJsonString": WRONG,
    "Fn::Transform": WRONG,
}
PLACES = {
    "property": "Resources/It/Properties/QueueName",
    "deep in a property": "Resources/It/Properties/Tags/Deep",
    "metadata": "Resources/It/Metadata/Here",
    "policy": "Resources/It/DeletionPolicy",
    "condition": "Conditions/It",
    "output": "Outputs/Out/Value",
    "export": "Outputs/Out/Export/Name",
    "default": "Parameters/Word/Default",
    "allowed values": "Parameters/Word/AllowedValues",
    "mapping": "Mappings/Sizes/small/Number",
    "map": "Mappings/Sizes/small",
    "description": "Description",
    "description of an output": "Outputs/Out/Description",
}
# How AWS begins, and what Python says of such things.
OURS = re.compile(
    r"Template (format )?error: |Invalid template |Unresolved |Circular |.* 'null' values|Hooks"
)
PYTHONS = re.compile(
    r"index out of range|unhashable|object|NoneType|'(str|int|list|dict|bool)'|Error\b|attribute '"
)
IN_WORDS_OF_AWS = re.compile(r"every Fn::\w+ object|Ref object|context object|must be an object")


def at(path: str, value: Any) -> dict[str, Any]:
    template = copy.deepcopy(WHOLE)
    *folders, last = path.split("/")
    node: Any = template
    for name in folders:
        node = node.setdefault(name, {})
    node[last] = value
    return template


def look(template: dict[str, Any]) -> None:
    check(template)
    conditions = conditions_of(template["Conditions"], SCOPE)
    check_values(template, conditions, Resolver(SCOPE))


def cases() -> Iterator[tuple[str, Any, str]]:
    for function in sorted(FUNCTIONS | {"Ref", "Fn::Nope"}):
        for given in WRONG:
            for place in PLACES:
                if not any(given is one or given == one for one in RIGHT.get(function, ())):
                    yield function, given, place


@pytest.mark.parametrize("place", PLACES)
def test_no_function_is_given_what_it_does_not_take(place: str) -> None:
    for function, given, where in cases():
        if where != place or (place, function) == ("map", "Ref"):  # a name like any other
            continue
        for node in ({function: given}, {"Fn::Join": ["", ["a", {function: given}]]}):
            with pytest.raises(TemplateProblem) as caught:
                look(at(PLACES[place], node))
            words = str(caught.value)
            assert OURS.match(words), (function, given, words)
            assert not PYTHONS.search(IN_WORDS_OF_AWS.sub("", words)), (function, given, words)


JOINED = {"Fn::Join": [",", ["a", 1, True]]}
WORKED_OUT: list[tuple[Any, Any]] = [
    (JOINED, "a,1,true"),
    ({"Fn::Join": ["-", {"Ref": "Words"}]}, "a-b"),
    ({"Fn::Join": ["-", ["a", {"Ref": "AWS::NoValue"}, "b"]]}, "a-b"),
    ({"Fn::Sub": "x${AWS::NoValue}y"}, "xy"),
    ({"Fn::Sub": "${Word} ${ Word } ${!Word}"}, "orders orders ${Word}"),
    ({"Fn::Sub": ["${Own}-${Word}", {"Own": JOINED}]}, "a,1,true-orders"),
    ({"Fn::Sub": "${It.Arn}"}, UNKNOWN),
    ({"Fn::Join": ["", ["a", {"Ref": "It"}]]}, UNKNOWN),
    ({"Fn::Select": ["1", {"Fn::Split": [",", JOINED]}]}, "1"),
    ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "eu-west-1a"),
    ({"Fn::Select": [0, ["a", {"Ref": "It"}]]}, "a"),
    ({"Fn::GetAZs": "us-east-1"}, []),
    ({"Fn::FindInMap": ["Sizes", "small", "Names"]}, ["x", "y"]),
    ({"Fn::FindInMap": ["Sizes", "big", "Names", {"DefaultValue": JOINED}]}, "a,1,true"),
    ({"Fn::If": ["Yes", {"Ref": "AWS::NoValue"}, "b"]}, NO_VALUE),
    ({"a": {"Fn::If": ["No", "b", {"Ref": "AWS::NoValue"}]}, "c": "d"}, {"c": "d"}),
    ({"Fn::Base64": "hello world"}, "aGVsbG8gd29ybGQ="),
    ({"Fn::Cidr": ["192.168.0.0/16", "2", 8]}, ["192.168.0.0/24", "192.168.1.0/24"]),
    ({"Fn::Cidr": ["2600:1f18::/56", 2, 64]}, ["2600:1f18::/64", "2600:1f18:0:1::/64"]),
    ({"Fn::ToJsonString": {"a": [1, {"Ref": "Word"}]}}, '{"a":[1,"orders"]}'),
    ({"Fn::Join": ["", ["a"]], "Fn::Sub": "b"}, {"Fn::Join": ["", ["a"]], "Fn::Sub": "b"}),
    ({"detail": {"Condition": ["a"]}}, {"detail": {"Condition": ["a"]}}),
]


@pytest.mark.parametrize(("node", "value"), WORKED_OUT)
def test_what_functions_come_to(node: Any, value: Any) -> None:
    assert Resolver(SCOPE).value(node) == value


LITERALLY_WRONG: list[tuple[Any, str]] = [
    ({"Fn::Select": [5, ["a"]]}, "Fn::Select cannot select nonexistent value at index 5"),
    ({"Fn::Select": [2, {"Ref": "Words"}]}, "cannot select nonexistent value at index 2"),
    ({"Fn::Select": [{"Ref": "Word"}, ["a"]]}, "a valid index value as its first element"),
    ({"Fn::Select": [0, {"Ref": "Word"}]}, "two elements: an integer index and a list"),
    ({"Fn::Join": ["", {"Ref": "Word"}]}, "every Fn::Join object requires two parameters"),
    ({"Fn::Split": [",", {"Ref": "Words"}]}, "every Fn::Split object requires two parameters"),
    ({"Fn::Base64": {"Ref": "Words"}}, "every Fn::Base64 object must have a String-typed value."),
    ({"Fn::Sub": "${Words}"}, "variable Words in Fn::Sub expression does not resolve to a string"),
    ({"Fn::FindInMap": ["Sizes", "small", "Colour"]}, "get mapping for Sizes::small::Colour"),
    ({"Fn::FindInMap": ["Nope", "a", "b"]}, "Mapping named 'Nope' is not present in the 'Mapping"),
    ({"Fn::ImportValue": {"Ref": "Other"}}, "must not depend on any resources"),
    ({"Fn::Cidr": ["10.0.0.0/24", 9, 5]}, "cannot make 9 blocks with 5 subnet bits of 10.0.0.0/"),
    ({"Fn::Cidr": ["10.0.0", 1, 5]}, "cannot make 1 blocks with 5 subnet bits of 10.0.0"),
]


@pytest.mark.parametrize(("node", "words"), LITERALLY_WRONG)
def test_values_that_have_no_such_value(node: Any, words: str) -> None:
    with pytest.raises(NoSuchValue, match=re.escape(words)):
        Resolver(SCOPE).value(node)
    with pytest.raises(TemplateProblem, match=re.escape(words)):
        look(at(PLACES["property"], node))
    # A branch that is not taken has no value.
    look(at(PLACES["property"], {"Fn::If": ["Yes", "a", node]}))


@pytest.mark.parametrize(
    "value", [["a"], {"a": "b"}, {"Ref": "Words"}, {"Fn::Not": [{"Condition": "Yes"}]}]
)
def test_an_output_is_text(value: Any) -> None:
    with pytest.raises(TemplateProblem, match="every Outputs member must evaluate to a String"):
        look(at(PLACES["output"], value))


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a_b c", {"Ref": "Words"}])
def test_an_export_has_a_name(name: Any) -> None:
    with pytest.raises(TemplateProblem, match=r"Output Out is malformed\. The Name field of every"):
        look(at(PLACES["export"], name))


def test_a_policy_is_one_that_there_is() -> None:
    with pytest.raises(TemplateProblem, match="Unrecognized DeletionPolicy orders for resource It"):
        look(at(PLACES["policy"], {"Ref": "Word"}))


def test_conditions_ask_parameters_and_each_other() -> None:
    here = {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}
    turned_out = conditions_of(
        {
            "Not": {"Fn::Not": [{"Condition": "Here"}]},
            "Both": {"Fn::And": [{"Condition": "Here"}, {"Condition": "Not"}]},
            "Any": {"Fn::Or": [{"Condition": "Here"}, {"Condition": "Not"}]},
            "Here": here,
            "Mapped": {"Fn::Equals": [{"Fn::FindInMap": ["Sizes", "small", "Number"]}, "1"]},
        },
        SCOPE,
    )
    assert turned_out == {"Not": False, "Both": False, "Any": True, "Here": True, "Mapped": True}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 257, " The Name field of every Export member must not be longer than 256 "),
        ({"Ref": "Dlq"}, "  The Name field of Export must not depend on any resources, imported "),
        ({"Fn::Sub": "a-${Dlq.Arn}"}, "  The Name field of Export must not depend on any "),
    ],
)
def test_an_export_has_a_name_of_its_own(name: Any, words: str) -> None:
    """https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudformation"""
    template = {"Resources": {"Dlq": {"Type": "AWS::SQS::Queue"}}, "Conditions": {}}
    exported = {"Told": {"Value": "x", "Export": {"Name": name}}}
    with pytest.raises(TemplateProblem) as refused:
        look(template | {"Outputs": exported})
    expected = f"Template format error: Output Told is malformed.{words}"
    assert str(refused.value).startswith(expected)
    look(template | {"Outputs": {"Told": {"Value": "x", "Export": {"Name": "x" * 256}}}})
