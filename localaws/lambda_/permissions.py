"""The API of function policies."""

from collections.abc import Mapping
from typing import Any

from localaws.http import Caller

from .aliases import cannot_find_alias
from .errors import (
    InvalidParameterValueException,
    ResourceNotFoundException,
    function_not_found,
    resource_not_found,
)
from .function import Function, FunctionRegistry
from .model import LATEST
from .names import FunctionReference, is_alias_name
from .operation import LambdaOperation
from .resource_policy import ResourcePolicy, no_policy


class FunctionPolicies:
    """AddPermission, RemovePermission, GetPolicy: one policy per function, version or alias."""

    def __init__(self, registry: FunctionRegistry) -> None:
        self._registry = registry

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "AddPermission": self._add,
            "RemovePermission": self._remove,
            "GetPolicy": self._get,
        }

    def _add(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._registry.names.request(params)
        if reference.qualifier == LATEST:
            raise InvalidParameterValueException(
                "We currently do not support adding policies for $LATEST."
            )
        function = self._registry.find(reference)
        if function is None:
            raise function_not_found(reference.arn)
        _check_qualifier(function, reference)
        policy = function.policies.get(reference.qualifier, ResourcePolicy())
        added = policy.add(params, reference.invoked_arn)
        function.policies[reference.qualifier] = policy
        return {"Statement": added}

    def _remove(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._registry.names.request(params)
        function = self._registry.find(reference)
        if function is None:
            raise ResourceNotFoundException(f"No policy found for: {reference.arn}")
        _check_qualifier(function, reference)
        policy = function.policies.get(reference.qualifier)
        if policy is None:
            raise no_policy()
        policy.remove(params)
        if not policy.statements:
            del function.policies[reference.qualifier]
        return {}

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._registry.names.request(params)
        function = self._registry.find(reference)
        policy = function.policies.get(reference.qualifier) if function else None
        if policy is None:
            raise resource_not_found()
        return {"Policy": policy.text(), "RevisionId": policy.revision_id}


def _check_qualifier(function: Function, reference: FunctionReference) -> None:
    if function.version(reference.qualifier) is not None:
        return
    if reference.qualifier and is_alias_name(reference.qualifier):
        raise cannot_find_alias(reference.invoked_arn)
    raise function_not_found(reference.invoked_arn)
