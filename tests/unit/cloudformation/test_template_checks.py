"""What is refused before anything is made, wherever in a template it stands."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from localaws.cloudformation.templates.checks import (
    TemplateProblem,
    check,
    check_conditional,
    check_parameters,
)

QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue"}
WHOLE: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Description": "everything that may be mentioned, mentioned",
    "Metadata": {"Anything": {"Ref": "Whatever"}},
    "Parameters": {"Size": {"Type": "Number", "Default": 5}, "Name": {"Type": "String"}},
    "Mappings": {"Sizes": {"small": {"Value": 1}}},
    "Conditions": {
        "Named": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]},
        "Both": {
            "Fn::And": [{"Condition": "Named"}, {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}]
        },
    },
    "Resources": {
        "Dlq": QUEUE,
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Condition": "Named",
            "DependsOn": ["Dlq"],
            "DeletionPolicy": {"Fn::If": ["Both", "Retain", "Delete"]},
            "Properties": {
                "QueueName": {"Fn::If": ["Named", {"Ref": "Name"}, {"Ref": "AWS::NoValue"}]},
                "VisibilityTimeout": {"Fn::FindInMap": ["Sizes", "small", "Value"]},
                "RedrivePolicy": {
                    "deadLetterTargetArn": {"Fn::GetAtt": ["Dlq", "Arn"]},
                    "maxReceiveCount": {"Ref": "Size"},
                },
                "Tags": [
                    {"Key": "a", "Value": {"Fn::Sub": "${AWS::StackName}-${Dlq.Arn}-${!Literal}"}},
                    {"Key": "b", "Value": {"Fn::Sub": ["${Own}-${Dlq}", {"Own": {"Ref": "Size"}}]}},
                    {"Key": "c", "Value": {"Fn::Join": ["", [{"Fn::GetAtt": "Dlq.Arn"}]]}},
                ],
            },
        },
    },
    "Outputs": {
        "Url": {"Value": {"Ref": "Dlq"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-url"}}},
        "Arn": {"Condition": "Named", "Value": {"Fn::GetAtt": ["Queue", "Arn"]}},
    },
}
RESOURCES, OUTPUTS = (
    "in the Resources block of the template",
    "in the Outputs block of the template",
)


def at(path: str, value: Any) -> dict[str, Any]:
    """The whole template with one place changed; a None takes it away."""
    template = copy.deepcopy(WHOLE)
    *folders, last = path.split("/")
    node: Any = template
    for name in folders:
        node = node.setdefault(name, {})
    if value is None:
        del node[last]
    else:
        node[last] = value
    return template


PROPERTY, DEEP = "Resources/Queue/Properties/QueueName", "Resources/Dlq/Properties/Tags"
MISTAKES: dict[str, tuple[str, Any, str]] = {
    "section": ("Resorces", {}, "Invalid template property or properties [Resorces]"),
    "member": ("Resources/Dlq/Propertys", {}, "Invalid template resource property 'Propertys'"),
    "no type": (
        "Resources/Dlq/Type", None,
        "[/Resources/Dlq] Every Resources object must contain a Type member.",
    ),
    "no resource": ("Resources/Dlq", "text", "Every Resources member must be an object."),
    "no object": ("Resources/Dlq/Properties", [1], "[/Resources/Dlq/Properties] must be an object"),
    "no section": ("Outputs", ["x"], "[/Outputs] must be an object"),
    "no resources": ("Resources", {}, "At least one Resources member must be defined."),
    "name": ("Resources/A-b", QUEUE, "Resource name A-b is non alphanumeric."),
    "name of an output": ("Outputs/a_b", {"Value": "x"}, "Output name a_b is non alphanumeric."),
    "no value": ("Outputs/Url/Value", None, "Every Outputs member must contain a Value object"),
    "type of a parameter": (
        "Parameters/Size/Type", "Numbr", "Unrecognized parameter type: Numbr",
    ),
    "Ref": (PROPERTY, {"Ref": "Nope"}, f"Unresolved resource dependencies [Nope] {RESOURCES}"),
    "Ref to a condition": (PROPERTY, {"Ref": "Named"}, f"dependencies [Named] {RESOURCES}"),
    "Ref to no pseudo parameter": (
        PROPERTY, {"Ref": "AWS::Regoin"}, f"dependencies [AWS::Regoin] {RESOURCES}",
    ),
    "two": (DEEP, [{"Ref": "B"}, {"Fn::Sub": "${A}"}], f"dependencies [A, B] {RESOURCES}"),
    "deep": (DEEP, [{"a": [{"Fn::Join": ["", [{"Ref": "Nope"}]]}]}], "dependencies [Nope]"),
    "branch not taken": (
        PROPERTY, {"Fn::If": ["Named", "a", {"Ref": "Nope"}]}, "dependencies [Nope]",
    ),
    "in a variable": (PROPERTY, {"Fn::Sub": ["${A}", {"A": {"Ref": "Nope"}}]}, "[Nope]"),
    "Sub": (PROPERTY, {"Fn::Sub": "a-${Nope}"}, f"dependencies [Nope] {RESOURCES}"),
    "Sub of an attribute": (
        PROPERTY, {"Fn::Sub": "${Nope.Arn}"},
        "Template error: instance of Fn::Sub references invalid resource attribute Nope.Arn",
    ),
    "GetAtt": (
        PROPERTY, {"Fn::GetAtt": ["Nope", "Arn"]},
        "Template error: instance of Fn::GetAtt references undefined resource Nope",
    ),
    "GetAtt of a parameter": (
        PROPERTY, {"Fn::GetAtt": "Size.Arn"}, "references undefined resource Size",
    ),
    "DependsOn": ("Resources/Dlq/DependsOn", "Nope", f"dependencies [Nope] {RESOURCES}"),
    "DependsOn a parameter": ("Resources/Dlq/DependsOn", ["Size"], f"[Size] {RESOURCES}"),
    "DependsOn nothing that has a name": (
        "Resources/Dlq/DependsOn", [{"Ref": "Queue"}],
        "DependsOn must be a string or list of strings.",
    ),
    "DeletionPolicy": (
        "Resources/Dlq/DeletionPolicy", "Foo", "Unrecognized DeletionPolicy Foo for resource Dlq",
    ),
    "UpdateReplacePolicy": (
        "Resources/Dlq/UpdateReplacePolicy", "RetainExceptOnCreate",
        "Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource Dlq",
    ),
    "policies": (
        "Resources/Dlq/DeletionPolicy", ["Retain"], "Every DeletionPolicy member must be a string.",
    ),
    "snapshot": (
        "Resources/Dlq/DeletionPolicy", "Snapshot",
        "Template error: resource type AWS::SQS::Queue does not support deletion policy Snapshot",
    ),
    "snapshot before a replacement": (
        "Resources/Dlq/UpdateReplacePolicy", "Snapshot",
        "AWS::SQS::Queue does not support update replace policy Snapshot",
    ),
    "null": (
        DEEP, [{"Key": None}],
        "[/Resources/Dlq/Properties/Tags/0/Key] 'null' values are not allowed in templates",
    ),
    "condition": (
        "Resources/Dlq/Condition", "Nope", f"Unresolved condition dependency Nope {RESOURCES}",
    ),
    "condition of an output": (
        "Outputs/Url/Condition", "Nope", f"Unresolved condition dependency Nope {OUTPUTS}",
    ),
    "If": (
        PROPERTY, {"Fn::If": ["Nope", "a", "b"]},
        "Template error: unresolved condition dependency Nope in Fn::If",
    ),
    "output": ("Outputs/Url/Value", {"Ref": "Nope"}, f"dependencies [Nope] {OUTPUTS}"),
    "name of an export": (
        "Outputs/Url/Export/Name", {"Ref": "Nope"}, f"dependencies [Nope] {OUTPUTS}",
    ),
    "resource in a condition": (
        "Conditions/Named", {"Fn::Equals": [{"Ref": "Dlq"}, ""]},
        "Unresolved dependencies [Dlq]. Cannot reference resources in the Conditions block",
    ),
    "condition in a condition": (
        "Conditions/Named", {"Fn::Not": [{"Condition": "Nope"}]},
        "Unresolved condition dependency Nope in the Conditions block of the template",
    ),
    "conditions in a circle": (
        "Conditions/Named", {"Condition": "Both"},
        "Circular dependencies for conditions: [Both, Named]",
    ),
    "circle": (
        "Resources/Dlq/DependsOn", "Queue", "Circular dependency between resources: [Dlq, Queue]",
    ),
    "itself": (
        "Resources/Dlq/Properties/QueueName", {"Fn::GetAtt": ["Dlq", "Arn"]},
        "Circular dependency between resources: [Dlq]",
    ),
    "function": (
        PROPERTY, {"Fn::Jion": ["", []]},
        "Template error: Encountered unsupported function: Fn::Jion Supported functions are: [Fn::",
    ),
}  # fmt: skip


def test_a_whole_template_is_taken() -> None:
    check(WHOLE)
    check_parameters(WHOLE, ["Name"])
    check_conditional(at("Outputs/Arn/Condition", "Named"), {"Named": True, "Both": False})


@pytest.mark.parametrize("policy", ["Delete", "Retain", "RetainExceptOnCreate"])
def test_a_resource_may_be_left_behind(policy: str) -> None:
    check(at("Resources/Dlq/DeletionPolicy", policy))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused(mistake: str) -> None:
    path, value, words = MISTAKES[mistake]
    with pytest.raises(TemplateProblem) as caught:
        check(at(path, value))
    assert words in str(caught.value)


def test_what_a_macro_still_rewrites_is_left_alone() -> None:
    check(at("Transform", "Mine") | {"Globals": {}})


def test_a_resource_that_is_left_out_is_none() -> None:
    conditions = {"Named": False, "Both": False}
    check_conditional(WHOLE, conditions)  # its output is left out, too
    with pytest.raises(TemplateProblem, match=r"dependencies \[Queue\] in the Outputs block"):
        check_conditional(at("Outputs/Arn/Condition", None), conditions)
    used = {"Fn::If": ["Named", {"Ref": "Queue"}, "nothing"]}
    check_conditional(at("Outputs/Url/Value", used), conditions)
    with pytest.raises(TemplateProblem, match=r"\[Queue\] in the Resources block"):
        check_conditional(at("Resources/Dlq/Properties/Tags", {"Ref": "Queue"}), conditions)


def test_exports_of_one_name_are_one_too_many() -> None:
    output = {"Value": "x", "Export": {"Name": "same"}, "Condition": "Named"}
    template = at("Outputs", {"First": output, "Second": output})
    check_conditional(template, {"Named": False, "Both": False})
    with pytest.raises(TemplateProblem, match=r"contains duplicate Export names: \[same\]\."):
        check_conditional(template, {"Named": True, "Both": False})


def test_parameters_are_those_of_the_template() -> None:
    with pytest.raises(TemplateProblem, match=r"Parameters: \[A, B\] do not exist in the template"):
        check_parameters(WHOLE, ["B", "Name", "A"])
    with pytest.raises(TemplateProblem, match=r"Parameters: \[Name\] must have values"):
        check_parameters(WHOLE, [])


def nodes(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            yield from nodes(value, (*path, key))
        else:
            yield (*path, key)


@pytest.mark.parametrize("wrong", [None, 0, "text", [], {}, [None], {"Ref": 1}, True])
def test_nothing_but_a_problem_comes_of_any_value_anywhere(wrong: Any) -> None:
    for path in [path for path in nodes(WHOLE) if path]:
        template = copy.deepcopy(WHOLE)
        node: Any = template
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = wrong
        try:
            check(template)
            check_parameters(template, ["Name"])
            check_conditional(template, {"Named": True, "Both": False})
        except TemplateProblem:
            pass
