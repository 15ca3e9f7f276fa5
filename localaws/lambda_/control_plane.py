"""Lambda's control plane: every function, version, alias and layer of the account."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localaws.lambda_.errors import function_not_found
from localaws.lambda_.functions.aliases import Aliases, route
from localaws.lambda_.functions.code import COLLECT_AFTER_S, CodeStore
from localaws.lambda_.functions.code_signing import CodeSigningConfigs
from localaws.lambda_.functions.function import Function, FunctionRegistry, StoredVersion
from localaws.lambda_.functions.function_settings import FunctionSettings, unreserved
from localaws.lambda_.functions.layers import Layers
from localaws.lambda_.functions.operations import FunctionOperations
from localaws.lambda_.functions.packages import PackageFolder
from localaws.lambda_.functions.permissions import FunctionPolicies
from localaws.lambda_.functions.provisioned_concurrency import ProvisionedConcurrencyConfigs
from localaws.lambda_.functions.tags import Tags
from localaws.lambda_.functions.validation import ConfigurationRules
from localaws.lambda_.functions.versions import Versions
from localaws.lambda_.model import LATEST, FunctionVersion
from localaws.lambda_.names import FunctionNames
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.ports import FunctionUrl, Provisioning
from localaws.lambda_.urls.operations import FunctionUrls
from localaws.time.time import Time
from localaws.words.errors import AwsError
from localaws.words.http import HttpRequest, HttpResponse
from localaws.words.identity import Identity
from localaws.words.ports import ObjectStore, Permissions
from localaws.words.propagation import PoliciesAtOnce, PolicyPropagation


@dataclass(frozen=True)
class ResolvedFunction:
    """The version that an invocation runs.

    Attributes:
        invoked_arn: the ARN as the caller named the function, with the qualifier if one was given.
        qualifier: what the caller gave, None for the function itself.
        state: Pending while the function is being created, then Active.
    """

    version: FunctionVersion
    invoked_arn: str
    qualifier: str | None
    state: str = "Active"


class ControlPlane:
    """The functions of the account: the API that changes them, and what others ask about them.

    Args:
        work_dir: where packages are unpacked.
        base_url: the endpoint's URL, for the download locations of packages.
        draw: random numbers from [0, 1), for aliases that split their invocations.
        propagation: from when on functions' policies decide; default at once.
    """

    def __init__(
        self,
        *,
        time: Time,
        identity: Identity,
        permissions: Permissions,
        objects: ObjectStore,
        work_dir: Path,
        base_url: str = "",
        draw: Callable[[], float] = random.random,
        propagation: PolicyPropagation | None = None,
    ) -> None:
        self._time = time
        self._draw = draw
        self._permissions = permissions
        self._propagation = propagation or PoliciesAtOnce()
        self._observers: list[Callable[[str, str], None]] = []
        self._names = FunctionNames(identity)
        self._registry = FunctionRegistry(self._names)
        self._packages = PackageFolder(work_dir, time.activity)
        self._code = CodeStore(objects, self._packages, base_url)
        self._layers = Layers(time.clock, identity, self._code)
        self._versions = Versions(time, self._registry)
        self._provisioned = ProvisionedConcurrencyConfigs(time, self._registry)
        self._urls = FunctionUrls(time.clock, self._registry, base_url)
        self.tags = Tags(self._registry)
        self._code_signing = CodeSigningConfigs(time.clock, identity, self._registry, self.tags)
        self._functions = self._function_operations(ConfigurationRules(identity, permissions))

    def operations(self) -> Mapping[str, LambdaOperation]:
        """The API's operations by name."""
        parts = (
            self._functions,
            self._versions,
            Aliases(self._registry, self._provisioned),
            FunctionPolicies(self._registry, self._propagation, self._permissions),
            FunctionSettings(self._registry, self._layers),
            self._provisioned,
            self._urls,
            self._layers,
            self._code_signing,
            self.tags,
        )
        return {name: call for part in parts for name, call in part.operations().items()}

    def resolve(self, name_or_arn: str, qualifier: str | None = None) -> ResolvedFunction:
        """What an invocation runs now: current code, an alias's version drawn by its weights.

        Raises:
            ResourceNotFoundException: no such function, version or alias.
        """
        reference = self._names.read(name_or_arn, qualifier)
        function = self._registry.find(reference)
        version = function and self._version(function, reference.qualifier)
        if not version:
            raise function_not_found(reference.qualified_arn)
        return ResolvedFunction(
            version.runnable, reference.invoked_arn, reference.qualifier, version.state
        )

    async def restore(self, version: FunctionVersion) -> None:
        """Let there be again what a handler deleted of its code and its layers."""
        await self._packages.restore((version.code_dir, *version.layer_dirs))

    def reserved_concurrency(self, function_name: str) -> int | None:
        """The function's reserved concurrency, None if it has none."""
        function = self._registry.find(self._names.read(function_name))
        return function.reserved_concurrency if function else None

    def provisioned_concurrency(self, function_name: str) -> dict[str, int]:
        """The environments allocated to the function's versions and aliases, by qualifier."""
        function = self._registry.find(self._names.read(function_name))
        configs = function.provisioned if function else {}
        return {qualifier: config.allocated for qualifier, config in configs.items()}

    def unreserved_concurrency(self) -> int:
        """The concurrency that functions without a share of their own have together."""
        return unreserved(self._registry)

    def terminates_recursion(self, function_name: str) -> bool:
        """Whether a chain in which the function triggers itself is stopped; AWS's default."""
        function = self._registry.find(self._names.read(function_name))
        return function is None or function.recursive_loop == "Terminate"

    def resource_policy(self, function_name: str, qualifier: str | None) -> dict[str, Any] | None:
        """The policy of the function, or of one of its versions or aliases."""
        reference = self._names.read(function_name, qualifier)
        function = self._registry.find(reference)
        policy = function.policies.get(reference.qualifier) if function else None
        written = policy.document() if policy else None
        return self._propagation.in_effect(reference.qualified_arn, written)

    def lets_in(self, function_arn: str, service: str, source_arn: str) -> bool:
        """Whether the function's policy lets a service invoke it, on behalf of a source."""
        try:
            resolved = self.resolve(function_arn)
        except AwsError:
            return False
        return self._permissions.resource_policy_allows(
            self.resource_policy(function_arn, None),
            principal_service=service,
            action="lambda:InvokeFunction",
            resource_arn=resolved.invoked_arn,
            source_arn=source_arn,
        )

    def function_url(self, url_id: str) -> FunctionUrl | None:
        """The function URL with this id."""
        return self._urls.find(url_id)

    def on_change(self, changed: Callable[[str, str], None]) -> None:
        """Call `changed(name, "updated" | "deleted")` after code or configuration did.

        Args:
            changed: the name is `function_name:version` where only that version was deleted.
        """
        self._observers.append(changed)

    def provision_with(self, provisioning: Provisioning) -> None:
        """Let `provisioning` start what provisioned concurrency promises."""
        self._provisioned.provisioning = provisioning

    def settle(self, function_name: str) -> None:
        """End a function's creation or update now, as CloudFormation waits for."""
        self._versions.settle(self._registry.get(self._names.read(function_name)))

    def close(self) -> None:
        """The endpoint ends: nothing is unpacked any more."""
        self._packages.close()

    def may_download(self, path: str) -> bool:
        """Whether a path is a `Code.Location` that was given out."""
        return self._code.admits(path)

    def download(self, request: HttpRequest) -> HttpResponse:
        """The package at a `Code.Location`; its path is the permission to read it."""
        return self._code.download(request.path)

    def _function_operations(self, rules: ConfigurationRules) -> FunctionOperations:
        return FunctionOperations(
            self._registry,
            self._versions,
            rules,
            self._code,
            self._layers,
            self._code_signing,
            self.tags,
            self._notify,
        )

    def _version(self, function: Function, qualifier: str | None) -> StoredVersion | None:
        alias = function.aliases.get(qualifier or LATEST)
        if alias:
            return route(function, alias, self._draw)
        return function.version(qualifier)

    def _notify(self, function_name: str, change: str) -> None:
        for changed in self._observers:
            changed(function_name, change)
        if change == "deleted":
            self._urls.forget(self._names.arn(function_name))
        self._collect_packages()
        # A second more: sums of floating-point times may fall short.
        when_s = self._time.now_s() + COLLECT_AFTER_S + 1
        self._time.call_at(when_s, self._collect_packages, background=True)

    def _collect_packages(self) -> None:
        used = list(self._layers.packages())
        for function in self._registry:
            for version in function.versions():
                used.append(version.configuration.package)
                used.extend(layer.package for layer in version.configuration.layers)
        self._code.collect(used, self._time.now_s())
