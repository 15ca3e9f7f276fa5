"""Settings beside the configuration: reserved concurrency, recursion, and the account's."""

from collections.abc import Mapping
from typing import Any

from localaws.lambda_.errors import InvalidParameterValueException, function_not_found
from localaws.lambda_.functions.function import Function, FunctionRegistry
from localaws.lambda_.functions.layers import Layers
from localaws.lambda_.limits import (
    ACCOUNT_CONCURRENCY,
    MAX_CODE_STORAGE_BYTES,
    MAX_UNZIPPED_BYTES,
    MAX_ZIPPED_BYTES,
    MIN_UNRESERVED_CONCURRENCY,
)
from localaws.lambda_.names import FunctionReference, is_alias_name
from localaws.lambda_.operation import LambdaOperation
from localaws.words.arns import region_of
from localaws.words.http import Caller


class FunctionSettings:
    """The API of per-function settings that no version owns, and of the account's limits."""

    def __init__(self, registry: FunctionRegistry, layers: Layers) -> None:
        self._registry = registry
        self._layers = layers

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "PutFunctionConcurrency": self._put_concurrency,
            "GetFunctionConcurrency": self._get_concurrency,
            "DeleteFunctionConcurrency": self._delete_concurrency,
            "PutFunctionRecursionConfig": self._put_recursion,
            "GetFunctionRecursionConfig": self._get_recursion,
            "PutRuntimeManagementConfig": self._put_runtime_management,
            "GetRuntimeManagementConfig": self._get_runtime_management,
            "GetAccountSettings": self._get_account_settings,
        }

    def _put_concurrency(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._unqualified_name(params)
        function = self._registry.find(reference)
        if function is None:
            raise function_not_found(reference.qualified_arn)  # recorded so, with $LATEST
        reserved: int = params["ReservedConcurrentExecutions"]
        if unreserved(self._registry, without=function) - reserved < MIN_UNRESERVED_CONCURRENCY:
            raise InvalidParameterValueException(
                "Specified ReservedConcurrentExecutions for function decreases account's "
                "UnreservedConcurrentExecution below its minimum value of "
                f"[{MIN_UNRESERVED_CONCURRENCY}].",
                Type=None,  # recorded without, unlike its siblings
            )
        provisioned = sum(config.requested for config in function.provisioned.values())
        if reserved < provisioned:
            raise InvalidParameterValueException(
                f"ReservedConcurrentExecutions  {reserved} should not be lower than function's "
                f"total provisioned concurrency [{provisioned}]."
            )
        function.reserved_concurrency = reserved
        return {"ReservedConcurrentExecutions": reserved}

    def _get_concurrency(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reserved = self._unqualified(params).reserved_concurrency
        return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}

    def _delete_concurrency(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        self._unqualified(params).reserved_concurrency = None
        return {}

    def _put_recursion(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        function = self._unqualified(params)
        function.recursive_loop = params["RecursiveLoop"]
        return {"RecursiveLoop": function.recursive_loop}

    def _get_recursion(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return {"RecursiveLoop": self._unqualified(params).recursive_loop}

    def _get_runtime_management(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._version_name(params)
        version = self._registry.get_version(reference)
        return {**version.runtime_management, "FunctionArn": reference.qualified_arn}

    def _put_runtime_management(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._version_name(params)
        version = self._registry.get_version(reference)
        _check_runtime_version(params, region_of(reference.arn))
        members = ("UpdateRuntimeOn", "RuntimeVersionArn")
        version.runtime_management = {m: params[m] for m in members if m in params}
        return {**version.runtime_management, "FunctionArn": reference.qualified_arn}

    def _get_account_settings(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        return {
            "AccountLimit": {
                "TotalCodeSize": MAX_CODE_STORAGE_BYTES,
                "CodeSizeUnzipped": MAX_UNZIPPED_BYTES,
                "CodeSizeZipped": MAX_ZIPPED_BYTES,
                "ConcurrentExecutions": ACCOUNT_CONCURRENCY,
                "UnreservedConcurrentExecutions": unreserved(self._registry),
            },
            "AccountUsage": {
                "TotalCodeSize": self._total_code_size(),
                "FunctionCount": sum(1 for _ in self._registry),
            },
        }

    def _total_code_size(self) -> int:
        # Every version counts, whether or not its package is another's too.
        return sum(
            version.configuration.package.size
            for function in self._registry
            for version in function.versions()
        ) + sum(package.size for package in self._layers.packages())

    def _version_name(self, params: dict[str, Any]) -> FunctionReference:
        """The version whose runtime is managed; aliases have no runtime of their own.

        The refusal is in https://github.com/DataBiosphere/azul/issues/7730.
        """
        reference = self._registry.names.request(params)
        if reference.qualifier and is_alias_name(reference.qualifier):
            raise InvalidParameterValueException(
                f"The provided function name {reference.invoked_arn} is invalid. Aliases are not "
                "allowed."
            )
        return reference

    def _unqualified(self, params: dict[str, Any]) -> Function:
        return self._registry.get(self._unqualified_name(params))

    def _unqualified_name(self, params: dict[str, Any]) -> FunctionReference:
        reference = self._registry.names.read(params["FunctionName"])
        if reference.qualifier:
            raise InvalidParameterValueException(
                "This operation is permitted on Lambda functions only. Aliases and versions do not "
                "support this operation. Please specify either a function name or an unqualified "
                "function ARN."
            )
        return reference


def unreserved(registry: FunctionRegistry, without: Function | None = None) -> int:
    """The concurrency that no function has taken for itself, leaving one out of account.

    Reserved concurrency is taken, and so is provisioned concurrency, which is a part of the
    reserved one where a function has both.
    """
    return ACCOUNT_CONCURRENCY - sum(
        taken_concurrency(function) for function in registry if function is not without
    )


def taken_concurrency(function: Function) -> int:
    """What a function takes out of the account's concurrency, running or not."""
    if function.reserved_concurrency is not None:
        return function.reserved_concurrency
    return sum(config.requested for config in function.provisioned.values())


def _check_runtime_version(params: Mapping[str, Any], region: str) -> None:
    """Refuse a runtime version that is missing, not wanted, or of another region.

    In the words of the pf-lambda-runtime rules of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """
    mode, arn = params["UpdateRuntimeOn"], params.get("RuntimeVersionArn")
    if mode == "Manual" and not arn:
        raise InvalidParameterValueException(
            "Missing runtime version ARN. A runtime version ARN is required when "
            "UpdateRuntimeVersionOn=Manual. Provide a valid runtime version ARN and retry the "
            "request."
        )
    if mode != "Manual" and arn:
        raise InvalidParameterValueException(
            f"Unexpected runtime version ARN when UpdateRuntimeVersionOn={mode}. Remove the "
            "runtime version ARN and retry the request."
        )
    if arn and region_of(arn) != region:
        raise InvalidParameterValueException(
            f"Invalid runtime version ARN ({arn}). Check the runtime version ARN and retry the "
            "request."
        )
