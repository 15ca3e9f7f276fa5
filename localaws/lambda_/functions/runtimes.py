"""Which runtimes a function may name."""

from localaws.lambda_.errors import InvalidParameterValueException, ValidationException
from localaws.words.lambda_runtimes import ASKABLE, CREATABLE, DEPRECATED, names

_SNAP_START = (
    "java11, java17, java21, java25, python3.12, python3.13, python3.14, dotnet8, dotnet10"
)


def check_runtime(runtime: str) -> None:
    """Refuse a runtime that no function may be created with."""
    if runtime in names(DEPRECATED):
        raise InvalidParameterValueException(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating "
            "AWS Lambda functions. We recommend you use a supported runtime while creating or "
            "updating functions."
        )
    if runtime not in names(CREATABLE):
        raise InvalidParameterValueException(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum "
            f"value set: [{CREATABLE}] or be a valid ARN"
        )


def check_askable(runtime: str, member: str) -> None:
    """Refuse a runtime that Lambda never had; those of the past may be asked for."""
    if runtime not in names(ASKABLE):
        raise ValidationException(
            f"Value '{runtime}' at '{member}' failed to satisfy constraint: Member must satisfy "
            f"enum value set: [{ASKABLE}]"
        )


def check_snap_start(runtime: str) -> None:
    """Refuse SnapStart for a runtime that does not have it."""
    if runtime not in names(_SNAP_START):
        raise InvalidParameterValueException(
            f"{runtime} is not supported for SnapStart enabled functions."
        )
