"""The API of functions: create, read, list, update, delete."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from localaws.lambda_.absent import refuse_absent
from localaws.lambda_.errors import (
    InvalidParameterValueException,
    ResourceConflictException,
    check_revision,
    function_not_found,
)
from localaws.lambda_.functions.code import CodeStore, check_package_type
from localaws.lambda_.functions.code_signing import CodeSigningConfigs
from localaws.lambda_.functions.configuration import (
    FunctionConfiguration,
    default_logging,
    with_request,
)
from localaws.lambda_.functions.function import Function, FunctionRegistry, StoredVersion
from localaws.lambda_.functions.layers import Layers
from localaws.lambda_.functions.tags import Tags
from localaws.lambda_.functions.validation import (
    ConfigurationRules,
    check_new_dead_letter_target,
    check_unzipped_size,
)
from localaws.lambda_.functions.versions import Versions
from localaws.lambda_.functions.views import version_summary, version_view
from localaws.lambda_.model import LATEST
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.paging import page
from localaws.words.http import Caller


class FunctionOperations:
    """Operations on whole functions.

    Args:
        changed: called with a function's name and "updated" or "deleted" after such a change, with
            `name:version` when only a version was deleted.
    """

    def __init__(
        self,
        registry: FunctionRegistry,
        versions: Versions,
        rules: ConfigurationRules,
        code: CodeStore,
        layers: Layers,
        code_signing: CodeSigningConfigs,
        tags: Tags,
        changed: Callable[[str, str], None],
    ) -> None:
        self._registry = registry
        self._names = registry.names
        self._versions = versions
        self._rules = rules
        self._code = code
        self._layers = layers
        self._code_signing = code_signing
        self._tags = tags
        self._changed = changed
        # Names of functions whose code is on its way.
        self._coming: set[str] = set()

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "CreateFunction": self._create,
            "GetFunction": self._get,
            "GetFunctionConfiguration": self._get_configuration,
            "ListFunctions": self._list,
            "UpdateFunctionCode": self._update_code,
            "UpdateFunctionConfiguration": self._update_configuration,
            "DeleteFunction": self._delete,
        }

    async def _create(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._names.for_creation(params["FunctionName"])
        check_package_type(params)
        refuse_absent(params)
        if self._registry.find(reference) or reference.name in self._coming:
            raise ResourceConflictException(f"Function already exist: {reference.name}")
        self._code_signing.check(reference.name, params.get("CodeSigningConfigArn"))
        self._coming.add(reference.name)
        try:
            configuration = await self._new_configuration(reference.name, params)
        finally:
            self._coming.remove(reference.name)
        latest = self._versions.make(reference.name, reference.arn, configuration)
        function = Function(reference.name, reference.arn, latest)
        function.code_signing_config_arn = params.get("CodeSigningConfigArn")
        if params.get("Tags"):
            self._tags.add(function.arn, params["Tags"], caller)
        self._registry.add(function)
        version = self._versions.publish(function) if params.get("Publish") else latest
        return version_view(version, function.arn)

    async def _new_configuration(
        self, name: str, params: Mapping[str, Any]
    ) -> FunctionConfiguration:
        check_new_dead_letter_target(params.get("DeadLetterConfig", {}))
        initial = FunctionConfiguration(
            role_arn=params["Role"],
            package=await self._code.load(params["Code"], "CreateFunction"),
            logging=default_logging(name),
        )
        configuration = with_request(initial, params, self._layers.reference)
        self._rules.check(configuration, requested=params)
        return configuration

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._names.request(params)
        function = self._registry.get(reference)
        version = self._registry.get_version(reference)
        location = self._code.location(version.configuration.package)
        answer: dict[str, Any] = {
            "Configuration": version_view(version, reference.invoked_arn),
            "Code": {"RepositoryType": "S3", "Location": location},
        }
        if tags := self._tags.of(function.arn):
            answer["Tags"] = tags
        if function.reserved_concurrency is not None:
            answer["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved_concurrency}
        return answer

    def _get_configuration(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._names.request(params)
        return version_view(self._registry.get_version(reference), reference.invoked_arn)

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        every_version = params.get("FunctionVersion") == "ALL"
        master_region = params.get("MasterRegion")
        if master_region and not every_version:
            raise InvalidParameterValueException("MasterRegion needs FunctionVersion to be ALL.")
        if master_region not in (None, "ALL"):
            listed = []  # replicas for CloudFront, of which there are none here
        elif every_version:
            listed = [
                version_summary(version, version.runnable.qualified_arn)
                for function in self._registry
                for version in function.versions()
            ]
        else:
            listed = [version_summary(f.latest, f.arn) for f in self._registry]
        return page("Functions", listed, params)

    async def _update_code(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        refuse_absent(params)
        function = self._changeable(params)
        self._code_signing.check(function.name, function.code_signing_config_arn)
        with self._versions.uploading(function):
            package = await self._code.load(params, "UpdateFunctionCode")
        if self._registry.find(self._names.read(function.arn)) is not function:
            raise function_not_found(function.arn)
        configuration = replace(function.latest.configuration, package=package)
        if "Architectures" in params:
            configuration = replace(configuration, architectures=tuple(params["Architectures"]))
        check_unzipped_size(configuration)
        if params.get("DryRun"):
            return self._dry_run(function, configuration)
        self._update(function, configuration)
        if not params.get("Publish"):
            return version_view(function.latest, function.arn)
        version = self._versions.publish(function)
        return version_view(version, version.runnable.qualified_arn)

    def _update_configuration(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        refuse_absent(params)
        function = self._changeable(params)
        configuration = with_request(function.latest.configuration, params, self._layers.reference)
        self._rules.check(configuration, requested=params)
        self._update(function, configuration)
        return version_view(function.latest, function.arn)

    def _changeable(self, params: Mapping[str, Any]) -> Function:
        function = self._registry.get(self._names.latest(params["FunctionName"]))
        check_revision(function.latest.revision_id, params)
        self._versions.check_idle(function)
        return function

    def _update(self, function: Function, configuration: FunctionConfiguration) -> None:
        self._versions.update(function, configuration)
        self._changed(function.name, "updated")

    def _dry_run(self, function: Function, configuration: FunctionConfiguration) -> dict[str, Any]:
        would_be: StoredVersion = replace(function.latest, configuration=configuration)
        return version_view(would_be, function.arn)

    def _delete(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        reference = self._names.request(params)
        if reference.qualifier == LATEST:
            raise InvalidParameterValueException(
                "$LATEST version cannot be deleted without deleting the function."
            )
        function = self._registry.find(reference)
        if function is None:
            raise function_not_found(reference.arn)
        if reference.qualifier:
            _delete_version(function, reference.qualifier)
            self._changed(f"{function.name}:{reference.qualifier}", "deleted")
        else:
            self._delete_function(function)
        return {"StatusCode": 204}

    def _delete_function(self, function: Function) -> None:
        self._versions.settle(function)
        self._registry.remove(function)
        self._tags.forget(function.arn)
        self._changed(function.name, "deleted")


def _delete_version(function: Function, qualifier: str) -> None:
    if not qualifier.isdecimal():
        raise InvalidParameterValueException("Deletion of aliases is not currently supported.")
    users = [
        alias.name
        for _, alias in sorted(function.aliases.items())
        if qualifier in (alias.version, *alias.weights)
    ]
    if users:
        raise ResourceConflictException(
            "Unable to delete version because the following aliases reference it: "
            f"[{', '.join(users)}]"
        )
    function.published.pop(qualifier, None)
    function.policies.pop(qualifier, None)
    function.provisioned.pop(qualifier, None)
