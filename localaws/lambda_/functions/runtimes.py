"""Which runtimes a function may name."""

from localaws.lambda_.errors import InvalidParameterValueException, ValidationException

# As AWS lists them in its error text, in its order.
CREATABLE = (
    "nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, "
    "java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, "
    "java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2"
)
# Known to the API, but AWS refuses to create or update functions with them.
DEPRECATED = (
    "nodejs, nodejs4.3, nodejs4.3-edge, nodejs6.10, nodejs8.10, nodejs10.x, nodejs12.x, "
    "nodejs14.x, java8, python2.7, python3.6, python3.7, dotnetcore1.0, dotnetcore2.0, "
    "dotnetcore2.1, dotnetcore3.1, go1.x, ruby2.5, ruby2.7, provided"
)
_SNAP_START = (
    "java11, java17, java21, java25, python3.12, python3.13, python3.14, dotnet8, dotnet10"
)


def check_runtime(runtime: str) -> None:
    """Refuse a runtime that no function may be created with."""
    if runtime in DEPRECATED.split(", "):
        raise InvalidParameterValueException(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating "
            "AWS Lambda functions. We recommend you use a supported runtime while creating or "
            "updating functions."
        )
    if runtime not in CREATABLE.split(", "):
        raise InvalidParameterValueException(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum "
            f"value set: [{CREATABLE}] or be a valid ARN"
        )


def check_known(runtime: str, member: str) -> None:
    """Refuse a runtime that Lambda never had; those of the past may be asked for."""
    known = f"{CREATABLE}, {DEPRECATED}"
    if runtime not in known.split(", "):
        raise ValidationException(
            f"Value '{runtime}' at '{member}' failed to satisfy constraint: Member must satisfy "
            f"enum value set: [{known}]"
        )


def check_snap_start(runtime: str) -> None:
    """Refuse SnapStart for a runtime that does not have it."""
    if runtime not in _SNAP_START.split(", "):
        raise InvalidParameterValueException(
            f"{runtime} is not supported for SnapStart enabled functions."
        )
