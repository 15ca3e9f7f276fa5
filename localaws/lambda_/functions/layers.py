"""Layers: versions of content that functions add to their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from localaws.lambda_.errors import (
    AccessDeniedException,
    InvalidParameterValueException,
    ResourceNotFoundException,
    check_revision,
    resource_not_found,
)
from localaws.lambda_.functions.code import CodeStore
from localaws.lambda_.functions.configuration import LayerReference
from localaws.lambda_.functions.function import new_revision_id
from localaws.lambda_.functions.packages import Package
from localaws.lambda_.functions.resource_policy import ResourcePolicy, no_policy
from localaws.lambda_.functions.runtimes import check_askable
from localaws.lambda_.functions.views import timestamp
from localaws.lambda_.operation import LambdaOperation
from localaws.lambda_.paging import page
from localaws.time.clock import Clock
from localaws.words.arns import account_of, region_of
from localaws.words.errors import AwsError
from localaws.words.http import Caller
from localaws.words.identity import Identity

# How layers are called that their makers share with everybody.
_PUBLIC = (
    "AWS",
    "Datadog",
    "Dynatrace",
    "Klayers",
    "LambdaInsights",
    "NewRelic",
    "aws-otel",
)


@dataclass
class LayerVersion:
    """One version of a layer.

    Attributes:
        details: the optional members of the request, shown as they came.
    """

    name: str
    layer_arn: str
    version: int
    package: Package
    created_s: float
    details: dict[str, Any]
    policy: ResourcePolicy = field(default_factory=ResourcePolicy)
    policy_revision_id: str = ""

    @property
    def arn(self) -> str:
        return f"{self.layer_arn}:{self.version}"

    def summary(self) -> dict[str, Any]:
        """The version as lists show it."""
        return {
            "LayerVersionArn": self.arn,
            "Version": self.version,
            "CreatedDate": timestamp(self.created_s),
            **self.details,
        }


@dataclass
class _Layer:
    versions: dict[int, LayerVersion] = field(default_factory=dict)
    next_version: int = 1


class Layers:
    """The account's layers and their API."""

    def __init__(self, clock: Clock, identity: Identity, code: CodeStore) -> None:
        self._clock = clock
        self._identity = identity
        self._code = code
        self._layers: dict[str, _Layer] = {}

    def operations(self) -> Mapping[str, LambdaOperation]:
        return {
            "PublishLayerVersion": self._publish,
            "GetLayerVersion": self._get,
            "GetLayerVersionByArn": self._get_by_arn,
            "ListLayers": self._list,
            "ListLayerVersions": self._list_versions,
            "DeleteLayerVersion": self._delete,
            "AddLayerVersionPermission": self._add_permission,
            "RemoveLayerVersionPermission": self._remove_permission,
            "GetLayerVersionPolicy": self._get_policy,
        }

    def packages(self) -> Iterator[Package]:
        """The contents of all layer versions."""
        for layer in self._layers.values():
            yield from (version.package for version in layer.versions.values())

    def reference(self, layer_version_arn: str) -> LayerReference:
        """The layer version that a function's `Layers` names.

        Another account's that may not be read is told as such, wherever it is: pf-lambda-layer-arn-
        region of https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
        """
        is_own = account_of(layer_version_arn) == self._identity.account_id
        is_near = region_of(layer_version_arn) == self._identity.region
        if not is_near and (is_own or _hint(layer_version_arn)):
            raise InvalidParameterValueException(
                "Layers are not in the same region as the function. Layers are expected to be in "
                f"region {self._identity.region}."
            )
        version = self._by_arn(layer_version_arn)
        if version is None:
            raise self._missing(layer_version_arn)
        return LayerReference(version.arn, version.package)

    def _missing(self, layer_version_arn: str) -> AwsError:
        """What is said of a layer version that is not there for whoever names it."""
        if account_of(layer_version_arn) == self._identity.account_id:
            return InvalidParameterValueException(
                f"Layer version {layer_version_arn} does not exist."
            )
        return self._foreign("GetLayerVersion", layer_version_arn)

    def _foreign(self, action: str, arn: str) -> AccessDeniedException:
        """What AWS says of another account's layer."""
        return AccessDeniedException(
            f"User: {self._identity.administrator_arn} is not authorized to perform: "
            f"lambda:{action} on resource: {arn} because no resource-based policy allows the "
            f"lambda:{action} action{_hint(arn)}"
        )

    def _name(self, params: Mapping[str, Any], action: str) -> str:
        """The name of the layer that a request names by name or ARN."""
        given: str = params["LayerName"]
        if ":" not in given:
            return given
        if region_of(given) != self._identity.region:
            raise InvalidParameterValueException(
                f"The layer {given} is not in this region ({self._identity.region})."
            )
        if account_of(given) != self._identity.account_id:
            raise self._foreign(action, given)
        return given.rpartition(":")[2]

    async def _publish(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        name = self._name(params, "PublishLayerVersion")
        package = await self._code.load(params["Content"], "PublishLayerVersion")
        layer = self._layers.setdefault(name, _Layer())
        details = {"Description": params.get("Description", "")}
        for member in ("CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo"):
            if member in params:
                details[member] = params[member]
        arn = self._identity.arn("lambda", f"layer:{name}")
        version = LayerVersion(name, arn, layer.next_version, package, self._clock.now_s(), details)
        layer.versions[version.version] = version
        layer.next_version += 1
        return self._view(version)

    def _get(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        version = self._find(params, "GetLayerVersion")
        if version is None:
            raise resource_not_found()
        return self._view(version)

    def _get_by_arn(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        version = self._by_arn(params["Arn"])
        if version is None:
            if account_of(params["Arn"]) != self._identity.account_id:
                raise self._missing(params["Arn"])
            raise resource_not_found()
        return self._view(version)

    def _list(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        _check_runtime(params)
        layers = []
        for name, layer in sorted(self._layers.items()):
            matching = [v for v in layer.versions.values() if _compatible(v, params)]
            if matching:
                newest = matching[-1]
                layers.append(
                    {
                        "LayerName": name,
                        "LayerArn": newest.layer_arn,
                        "LatestMatchingVersion": newest.summary(),
                    }
                )
        return page("Layers", layers, params)

    def _list_versions(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        _check_runtime(params)
        layer = self._layers.get(self._name(params, "ListLayerVersions"), _Layer())
        versions = [v.summary() for v in layer.versions.values() if _compatible(v, params)]
        return page("LayerVersions", versions[::-1], params)

    def _delete(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        version = self._find(params, "DeleteLayerVersion")
        if version:
            # Functions that use it keep it; the number is not given again.
            del self._layers[version.name].versions[version.version]
        return {}

    def _add_permission(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        version = self._existing(params, "AddLayerVersionPermission")
        check_revision(version.policy_revision_id, params, "GetLayerPolicy")
        added = version.policy.add(params, version.arn)
        version.policy_revision_id = new_revision_id()
        return {"Statement": added, "RevisionId": version.policy_revision_id}

    def _remove_permission(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        version = self._existing(params, "RemoveLayerVersionPermission")
        if not version.policy.statements:
            raise no_policy()
        check_revision(version.policy_revision_id, params, "GetLayerPolicy")
        version.policy.remove(params)
        version.policy_revision_id = new_revision_id()
        return {}

    def _get_policy(self, params: dict[str, Any], caller: Caller) -> dict[str, Any]:
        version = self._existing(params, "GetLayerVersionPolicy")
        if not version.policy.statements:
            raise no_policy()
        return {"Policy": version.policy.text(), "RevisionId": version.policy_revision_id}

    def _view(self, version: LayerVersion) -> dict[str, Any]:
        content = {
            "Location": self._code.location(version.package),
            "CodeSha256": version.package.sha256,
            "CodeSize": version.package.size,
        }
        return {"Content": content, "LayerArn": version.layer_arn, **version.summary()}

    def _find(self, params: Mapping[str, Any], action: str) -> LayerVersion | None:
        number = int(params["VersionNumber"])
        if number < 1:
            raise InvalidParameterValueException("Layer Version Cannot be less than 1")
        return self._layers.get(self._name(params, action), _Layer()).versions.get(number)

    def _existing(self, params: Mapping[str, Any], action: str) -> LayerVersion:
        version = self._find(params, action)
        if version is None:
            named = f"{self._name(params, action)}:{params['VersionNumber']}"
            arn = self._identity.arn("lambda", f"layer:{named}")
            raise ResourceNotFoundException(f"Layer version {arn} does not exist.")
        return version

    def _by_arn(self, arn: str) -> LayerVersion | None:
        layer_arn, _, number = arn.rpartition(":")
        layer = self._layers.get(layer_arn.rpartition(":")[2], _Layer())
        version = layer.versions.get(int(number)) if number.isdecimal() else None
        return version if version and version.arn == arn else None


def _check_runtime(params: Mapping[str, Any]) -> None:
    if "CompatibleRuntime" in params:
        check_askable(params["CompatibleRuntime"], "compatibleRuntime")


def _compatible(version: LayerVersion, params: Mapping[str, Any]) -> bool:
    wanted = {
        "CompatibleRuntimes": params.get("CompatibleRuntime"),
        "CompatibleArchitectures": params.get("CompatibleArchitecture"),
    }
    return all(
        value is None or value in version.details.get(member, ())
        for member, value in wanted.items()
    )


def _hint(layer_version_arn: str) -> str:
    """For layers that everybody may use on AWS: it is not the permission that is missing here."""
    name = layer_version_arn.partition(":layer:")[2]
    if not name.startswith(_PUBLIC):
        return ""
    return (
        ". Layers of other accounts are not part of the embedded AWS: publish what is in it as a "
        "layer of your own, or put it into the package"
    )
