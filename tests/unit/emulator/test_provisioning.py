"""Whatever happens while a resource is made, nobody is told what Python said."""

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from localaws.emulator.stacks.provisioning import FindMistake, provision_as_aws

KIND = "AWS::SQS::Queue"
FRAME = re.compile(
    r'Resource handler returned message: "(.*)" '
    r"\(RequestToken: [\w-]{36}, HandlerErrorCode: (\w+)\)"
)


def stacks(made: Callable[[Any], Any], mistake_in: FindMistake = lambda *_: None) -> ModuleType:
    """ministack's module, whose resources are made by `made`."""
    module = ModuleType("stacks")
    vars(module).update(
        _provision_resource=lambda kind, logical_id, properties, stack: made(properties),
        _update_resource=lambda kind, pid, old, new, stack, logical_id, *_: made((old, new)),
        _delete_resource=lambda kind, pid, properties, *_: made(properties),
        _validation_errors=lambda *_: ["theirs"],
    )
    provision_as_aws(module, mistake_in)
    return module


def tried(module: Any, properties: Any) -> list[Any]:
    """All three ways to a resource."""
    return [
        lambda: module._provision_resource(KIND, "It", properties, "stack"),
        lambda: module._update_resource(KIND, "pid", properties, properties, "stack", "It"),
        lambda: module._delete_resource(KIND, "pid", properties, "stack"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda it: it["Missing"],
        lambda it: it.missing,
        lambda it: 1 > "2",  # type: ignore[operator]
        lambda it: "a" in 7,  # type: ignore[operator]
        lambda it: int("soon"),
        lambda it: [][1],
        lambda it: 1 / 0,
        lambda it: "é".encode("ascii"),
    ],
)
def test_pythons_words_are_not_told(wrong: Callable[[Any], Any]) -> None:
    for way in tried(stacks(wrong), {"DelaySeconds": 1}):
        with pytest.raises(ValueError, match="HandlerErrorCode: InvalidRequest") as caught:
            way()
        assert "Invalid request provided: the properties of" in str(caught.value)


def test_nor_are_they_where_a_check_trips() -> None:
    for way in tried(stacks(lambda it: it, lambda _, its: its["Missing"]), {})[:2]:
        with pytest.raises(ValueError, match="Invalid request provided: the properties of"):
            way()


def test_what_was_meant_to_be_read_is_told() -> None:
    def refuse(_: Any) -> None:
        raise ValueError('Resource handler returned message: "no" (HandlerErrorCode: AccessDenied)')

    for way in tried(stacks(refuse), {}):
        with pytest.raises(ValueError, match="AccessDenied"):
            way()


def test_a_handler_is_given_what_aws_reads() -> None:
    module: Any = stacks(lambda given: given)
    first, second, third = (way() for way in tried(module, {"DelaySeconds": "5"}))
    assert first == third == {"DelaySeconds": 5}
    assert second == ({"DelaySeconds": 5}, {"DelaySeconds": 5})


def test_what_is_wrong_once_functions_are_known_fails_the_resource() -> None:
    module: Any = stacks(lambda given: given)
    with pytest.raises(ValueError, match="Properties validation failed for resource It") as caught:
        module._provision_resource(KIND, "It", {"DelaySeconds": "soon", "Foo": 1}, "stack")
    assert str(caught.value).splitlines()[1:] == [
        "#/DelaySeconds: expected type: Integer, found: String",
        "#: extraneous key [Foo] is not permitted",
    ]


def test_what_can_be_told_before_is_told_before() -> None:
    module: Any = stacks(lambda given: given)
    resources = {
        "A": {"Type": KIND, "Properties": {"Foo": 1, "DelaySeconds": {"Ref": "B"}}},
        "B": {"Type": "AWS::SNS::Topic"},
    }
    assert module._validation_errors(resources, ["A", "B"]) == [
        "theirs",
        (
            "A",
            KIND,
            "PROPERTY_VALIDATION",
            "/Resources/A/Properties",
            "extraneous key [Foo] is not permitted",
        ),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml version='1.0'?>\n<Error><Code>InvalidArgument</Code>"
        b"<Message>It's no &lt;target&gt;</Message></Error>",
        b'{"__type": "a#InvalidArgument", "message": "It\'s no <target>"}',
    ],
)
def test_what_another_service_answered_is_told_in_its_words(body: bytes) -> None:
    def refuse(_: Any) -> None:
        raise ValueError(f"AWS::S3::Bucket NotificationConfiguration rejected: {body!r}")

    for way in tried(stacks(refuse), {}):
        with pytest.raises(ValueError, match="InvalidRequest") as caught:
            way()
        assert FRAME.fullmatch(str(caught.value)).groups() == (  # type: ignore[union-attr]
            "It's no <target>",
            "InvalidRequest",
        )


@pytest.mark.parametrize(
    ("said", "message", "code"),
    [
        (
            "Thing already exists: a-bus",
            "Resource of type 'AWS::SQS::Queue' with identifier 'a-bus' already exists.",
            "AlreadyExists",
        ),
        (
            "AWS::IAM::User create failed: EntityAlreadyExists: User with name u already exists.",
            "User with name u already exists.",
            "AlreadyExists",
        ),
        (
            "AWS::KMS::Alias AliasName x must begin with alias/",
            "AWS::KMS::Alias AliasName x must begin with alias/",
            "InvalidRequest",
        ),
        (
            "The role with name r cannot be found.",
            "The role with name r cannot be found.",
            "NotFound",
        ),
    ],
)
def test_what_ministack_says_in_its_own_words_is_framed(said: str, message: str, code: str) -> None:
    def refuse(_: Any) -> None:
        raise ValueError(said)

    for way in tried(stacks(refuse), {}):
        with pytest.raises(ValueError, match="Resource handler") as caught:
            way()
        found = FRAME.fullmatch(str(caught.value))
        assert found is not None
        assert found.groups() == (message, code)


def test_what_cloudformation_says_is_not_framed() -> None:
    said = "CloudFormation cannot update a stack when a custom-named resource requires replacing."

    def refuse(_: Any) -> None:
        raise ValueError(said)

    for way in tried(stacks(refuse), {}):
        with pytest.raises(ValueError, match="CloudFormation cannot") as caught:
            way()
        assert str(caught.value) == said


def test_what_the_service_would_refuse_is_not_made() -> None:
    made: list[Any] = []
    module = stacks(made.append, lambda kind, _: ("InvalidRequest", f"{kind} is none"))
    for way in tried(module, {})[:2]:
        with pytest.raises(ValueError, match=f'message: "{KIND} is none" .*: InvalidRequest'):
            way()
    assert made == []
