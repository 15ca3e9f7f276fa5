"""Provisioned concurrency of versions and aliases."""

from collections.abc import Callable, Mapping
from typing import Any

from localaws.lambda_.errors import (
    InvalidParameterValueException,
    LambdaError,
    ResourceConflictException,
    function_not_found,
)
from localaws.lambda_.functions.aliases import cannot_find_alias
from localaws.lambda_.functions.function import (
    Alias,
    Function,
    FunctionRegistry,
    ProvisionedConcurrency,
)
from localaws.lambda_.functions.function_settings import unreserved
from localaws.lambda_.functions.views import timestamp
from localaws.lambda_.limits import MIN_UNRESERVED_CONCURRENCY
from localaws.lambda_.model import LATEST, FunctionVersion
from localaws.lambda_.names import FunctionReference, is_alias_name
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.paging import page
from localaws.lambda_.ports import Provisioning
from localaws.time.time import Time
from localaws.words.http import Caller

# AWS takes a minute or two; whoever polls for READY in real time would wait as long here.
ALLOCATION_S = 2


_UNPUBLISHED = "Provisioned Concurrency Configs cannot be applied to unpublished function versions."


class ProvisionedConcurrencyConfigNotFoundException(LambdaError):
    """The version or alias has no provisioned concurrency."""

    status = 404

    def __init__(self) -> None:
        super().__init__("No Provisioned Concurrency Config found for this function")


class _Unstarted:
    """Stands in while there is nothing that could start environments."""

    def provision(
        self, version: FunctionVersion, count: int, settled: Callable[[bool], None]
    ) -> None:
        settled(True)

    def withdraw(self, version: FunctionVersion) -> None:
        pass


class ProvisionedConcurrencyConfigs:
    """The API of provisioned concurrency.

    Attributes:
        provisioning: what starts the environments.
    """

    def __init__(self, time: Time, registry: FunctionRegistry) -> None:
        self._time = time
        self._registry = registry
        self.provisioning: Provisioning = _Unstarted()

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "PutProvisionedConcurrencyConfig": self._put,
            "GetProvisionedConcurrencyConfig": self._get,
            "DeleteProvisionedConcurrencyConfig": self._delete,
            "ListProvisionedConcurrencyConfigs": self._list,
        }

    def _put(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference, function = self._published(params, _UNPUBLISHED)
        version = function.version(reference.qualifier)
        if version and version.version == LATEST:
            raise InvalidParameterValueException(_UNPUBLISHED)
        if version and version.configuration.snap_start_apply_on != "None":
            # https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html; the words are a guess.
            raise InvalidParameterValueException(
                "Provisioned Concurrency is not supported for SnapStart enabled functions."
            )
        requested: int = params["ProvisionedConcurrentExecutions"]
        _check_overlap(function, str(reference.qualifier))
        self._check_room(function, str(reference.qualifier), requested)
        self.release(function, str(reference.qualifier))
        return _view(self._allocate(function, str(reference.qualifier), requested))

    def release(self, function: Function, qualifier: str) -> None:
        """Give back what a version or alias has, if anything; before an alias moves."""
        version = function.version(qualifier)
        if function.provisioned.pop(qualifier, None) and version:
            self.provisioning.withdraw(version.runnable)

    def move(self, function: Function, alias: Alias, version: str) -> None:
        """Point an alias to another version; what is provisioned for it moves along."""
        config = function.provisioned.get(alias.name)
        if config and version == LATEST:
            raise InvalidParameterValueException(_UNPUBLISHED)
        if version != alias.version:
            self.release(function, alias.name)
            alias.version = version
            if config:
                self._allocate(function, alias.name, config.requested)

    def _allocate(
        self, function: Function, qualifier: str, requested: int
    ) -> ProvisionedConcurrency:
        config = ProvisionedConcurrency(requested, self._time.now_s())
        function.provisioned[qualifier] = config

        def start() -> None:
            version = function.version(qualifier)
            if function.provisioned.get(qualifier) is config and version:
                self.provisioning.provision(version.runnable, requested, config.settle)

        self._time.call_at(self._time.now_s() + ALLOCATION_S, start)
        return config

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference, function = self._published(params)
        config = function.provisioned.get(str(reference.qualifier))
        if config is None:
            raise ProvisionedConcurrencyConfigNotFoundException
        return _view(config)

    def _delete(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference, function = self._published(params)
        self.release(function, str(reference.qualifier))
        return {}

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        function = self._registry.get(self._registry.names.read(params["FunctionName"]))
        configs = [
            {"FunctionArn": f"{function.arn}:{qualifier}", **_view(config)}
            for qualifier, config in sorted(function.provisioned.items())
        ]
        return page("ProvisionedConcurrencyConfigs", configs, params)

    def _check_room(self, function: Function, qualifier: str, requested: int) -> None:
        replaced = function.provisioned.get(qualifier)
        freed = replaced.requested if replaced else 0
        if function.reserved_concurrency is not None:
            others = sum(config.requested for config in function.provisioned.values()) - freed
            if others + requested > function.reserved_concurrency:
                raise InvalidParameterValueException(
                    "Requested Provisioned Concurrency should not be greater than the "
                    "reservedConcurrentExecution for function"
                )
            return
        room = unreserved(self._registry) + freed
        if requested > room:
            raise InvalidParameterValueException(
                "Specified ConcurrentExecutions for function is greater than account's unreserved "
                f"concurrency [{room}]."
            )
        if room - requested < MIN_UNRESERVED_CONCURRENCY:
            raise InvalidParameterValueException(
                "Specified ConcurrentExecutions for function decreases account's "
                "UnreservedConcurrentExecution below its minimum value of "
                f"[{MIN_UNRESERVED_CONCURRENCY}]."
            )

    def _published(
        self,
        params: Mapping[str, Any],
        not_latest: str = "The function resource provided must be an alias or a published version.",
    ) -> tuple[FunctionReference, Function]:
        """The function and the version or alias of it; `not_latest` refuses $LATEST."""
        reference = self._registry.names.read(params["FunctionName"], params["Qualifier"])
        if reference.qualifier == LATEST:
            raise InvalidParameterValueException(not_latest)
        function = self._registry.find(reference)
        if function is None or function.version(reference.qualifier) is None:
            if is_alias_name(str(reference.qualifier)):
                raise cannot_find_alias(reference.invoked_arn)
            raise function_not_found(reference.invoked_arn)
        return reference, function


def _check_overlap(function: Function, qualifier: str) -> None:
    """A version may have provisioned concurrency itself or through one alias, not both.

    What is said of an alias that splits its invocations is in
    https://github.com/hashicorp/terraform/issues/24957.
    """
    alias = function.aliases.get(qualifier)
    if alias and alias.weights:
        raise InvalidParameterValueException(
            "Alias with weights can not be used with Provisioned Concurrency"
        )
    if alias and alias.version in function.provisioned:
        raise ResourceConflictException(
            "Alias can't be used for Provisioned Concurrency configuration on an already "
            "Provisioned version"
        )
    users = (function.aliases.get(name) for name in function.provisioned)
    if alias is None and any(user and user.version == qualifier for user in users):
        raise ResourceConflictException("Version is pointed by a Provisioned Concurrency alias")


def _view(config: ProvisionedConcurrency) -> dict[str, Any]:
    view = {
        "RequestedProvisionedConcurrentExecutions": config.requested,
        "AllocatedProvisionedConcurrentExecutions": config.allocated,
        "AvailableProvisionedConcurrentExecutions": config.allocated,
        "Status": "READY" if config.allocated else "IN_PROGRESS",
        "LastModified": timestamp(config.last_modified_s),
    }
    if config.failed:
        view |= {"Status": "FAILED", "StatusReason": "FUNCTION_ERROR_INIT_FAILURE"}
    return view
