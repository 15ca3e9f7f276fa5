"""The API of function policies."""

from collections.abc import Mapping
from typing import Any

from localaws.lambda_.errors import (
    InvalidParameterValueException,
    ResourceNotFoundException,
    check_revision,
    function_not_found,
    resource_not_found,
)
from localaws.lambda_.functions.aliases import cannot_find_alias
from localaws.lambda_.functions.function import (
    Alias,
    Function,
    FunctionRegistry,
    StoredVersion,
    new_revision_id,
)
from localaws.lambda_.functions.resource_policy import (
    ResourcePolicy,
    invalid_principal,
    no_policy,
)
from localaws.lambda_.model import LATEST
from localaws.lambda_.names import FunctionReference, is_alias_name
from localaws.lambda_.operation import LambdaOperation
from localaws.words.arns import service_of
from localaws.words.http import Caller
from localaws.words.ports import Permissions
from localaws.words.propagation import PolicyPropagation


class FunctionPolicies:
    """AddPermission, RemovePermission, GetPolicy: one policy per function, version or alias."""

    def __init__(
        self, registry: FunctionRegistry, propagation: PolicyPropagation, permissions: Permissions
    ) -> None:
        self._registry = registry
        self._propagation = propagation
        self._permissions = permissions

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
        owner = _owner(function, reference)
        check_revision(owner.revision_id, params, "GetPolicy")
        principal = params["Principal"]
        if service_of(principal) in ("iam", "sts") and not self._permissions.has_principal(
            principal
        ):
            raise invalid_principal()
        policy = function.policies.get(reference.qualifier, ResourcePolicy())
        before = policy.document()
        added = policy.add(params, reference.invoked_arn)
        function.policies[reference.qualifier] = policy
        self._propagation.changed(reference.qualified_arn, before)
        owner.revision_id = new_revision_id()
        return {"Statement": added}

    def _remove(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._registry.names.request(params)
        function = self._registry.find(reference)
        if function is None:
            raise ResourceNotFoundException(f"No policy found for: {reference.arn}")
        owner = _owner(function, reference)
        policy = function.policies.get(reference.qualifier)
        if policy is None:
            raise no_policy()
        check_revision(owner.revision_id, params)  # names GetFunction, unlike AddPermission
        before = policy.document()
        policy.remove(params)
        self._propagation.changed(reference.qualified_arn, before)
        owner.revision_id = new_revision_id()
        if not policy.statements:
            del function.policies[reference.qualifier]
        return {}

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._registry.names.request(params)
        function = self._registry.find(reference)
        policy = function.policies.get(reference.qualifier) if function else None
        if function is None or policy is None:
            raise resource_not_found()
        return {"Policy": policy.text(), "RevisionId": _owner(function, reference).revision_id}


def _owner(function: Function, reference: FunctionReference) -> Alias | StoredVersion:
    """What a policy belongs to; its revision is the policy's revision."""
    alias = function.aliases.get(reference.qualifier or LATEST)
    owner = alias or function.version(reference.qualifier)
    if owner is not None:
        return owner
    if reference.qualifier and is_alias_name(reference.qualifier):
        raise cannot_find_alias(reference.invoked_arn)
    raise function_not_found(reference.invoked_arn)
