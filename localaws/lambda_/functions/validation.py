"""What AWS checks of a configuration beyond the shapes of its members."""

import json
from collections.abc import Container, Mapping

from localaws.lambda_.errors import (
    AccessDeniedException,
    InvalidParameterValueException,
    ValidationException,
)
from localaws.lambda_.functions.configuration import FunctionConfiguration, LayerReference
from localaws.lambda_.functions.runtimes import check_runtime, check_snap_start
from localaws.lambda_.limits import (
    DEFAULT_EPHEMERAL_STORAGE_MB,
    MAX_ENVIRONMENT_BYTES,
    MAX_EPHEMERAL_STORAGE_MB,
    MAX_LAYERS,
    MAX_MEMORY_MB,
    MAX_TIMEOUT_S,
    MAX_UNZIPPED_BYTES,
)
from localaws.words.arns import account_of, region_of, service_of
from localaws.words.errors import AwsError
from localaws.words.identity import Identity
from localaws.words.ports import Permissions

SERVICE_PRINCIPAL = "lambda.amazonaws.com"

# What a function's role must allow for each kind of dead-letter target.
_DEAD_LETTER_ACTIONS = {"sqs": "SendMessage", "sns": "Publish"}

_DEAD_LETTER_KINDS = {"sqs": "SQS queue", "sns": "SNS topic"}

# What the operating system's loader puts into a process before its first instruction.
_LOADING = frozenset({"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"})
_RESERVED_VARIABLES = (
    "_HANDLER, _X_AMZN_TRACE_ID, AWS_ACCESS_KEY, AWS_ACCESS_KEY_ID, AWS_DEFAULT_REGION, "
    "AWS_EXECUTION_ENV, AWS_LAMBDA_FUNCTION_MEMORY_SIZE, AWS_LAMBDA_FUNCTION_NAME, "
    "AWS_LAMBDA_FUNCTION_VERSION, AWS_LAMBDA_INITIALIZATION_TYPE, AWS_LAMBDA_LOG_GROUP_NAME, "
    "AWS_LAMBDA_LOG_STREAM_NAME, AWS_LAMBDA_RUNTIME_API, AWS_REGION, AWS_SECRET_ACCESS_KEY, "
    "AWS_SESSION_TOKEN, LAMBDA_RUNTIME_DIR, LAMBDA_TASK_ROOT"
)


class ConfigurationRules:
    """The checks of CreateFunction and UpdateFunctionConfiguration."""

    def __init__(self, identity: Identity, permissions: Permissions) -> None:
        self._identity = identity
        self._permissions = permissions

    def check(self, configuration: FunctionConfiguration, requested: Container[str]) -> None:
        """Raise AWS's error for the first rule that the configuration breaks.

        Args:
            requested: the request's members. What only IAM can answer is asked again when the
                role or the dead-letter target is among them: IAM may have changed since.
        """
        if not configuration.runtime or not configuration.handler:
            raise InvalidParameterValueException(
                "Runtime and Handler are mandatory parameters for functions created with "
                "deployment packages."
            )
        _check_text("Handler", configuration.handler)
        check_runtime(configuration.runtime)
        if configuration.snap_start_apply_on != "None":
            check_snap_start(configuration.runtime)
            _check_snapshot(configuration)
        _check_quotas(configuration)
        _check_environment(configuration.environment or {})
        _check_layers(configuration.layers)
        check_unzipped_size(configuration)
        _check_surroundings(configuration)
        if "Role" in requested:
            self._check_role(configuration.role_arn)
        target_arn = configuration.dead_letter_target_arn
        if target_arn and ("Role" in requested or "DeadLetterConfig" in requested):
            self._check_dead_letter_target(configuration.role_arn, target_arn)

    def _check_role(self, role_arn: str) -> None:
        if account_of(role_arn) != self._identity.account_id:
            raise AccessDeniedException("Cross-account pass role is not allowed.")
        if not self._permissions.role_trusts(role_arn, SERVICE_PRINCIPAL):
            raise InvalidParameterValueException(
                "The role defined for the function cannot be assumed by Lambda."
            )

    def _check_dead_letter_target(self, role_arn: str, target_arn: str) -> None:
        """The words are those of the pf-lambda-dlq rules of
        https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/lambda.
        """
        if region_of(target_arn) != self._identity.region:
            raise InvalidParameterValueException(
                "Invalid dead letter queue ARN: The resource specified by the TargetArn must be "
                "in the same region as the Lambda function it's associated with."
            )
        service = service_of(target_arn)
        if service not in _DEAD_LETTER_ACTIONS:
            raise InvalidParameterValueException(
                "Invalid dead letter queue ARN: The service specified by the TargetArn is not "
                "supported for dead letter configuration."
            )
        if target_arn.endswith(".fifo"):
            raise InvalidParameterValueException(
                f"Invalid dead letter queue ARN: FIFO {_DEAD_LETTER_KINDS[service]} is not "
                "supported for dead letter configuration"
            )
        action = _DEAD_LETTER_ACTIONS[service]
        if not self._permissions.role_allows(role_arn, f"{service}:{action}", target_arn):
            raise InvalidParameterValueException(
                "The provided execution role does not have permissions to call "
                f"{action} on {service.upper()}"
            )


def check_new_dead_letter_target(config: Mapping[str, str]) -> None:
    """Refuse to create a function with an empty target, which only an update may name.

    As in https://github.com/cloud-custodian/cloud-custodian/issues/1990.
    """
    if config.get("TargetArn") == "":
        raise InvalidParameterValueException(
            "Invalid dead letter queue ARN: ARNs must start with 'arn:':"
        )


def check_unzipped_size(configuration: FunctionConfiguration) -> None:
    """Refuse code that is too large together with its layers.

    The words are in https://github.com/lambci/git-lambda-layer/issues/27 and
    https://github.com/bento-video/bento/issues/1.
    """
    layers_bytes = sum(layer.package.unzipped_bytes for layer in configuration.layers)
    if layers_bytes > MAX_UNZIPPED_BYTES:
        raise InvalidParameterValueException(
            f"Layers consume more than the available size of {MAX_UNZIPPED_BYTES} bytes"
        )
    size = layers_bytes + configuration.package.unzipped_bytes
    if layers_bytes and size > MAX_UNZIPPED_BYTES:
        raise InvalidParameterValueException(
            "Function code combined with layers exceeds the maximum allowed size of "
            f"{MAX_UNZIPPED_BYTES} bytes. The actual size is {size} bytes."
        )


def _check_quotas(configuration: FunctionConfiguration) -> None:
    """Refuse what the API has room for, as managed instances may have more.

    The sentences are those of https://github.com/covidatlas/li/pull/575 (timeout) and, with the
    account's quota of memory, of https://github.com/ubc-cirrus-lab/parrotfish/issues/38.
    """
    memory_mb = configuration.memory_mb
    if memory_mb > MAX_MEMORY_MB:
        raise AwsError(
            f"'MemorySize' value failed to satisfy constraint: {_at_most(MAX_MEMORY_MB)}",
            code="ValidationException",
        )
    for place, value, limit in (
        ("timeout", configuration.timeout_s, MAX_TIMEOUT_S),
        ("ephemeralStorage.size", configuration.ephemeral_storage_mb, MAX_EPHEMERAL_STORAGE_MB),
    ):
        if value > limit:
            raise ValidationException(
                f"Value '{value}' at '{place}' failed to satisfy constraint: {_at_most(limit)}"
            )


def _at_most(limit: int) -> str:
    return f"Member must have value less than or equal to {limit}"


def _check_text(member: str, text: str) -> None:
    if "\0" in text:
        raise InvalidParameterValueException(
            f"'{member}' contains the character U+0000, which no process can be given. Remove it."
        )


def _check_snapshot(configuration: FunctionConfiguration) -> None:
    # https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html; the words are a guess.
    if configuration.ephemeral_storage_mb > DEFAULT_EPHEMERAL_STORAGE_MB:
        raise InvalidParameterValueException(
            f"Ephemeral storage greater than {DEFAULT_EPHEMERAL_STORAGE_MB} MB is not supported "
            "for SnapStart enabled functions."
        )


def _check_environment(variables: Mapping[str, str]) -> None:
    reserved = [name for name in variables if name in _RESERVED_VARIABLES.split(", ")]
    if reserved:
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment "
            "variables you have provided contains reserved keys that are currently not supported "
            f"for modification. Reserved keys used in this request: {', '.join(reserved)}"
        )
    if loading := sorted(_LOADING.intersection(variables)):
        raise InvalidParameterValueException(
            "Not part of the embedded AWS: environment variables that load a library into every "
            f"process, where no container is around it: {', '.join(loading)}. Leave them out, or "
            "use a real account."
        )
    for value in variables.values():
        _check_text("Environment", value)
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > MAX_ENVIRONMENT_BYTES:
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment "
            "variables you have provided exceeded the 4KB limit. "
            f"String measured: {measured}"
        )


def _check_surroundings(configuration: FunctionConfiguration) -> None:
    """Refuse what a function would need of services that are not here."""
    vpc = configuration.vpc or {}
    if bool(vpc.get("SubnetIds")) != bool(vpc.get("SecurityGroupIds")):
        # As in https://github.com/aws/aws-sdk-js/issues/1293.
        raise InvalidParameterValueException(
            "SubnetIds and SecurityIds must coexist or be both empty list."
        )
    for subnet in vpc.get("SubnetIds", []):
        raise InvalidParameterValueException(
            "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. "
            f"EC2 Error Message: The subnet ID '{subnet}' does not exist"
        )
    if configuration.file_systems:
        raise InvalidParameterValueException(
            "File systems are not part of the embedded AWS. Leave FileSystemConfigs out."
        )


def _check_layers(layers: tuple[LayerReference, ...]) -> None:
    if len(layers) > MAX_LAYERS:
        raise InvalidParameterValueException(f"Cannot reference more than {MAX_LAYERS} layers.")
    seen: dict[str, str] = {}
    for layer in layers:
        if layer.layer_arn in seen:  # the same version twice is told in the same words
            raise InvalidParameterValueException(
                "Two different versions of the same layer are not allowed to be referenced in the "
                f"same function. {seen[layer.layer_arn]} and {layer.arn} are versions of the same "
                "layer."
            )
        seen[layer.layer_arn] = layer.arn
