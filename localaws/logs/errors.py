"""CloudWatch Logs' errors, in its own words."""

from localaws.words.errors import AwsError


class InvalidParameterException(AwsError):
    """A value is out of range or makes no sense here."""

    @classmethod
    def of(cls, name: str, value: object, constraint: str) -> "InvalidParameterException":
        """The words of AWS's service framework."""
        return cls(
            f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy "
            f"constraint: {constraint}"
        )


class InvalidNextToken(InvalidParameterException):
    """A token that this operation never gave out, or one that is too old."""

    def __init__(self) -> None:
        super().__init__("The specified nextToken is invalid.", code="InvalidParameterException")


class ValidationException(AwsError):
    """Parameters that exclude each other, and the like."""


class ResourceAlreadyExistsException(AwsError):
    """The name is taken."""


class ResourceNotFoundException(AwsError):
    """No such log group, stream, filter or query."""


class LimitExceededException(AwsError):
    """A quota is used up."""

    def __init__(self, message: str = "Resource limit exceeded.") -> None:
        super().__init__(message)


class TooManyTagsException(AwsError):
    """A resource has at most 50 tags."""


class MalformedQueryException(AwsError):
    """A query that cannot be read.

    Args:
        start: where in the query string the problem begins.
        end: where it ends.
    """

    def __init__(self, message: str, start: int = 0, end: int = 0) -> None:
        location = {"startCharOffset": start, "endCharOffset": max(start, end)}
        super().__init__(
            message, fields={"queryCompileError": {"location": location, "message": message}}
        )


def group_not_found() -> ResourceNotFoundException:
    """What Logs says of a group that does not exist."""
    return ResourceNotFoundException("The specified log group does not exist.")


def stream_not_found() -> ResourceNotFoundException:
    """What Logs says of a stream that does not exist."""
    return ResourceNotFoundException("The specified log stream does not exist.")
