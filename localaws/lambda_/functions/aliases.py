"""Aliases: names for versions, with or without a share for a second version."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from localaws.lambda_.errors import (
    InvalidParameterValueException,
    ResourceConflictException,
    ResourceNotFoundException,
    ValidationException,
    check_revision,
    function_not_found,
)
from localaws.lambda_.functions.function import (
    Alias,
    Function,
    FunctionRegistry,
    StoredVersion,
    new_revision_id,
)
from localaws.lambda_.functions.views import alias_view
from localaws.lambda_.model import LATEST
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.paging import page
from localaws.words.http import Caller


class ProvisionedForAliases(Protocol):
    """The provisioned concurrency that aliases take along."""

    def move(self, function: Function, alias: Alias, version: str) -> None:
        """Point an alias to another version."""

    def release(self, function: Function, qualifier: str) -> None:
        """Give back what an alias has."""


class Aliases:
    """The API of aliases."""

    def __init__(self, registry: FunctionRegistry, provisioned: ProvisionedForAliases) -> None:
        self._registry = registry
        self._provisioned = provisioned

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "CreateAlias": self._create,
            "GetAlias": self._get,
            "UpdateAlias": self._update,
            "DeleteAlias": self._delete,
            "ListAliases": self._list,
        }

    def _create(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        name, version = params["Name"], params["FunctionVersion"]
        reference = self._registry.names.read(params["FunctionName"])
        function = self._registry.find(reference)
        if function is None:
            raise function_not_found(f"{reference.arn}:{version}")
        _check_version(function, version)
        weights = _checked_weights(function, version, params.get("RoutingConfig"))
        if name in function.aliases:
            raise ResourceConflictException(f"Alias already exists: {function.arn}:{name}")
        alias = Alias(name, version, params.get("Description", ""), weights)
        function.aliases[name] = alias
        return alias_view(alias, function.arn)

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._registry.names.read(params["FunctionName"])
        function = self._registry.find(reference)
        alias = function.aliases.get(params["Name"]) if function else None
        if alias is None:
            raise cannot_find_alias(f"{reference.arn}:{params['Name']}")
        return alias_view(alias, reference.arn)

    def _update(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        function = self._function(params)
        alias = function.aliases.get(params["Name"])
        if alias is None:
            raise ResourceNotFoundException(f"Alias not found: {function.arn}:{params['Name']}")
        check_revision(alias.revision_id, params)
        version = params.get("FunctionVersion", alias.version)
        _check_version(function, version)
        routing = params.get("RoutingConfig", {"AdditionalVersionWeights": alias.weights})
        weights = _checked_weights(function, version, routing)
        self._provisioned.move(function, alias, version)
        alias.weights = weights
        alias.description = params.get("Description", alias.description)
        alias.revision_id = new_revision_id()
        return alias_view(alias, function.arn)

    def _delete(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        function = self._function(params)
        name = params["Name"]
        self._provisioned.release(function, name)
        function.aliases.pop(name, None)
        function.policies.pop(name, None)
        return {}

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        function = self._function(params)
        version = params.get("FunctionVersion")
        aliases = [
            alias_view(alias, function.arn)
            for _, alias in sorted(function.aliases.items())
            if version in (None, alias.version)
        ]
        return page("Aliases", aliases, params)

    def _function(self, params: dict[str, Any]) -> Function:
        return self._registry.get(self._registry.names.read(params["FunctionName"]))


def route(function: Function, alias: Alias, draw: Callable[[], float]) -> StoredVersion | None:
    """The version that an invocation of the alias runs.

    Args:
        draw: makes a random number from [0, 1).
    """
    # AWS allows one additional version.
    for version, weight in alias.weights.items():
        if draw() < weight:
            return function.version(version)
    return function.version(alias.version)


def cannot_find_alias(arn: str) -> ResourceNotFoundException:
    """What Lambda says of an alias that does not exist, where only an alias could be meant."""
    return ResourceNotFoundException(f"Cannot find alias arn: {arn}")


def _check_version(function: Function, version: str) -> None:
    if version != LATEST and version not in function.published:
        raise function_not_found(f"{function.arn}:{version}")


def _checked_weights(
    function: Function, version: str, routing: Mapping[str, Any] | None
) -> dict[str, float]:
    weights = dict((routing or {}).get("AdditionalVersionWeights") or {})
    if len(weights) > 1:
        raise InvalidParameterValueException(
            "Number of items in AdditionalVersionWeights cannot be greater than 1"
        )
    for other, weight in weights.items():
        if not 0.0 <= weight <= 1.0:
            raise ValidationException(
                f"Value '{{{other}={weight}}}' at 'routingConfig.additionalVersionWeights' failed "
                "to satisfy constraint: Map value must satisfy constraint: [Member must have value "
                "less than or equal to 1.0, Member must have value greater than or equal to 0.0, "
                "Member must not be null]"
            )
        if other == version:
            raise InvalidParameterValueException(
                f"Invalid function version {version}. Function version {version} is already "
                "included in routing configuration."
            )
        if version == LATEST:
            raise InvalidParameterValueException(
                "$LATEST is not supported for an alias pointing to more than 1 version",
                Type=None,  # recorded without
            )
        _check_version(function, other)
    return weights
