"""Functions, versions and aliases as the API shows them."""

from typing import Any

from localaws.lambda_.functions.configuration import FunctionConfiguration
from localaws.lambda_.functions.function import Alias, StoredVersion
from localaws.lambda_.model import LATEST, LoggingConfig
from localaws.lambda_.runtime_versions import runtime_version
from localaws.words.arns import region_of
from localaws.words.timestamps import iso_ms

_BEING_MADE = "The function is being created."


def timestamp(when_s: float) -> str:
    """A moment as Lambda writes it in text members."""
    return iso_ms(when_s, "+0000")


def version_summary(version: StoredVersion, arn: str) -> dict[str, Any]:
    """A version as lists show it: without its state.

    Args:
        arn: the ARN as it shall be shown, with or without qualifier.
    """
    return {
        **_settings(version.configuration),
        "FunctionName": version.runnable.function_name,
        "FunctionArn": arn,
        "Version": version.version,
        "SnapStart": _snap_start(version),
        "RevisionId": version.revision_id,
        "LastModified": timestamp(version.last_modified_s),
    }


def version_view(version: StoredVersion, arn: str) -> dict[str, Any]:
    """A version with its state."""
    view = version_summary(version, arn)
    _, runtime_arn = runtime_version(version.configuration.runtime, region_of(arn))
    view["RuntimeVersionConfig"] = {"RuntimeVersionArn": runtime_arn}
    view["State"] = version.state
    if version.state == "Pending":
        view |= {"StateReason": _BEING_MADE, "StateReasonCode": "Creating"}
    if version.last_update_status:
        view["LastUpdateStatus"] = version.last_update_status
    if version.last_update_status == "InProgress":
        view["LastUpdateStatusReason"] = _BEING_MADE
        view["LastUpdateStatusReasonCode"] = "Creating"
    return view


def alias_view(alias: Alias, function_arn: str) -> dict[str, Any]:
    """An alias; RoutingConfig only where it has weights."""
    view: dict[str, Any] = {
        "AliasArn": f"{function_arn}:{alias.name}",
        "Name": alias.name,
        "FunctionVersion": alias.version,
        "Description": alias.description,
        "RevisionId": alias.revision_id,
    }
    if alias.weights:
        view["RoutingConfig"] = {"AdditionalVersionWeights": dict(alias.weights)}
    return view


def _snap_start(version: StoredVersion) -> dict[str, str]:
    apply_on = version.configuration.snap_start_apply_on
    optimized = apply_on == "PublishedVersions" and version.version != LATEST
    return {"ApplyOn": apply_on, "OptimizationStatus": "On" if optimized else "Off"}


def _settings(configuration: FunctionConfiguration) -> dict[str, Any]:
    return {
        "Runtime": configuration.runtime,
        "Role": configuration.role_arn,
        "Handler": configuration.handler,
        "CodeSize": configuration.package.size,
        "CodeSha256": configuration.package.sha256,
        "Description": configuration.description,
        "Timeout": configuration.timeout_s,
        "MemorySize": configuration.memory_mb,
        "EphemeralStorage": {"Size": configuration.ephemeral_storage_mb},
        "PackageType": "Zip",
        "Architectures": list(configuration.architectures),
        "TracingConfig": {"Mode": configuration.tracing_mode},
        "LoggingConfig": _logging(configuration.logging),
        **_optional_settings(configuration),
    }


def _optional_settings(configuration: FunctionConfiguration) -> dict[str, Any]:
    view: dict[str, Any] = {}
    if configuration.environment is not None:
        view["Environment"] = {"Variables": dict(configuration.environment)}
    if configuration.dead_letter_target_arn:
        view["DeadLetterConfig"] = {"TargetArn": configuration.dead_letter_target_arn}
    if configuration.layers:
        view["Layers"] = [
            {"Arn": layer.arn, "CodeSize": layer.package.size} for layer in configuration.layers
        ]
    if configuration.kms_key_arn:
        view["KMSKeyArn"] = configuration.kms_key_arn
    if configuration.vpc:
        view["VpcConfig"] = dict(configuration.vpc)
    if configuration.file_systems:
        view["FileSystemConfigs"] = list(configuration.file_systems)
    return view


def _logging(logging: LoggingConfig) -> dict[str, Any]:
    view = {"LogFormat": logging.log_format, "LogGroup": logging.log_group}
    if logging.application_log_level:
        view["ApplicationLogLevel"] = logging.application_log_level
    if logging.system_log_level:
        view["SystemLogLevel"] = logging.system_log_level
    return view
