"""Errors that the wire layer itself answers, before any operation runs."""

from localaws.words.errors import AwsError

CORAL = "com.amazon.coral.service"


class WireError(AwsError):
    """A request that AWS's service framework refuses; JSON error types name the framework."""


class SerializationException(WireError):
    """The body is not what the protocol says: not JSON, or a value of the wrong type."""


class UnknownOperationException(WireError):
    """No such operation."""


class InvalidAction(WireError):
    """No such operation, in the query protocol's words."""


class MalformedInput(WireError):
    """A form body of the query protocol that cannot be read."""


class NotImplementedHere(WireError):
    """AWS has the operation, the embedded AWS does not."""

    status = 501

    def __init__(self, service: str, operation: str) -> None:
        super().__init__(
            f"{service}:{operation} is not part of the embedded AWS. Use a real account for it.",
            code="NotImplemented",
        )


class InternalFailure(WireError):
    """A defect of the embedded AWS; the traceback is on its stderr."""

    status = 500

    def __init__(self) -> None:
        super().__init__("The request processing has failed because of an unknown error.")
