"""Lambda's errors, named after its error shapes."""

from collections.abc import Mapping
from typing import Any

from localaws.words.errors import AwsError


class LambdaError(AwsError):
    """An error of the Lambda service itself: all of them carry a `Type`."""

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message, fields={"Type": "User", **fields})


class ServiceException(AwsError):
    """Lambda itself failed."""

    status = 500


class InvalidParameterValueException(LambdaError):
    """A parameter is well formed but not acceptable."""


class ResourceNotFoundException(LambdaError):
    """No such function, version, alias, layer or setting."""

    status = 404


class ResourceConflictException(LambdaError):
    """The resource exists already, or another operation on it is in progress."""

    status = 409


class PreconditionFailedException(LambdaError):
    """The RevisionId sent is not the current one."""

    status = 412


class PolicyLengthExceededException(LambdaError):
    """A resource policy would become longer than 20 KB."""


class CodeStorageExceededException(LambdaError):
    """The account's deployment packages would become larger than its quota."""


class RequestEntityTooLargeException(AwsError):
    """The request is larger than Lambda's front door lets in."""

    status = 413


class AccessDeniedException(AwsError):
    """IAM refuses. Lambda answers with an empty message where it does not want to say why."""

    status = 403

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class ValidationException(AwsError):
    """A parameter that breaks a constraint of the API's model."""

    def __init__(self, *violations: str) -> None:
        count = len(violations)
        plural = "" if count == 1 else "s"
        super().__init__(f"{count} validation error{plural} detected: {'; '.join(violations)}")


def function_not_found(arn: str) -> ResourceNotFoundException:
    """What Lambda says of a function, version or alias that does not exist."""
    return ResourceNotFoundException(f"Function not found: {arn}")


def resource_not_found() -> ResourceNotFoundException:
    """What Lambda says of a setting that does not exist."""
    return ResourceNotFoundException("The resource you requested does not exist.")


def check_revision(
    current: str, params: Mapping[str, Any], read_by: str = "GetFunction/GetAlias"
) -> None:
    """Refuse a request whose RevisionId is not the current one.

    Args:
        read_by: the API that shows the current one, for the error's text.
    """
    if params.get("RevisionId") not in (None, current):
        raise PreconditionFailedException(
            "The Revision Id provided does not match the latest Revision Id. "
            f"Call the {read_by} API to retrieve the latest Revision Id"
        )
