"""Tags of functions and of whatever else in Lambda has an ARN."""

from collections.abc import Callable, Mapping
from typing import Any

from localaws.lambda_.errors import (
    InvalidParameterValueException,
    ValidationException,
    function_not_found,
)
from localaws.lambda_.functions.function import FunctionRegistry, new_revision_id
from localaws.lambda_.limits import MAX_TAGS
from localaws.lambda_.operation import LambdaOperation
from localaws.words.http import Caller
from localaws.words.tags import NOT_FOR_EVERYBODY, are_for_everybody


class Tags:
    """The API of tags.

    Other kinds of resource join with `register`; their tags are kept here too.
    """

    def __init__(self, registry: FunctionRegistry) -> None:
        self._registry = registry
        self._tags: dict[str, dict[str, str]] = {}
        self._checks: dict[str, Callable[[str], object]] = {"function": self._check_function}

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "TagResource": self._tag_resource,
            "UntagResource": self._untag_resource,
            "ListTags": self._list_tags,
        }

    def register(self, resource_type: str, check: Callable[[str], object]) -> None:
        """Let resources of a type have tags.

        Args:
            resource_type: as in the ARN, e.g. "event-source-mapping".
            check: takes an ARN, raises AWS's error if there is no such resource.
        """
        self._checks[resource_type] = check

    def of(self, arn: str) -> dict[str, str]:
        """The tags of a resource."""
        return dict(self._tags.get(arn, {}))

    def add(self, arn: str, tags: Mapping[str, str], caller: Caller) -> None:
        """Add or replace tags; of a new resource before it is there, since that may be refused."""
        if not are_for_everybody(tags, caller):
            raise InvalidParameterValueException(NOT_FOR_EVERYBODY)
        tagged = {**self._tags.get(arn, {}), **tags}
        if len(tagged) > MAX_TAGS:
            raise InvalidParameterValueException("Number of tags exceeds resource tag limit.")
        self._tags[arn] = tagged

    def forget(self, arn: str) -> None:
        """The resource is gone."""
        self._tags.pop(arn, None)

    def _tag_resource(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        arn = self._checked(params)
        if not params["Tags"]:
            raise InvalidParameterValueException(
                "An error occurred and the request cannot be processed."
            )
        self.add(arn, params["Tags"], caller)
        self._revise(arn)
        return {}

    def _untag_resource(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        arn = self._checked(params)
        if not params.get("TagKeys"):
            raise ValidationException(
                "Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"
            )
        kept = {k: v for k, v in self.of(arn).items() if k not in params["TagKeys"]}
        self._tags[arn] = kept
        self._revise(arn)
        return {}

    def _list_tags(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return {"Tags": self.of(self._checked(params))}

    def _checked(self, params: dict[str, Any]) -> str:
        arn: str = params["Resource"]
        resource_type = arn.split(":")[5] if arn.count(":") >= 6 else ""
        if resource_type not in self._checks:
            raise InvalidParameterValueException(
                f"Resources like {arn} cannot have tags. Use the ARN of a function or an event "
                "source mapping."
            )
        self._checks[resource_type](arn)
        return arn

    def _revise(self, arn: str) -> None:
        """A function's revision changes with its tags."""
        if arn.split(":")[5] == "function":
            function = self._registry.get(self._registry.names.read(arn))
            function.latest.revision_id = new_revision_id()

    def _check_function(self, arn: str) -> None:
        reference = self._registry.names.read(arn)
        if reference.qualifier:
            raise InvalidParameterValueException(
                "Tags on function aliases and versions are not supported. Please specify a "
                "function ARN."
            )
        if self._registry.find(reference) is None:
            raise function_not_found(arn)
