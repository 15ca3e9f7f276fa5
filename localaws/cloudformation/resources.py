"""What the handlers of resource types share: calls of a service's API, properties, names.

Property names are those of the API's parameters but for the few that a handler names.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

import asyncio
import json
import string
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.seeded import letters

_SUFFIX_ALPHABET = string.ascii_uppercase + string.digits
_SUFFIX_LENGTH = 12

Properties = dict[str, Any]
# The physical id (what Ref gives) and the attributes (what Fn::GetAtt gives).
Made = tuple[str, dict[str, str]]
# Waits for this many virtual seconds.
Pause = Callable[[float], Awaitable[None]]
Check = Callable[[str, Mapping[str, Any]], None]


class AlreadyExists(AwsError):
    """What is to be made is there, and belongs to somebody else."""

    @classmethod
    def of(cls, resource_type: str, name: str) -> "AlreadyExists":
        """A resource of this type has the name already."""
        return cls(f"Resource of type '{resource_type}' with identifier '{name}' already exists.")


class ResourceHandler(Protocol):
    """One resource type."""

    async def create(self, logical_id: str, properties: Properties, stack: str) -> Made: ...

    async def update(
        self, physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Made: ...

    async def delete(self, physical_id: str, properties: Properties) -> None: ...


def _unchecked(operation: str, parameters: Mapping[str, Any]) -> None:
    """For services that stand alone."""


class Api:
    """One service's operations, called as CloudFormation calls them on somebody's behalf.

    Args:
        operations: by AWS's operation name.
        caller_arn: on whose behalf.
        check: holds an operation's parameters against the service's model, as a request's are;
            raises AwsError.
    """

    def __init__(
        self, operations: Mapping[str, Any], caller_arn: str, check: Check = _unchecked
    ) -> None:
        self._operations = operations
        self._caller_arn = caller_arn
        self._check = check

    async def __call__(self, operation: str, **parameters: Any) -> dict[str, Any]:
        given = {name: value for name, value in parameters.items() if value is not None}
        caller = Caller(
            arn=self._caller_arn,
            request_id=str(uuid.uuid4()),
            called_via="cloudformation.amazonaws.com",
        )
        self._check(operation, given)
        result = self._operations[operation](given, caller)
        return (await result if asyncio.iscoroutine(result) else result) or {}


def is_true(value: Any) -> bool:
    """Whether a property is true; templates say it as a boolean or as text."""
    return str(value).lower() == "true"


def as_text(value: Any) -> str:
    """An attribute's value as text: JSON for documents, `true` for True."""
    return value if isinstance(value, str) else json.dumps(value)


def tags_of(properties: Properties) -> dict[str, str]:
    """A resource's tags by their keys."""
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}


def tags_gone(old: Properties, new: Properties) -> list[str]:
    """The keys of tags that an update takes away."""
    return [key for key in tags_of(old) if key not in tags_of(new)]


async def retag(lambda_: Api, arn: str, old: Properties, new: Properties) -> None:
    """Give a resource of Lambda the tags of its new properties, and no others of the old ones."""
    if gone := tags_gone(old, new):
        await lambda_("UntagResource", Resource=arn, TagKeys=gone)
    if tags := tags_of(new):
        await lambda_("TagResource", Resource=arn, Tags=tags)


async def unless_gone(work: Awaitable[Any]) -> Any:
    """What a call answers, None where the thing is not there: somebody may have deleted it."""
    try:
        return await work
    except AwsError as error:
        if "NotFound" not in error.code and "DoesNotExist" not in error.code:
            raise
        return None


def physical_name(stack: str, logical_id: str, max_length: int) -> str:
    """The name of a resource whose template names none; a new one each time, as on AWS."""
    suffix = letters(_SUFFIX_LENGTH, _SUFFIX_ALPHABET)
    return f"{f'{stack}-{logical_id}'[: max_length - _SUFFIX_LENGTH - 1]}-{suffix}"
