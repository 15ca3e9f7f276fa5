"""SNS's errors, under the names of its model; the wire layer knows their codes and statuses."""

from localaws.words.errors import AwsError


class NotFoundException(AwsError):
    """The topic or subscription does not exist."""

    status = 404


class ResourceNotFoundException(AwsError):
    """The resource of a tag operation does not exist."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Resource does not exist")


class InvalidParameterException(AwsError):
    """A parameter is not what SNS takes; `what` follows the words "Invalid parameter: "."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Invalid parameter: {what}")


class InvalidTokenException(AwsError):
    """A confirmation token that SNS cannot have made."""

    def __init__(self) -> None:
        super().__init__("Invalid token", code="InvalidParameterException")


class InvalidParameterValueException(AwsError):
    """A message attribute is not what SNS takes."""


class BatchEntryIdsNotDistinctException(AwsError):
    def __init__(self) -> None:
        super().__init__("Two or more batch entries in the request have the same Id.")


class BatchRequestTooLongException(AwsError):
    def __init__(self) -> None:
        super().__init__("The length of all the messages put together is more than the limit.")


class EmptyBatchRequestException(AwsError):
    def __init__(self) -> None:
        super().__init__("The batch request doesn't contain any entries.")


class EndpointDisabledException(AwsError):
    """A push to a device that does not want any."""

    def __init__(self) -> None:
        super().__init__("Endpoint is disabled")


class InvalidBatchEntryIdException(AwsError):
    """`what` says what is wrong with the id, and the id."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The Id of a batch entry in the batch request {what}")


class TooManyEntriesInBatchRequestException(AwsError):
    def __init__(self) -> None:
        super().__init__("The batch request contains more entries than permissible.")


class TagLimitExceededException(AwsError):
    def __init__(self) -> None:
        super().__init__("Could not complete request: tag quota of per resource exceeded")


def check_arn(parameter: str, arn: str) -> None:
    """Refuse what is not even shaped like an ARN, with SNS's count of its elements."""
    elements = arn.split(":")
    if len(elements) < 6:
        raise InvalidParameterException(
            f"{parameter} Reason: An ARN must have at least 6 elements, not {len(elements)}"
        )
