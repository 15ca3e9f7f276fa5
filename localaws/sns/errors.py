"""SNS's errors, under the names of its model; the wire layer knows their codes and statuses."""

import re

from localaws.words.data_keys import KeyFault
from localaws.words.errors import AwsError

# KMS's code -> the shape's name.
_KEY_FAULTS = {
    "DisabledException": "KMSDisabledException",
    "InvalidKeyUsageException": "KMSInvalidStateException",
    "KMSInvalidStateException": "KMSInvalidStateException",
    "NotFoundException": "KMSNotFoundException",
}

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]+")


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


class InvalidStateException(AwsError):
    """A topic that archives its messages cannot go: its policy has to be emptied first.

    https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html; the
    words are in https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/sns,
    `topic_test.go`.
    """

    def __init__(self) -> None:
        super().__init__("Invalid state: Cannot delete a topic with an ArchivePolicy")


class InvalidSettingException(AwsError):
    """A setting of text messages is not what SNS takes; `what` is all that it says."""

    def __init__(self, what: str) -> None:
        super().__init__(what, code="InvalidParameterException")


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
    """Refuse what is not even shaped like an ARN, with SNS's count of its elements.

    What it says of an ARN whose partition is not its Region's was seen in
    https://github.com/georgeyk/loafer/pull/25.
    """
    elements = arn.split(":")
    if len(elements) < 6:
        raise InvalidParameterException(
            f"{parameter} Reason: An ARN must have at least 6 elements, not {len(elements)}"
        )
    start = f"arn:{_partition_of(elements[3])}"
    if elements[:2] != start.split(":"):
        raise InvalidParameterException(
            f"{parameter} Reason: A {elements[3]} ARN must begin with {start}, not {arn}"
        )


def check_path(parameter: str, arn: str, steps: int) -> None:
    """Refuse the ARN of an application or a device that has another number of steps.

    https://github.com/awslabs/aws-sdk-ios-samples/issues/230
    """
    check_arn(parameter, arn)
    if arn.split(":", 5)[5].count("/") != steps - 1:
        raise InvalidParameterException(
            f"{parameter} Reason: Wrong number of slashes in relative portion of the ARN."
        )


def _partition_of(region: str) -> str:
    if not _REGION.fullmatch(region):
        return "null"
    first = region.partition("-")[0]
    if first == "cn":
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


class TopicKeyUnusable(AwsError):
    """KMS does not use the topic's key."""

    def __init__(self, fault: KeyFault) -> None:
        super().__init__(fault.told(), code=_KEY_FAULTS[fault.code])
