"""What a function is configured to be, and how a request changes that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from localaws.lambda_.errors import InvalidParameterValueException
from localaws.lambda_.functions.packages import Package
from localaws.lambda_.limits import (
    DEFAULT_EPHEMERAL_STORAGE_MB,
    DEFAULT_MEMORY_MB,
    DEFAULT_TIMEOUT_S,
)
from localaws.lambda_.model import LoggingConfig, default_log_group


@dataclass(frozen=True)
class LayerReference:
    """One version of a layer as a function uses it."""

    arn: str
    package: Package

    @property
    def layer_arn(self) -> str:
        """The layer's ARN, without version."""
        return self.arn.rpartition(":")[0]


@dataclass(frozen=True)
class FunctionConfiguration:
    """Everything that makes one version of a function what it is.

    Equal configurations are what PublishVersion does not publish twice.
    """

    role_arn: str
    package: Package
    logging: LoggingConfig
    runtime: str = ""
    handler: str = ""
    description: str = ""
    timeout_s: int = DEFAULT_TIMEOUT_S
    memory_mb: int = DEFAULT_MEMORY_MB
    ephemeral_storage_mb: int = DEFAULT_EPHEMERAL_STORAGE_MB
    environment: dict[str, str] | None = None
    dead_letter_target_arn: str | None = None
    layers: tuple[LayerReference, ...] = ()
    architectures: tuple[str, ...] = ("x86_64",)
    tracing_mode: str = "PassThrough"
    snap_start_apply_on: str = "None"
    kms_key_arn: str | None = None
    vpc: dict[str, Any] | None = None
    file_systems: tuple[dict[str, Any], ...] = field(default=())


LayerLookup = Callable[[str], LayerReference]


def with_request(
    configuration: FunctionConfiguration, params: Mapping[str, Any], find_layer: LayerLookup
) -> FunctionConfiguration:
    """The configuration after a CreateFunction or UpdateFunctionConfiguration request.

    Members that the request leaves out keep their value.

    Args:
        find_layer: the layer version of an ARN; raises if there is none.
    """
    changes: dict[str, Any] = {}
    for member, (name, read) in _MEMBERS.items():
        if member in params:
            changes[name] = read(params[member], configuration)
    if "Layers" in params:
        changes["layers"] = tuple(find_layer(arn) for arn in params["Layers"])
    return replace(configuration, **changes)


def default_logging(function_name: str) -> LoggingConfig:
    """How a function logs unless told otherwise."""
    return LoggingConfig(log_group=default_log_group(function_name))


def _as_is(value: Any, _: FunctionConfiguration) -> Any:
    return value


def _number(value: Any, _: FunctionConfiguration) -> int:
    # Templates may write numbers as text, and CloudFormation hands them on.
    return int(value)


def _environment(value: Mapping[str, Any], _: FunctionConfiguration) -> dict[str, str] | None:
    return dict(value["Variables"]) if "Variables" in value else None


def _dead_letter_target(value: Mapping[str, Any], old: FunctionConfiguration) -> str | None:
    # Without TargetArn the old target stays; an empty one removes it.
    return value.get("TargetArn", old.dead_letter_target_arn) or None


def _logging(value: Mapping[str, Any], old: FunctionConfiguration) -> LoggingConfig:
    """What is refused is so in the words of the pf-lambda-log rules of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
    """
    log_group = value.get("LogGroup", old.logging.log_group)
    if (value.get("LogGroup") or "").lower().startswith("aws/"):
        raise InvalidParameterValueException(
            "Log groups starting with AWS/ are reserved for AWS. Update the LogGroup value and "
            "try again."
        )
    log_format = value.get("LogFormat", old.logging.log_format)
    if log_format == "Text":
        if value.get("ApplicationLogLevel") or value.get("SystemLogLevel"):
            raise InvalidParameterValueException(
                'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from '
                'your request or change the LogFormat to "JSON" and try again.'
            )
        return LoggingConfig(log_group)
    # Choosing JSON sets both levels anew; other changes keep them.
    kept = LoggingConfig(log_group) if "LogFormat" in value else old.logging
    application = value.get("ApplicationLogLevel", kept.application_log_level) or "INFO"
    system = value.get("SystemLogLevel", kept.system_log_level) or "INFO"
    return LoggingConfig(log_group, log_format, application, system)


def _vpc(value: Mapping[str, Any], _: FunctionConfiguration) -> dict[str, Any]:
    return {
        "SubnetIds": list(value.get("SubnetIds", [])),
        "SecurityGroupIds": list(value.get("SecurityGroupIds", [])),
        "VpcId": "",
        "Ipv6AllowedForDualStack": value.get("Ipv6AllowedForDualStack", False),
    }


_MEMBERS: Mapping[str, tuple[str, Callable[[Any, FunctionConfiguration], Any]]] = {
    "Role": ("role_arn", _as_is),
    "Runtime": ("runtime", _as_is),
    "Handler": ("handler", _as_is),
    "Description": ("description", _as_is),
    "Timeout": ("timeout_s", _number),
    "MemorySize": ("memory_mb", _number),
    "EphemeralStorage": ("ephemeral_storage_mb", lambda value, _: int(value["Size"])),
    "Environment": ("environment", _environment),
    "DeadLetterConfig": ("dead_letter_target_arn", _dead_letter_target),
    "Architectures": ("architectures", lambda value, _: tuple(value)),
    "TracingConfig": ("tracing_mode", lambda value, _: value.get("Mode", "PassThrough")),
    "SnapStart": ("snap_start_apply_on", lambda value, _: value.get("ApplyOn", "None")),
    "KMSKeyArn": ("kms_key_arn", lambda value, _: value or None),
    "VpcConfig": ("vpc", _vpc),
    "FileSystemConfigs": ("file_systems", lambda value, _: tuple(value)),
    "LoggingConfig": ("logging", _logging),
}
