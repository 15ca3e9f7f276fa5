"""SQS's errors. The class is the shape's name; `query_code` is what SDKs show as the error code.

SQS moved from the query protocol to JSON and kept its old codes for SDKs (awsQueryCompatible).
"""

from localaws.words.data_keys import KeyFault
from localaws.words.errors import AwsError

# KMS's code -> the shape's name and what SDKs show.
_KEY_FAULTS = {
    "DisabledException": ("KmsDisabled", "KMS.DisabledException"),
    "InvalidKeyUsageException": ("KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException"),
    "KMSInvalidStateException": ("KmsInvalidState", "KMS.InvalidStateException"),
    "NotFoundException": ("KmsNotFound", "KMS.NotFoundException"),
}


class InvalidParameterValue(AwsError):
    """A value is out of range or makes no sense here."""

    query_code = "InvalidParameterValue"

    def __init__(self, message: str) -> None:
        super().__init__(message, code="InvalidParameterValueException")

    @classmethod
    def of(cls, parameter: str, value: object, reason: str) -> "InvalidParameterValue":
        """The usual sentence: which value, for which parameter, and why not."""
        return cls(f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")


class MessageTooLong(InvalidParameterValue):
    """The message with its attributes is larger than the queue takes."""

    def __init__(self, max_bytes: int, problem: str = "are invalid") -> None:
        super().__init__(
            f"One or more parameters {problem}. "
            f"Reason: Message must be shorter than {max_bytes} bytes."
        )
        self.max_bytes = max_bytes

    def in_batch(self) -> "MessageTooLong":
        """The same, in the words of a batch entry's failure."""
        return MessageTooLong(self.max_bytes, "cannot be validated")


class MissingParameter(AwsError):
    """A parameter is absent or empty."""

    query_code = "MissingParameter"

    def __init__(self, parameter: str) -> None:
        super().__init__(
            f"The request must contain the parameter {parameter}.",
            code="MissingRequiredParameterException",
        )


class InvalidAttributeName(AwsError):
    """No such queue or message attribute, or not for this type of queue."""

    @classmethod
    def unknown(cls, name: str) -> "InvalidAttributeName":
        return cls(f"Unknown Attribute {name}.")

    @classmethod
    def of_fifo_queues(cls, name: str) -> "InvalidAttributeName":
        """For a standard queue; the attributes of high throughput came later, with other words."""
        if name in ("FifoQueue", "ContentBasedDeduplication"):
            return cls.unknown(name)
        return cls(f"You can specify the {name} only when FifoQueue is set to true.")


class InvalidAttributeValue(AwsError):
    """A queue attribute's value is out of range."""

    @classmethod
    def of(cls, name: str, reason: str = "") -> "InvalidAttributeValue":
        return cls(f"Invalid value for the parameter {name}.{reason and f' Reason: {reason}'}")


class UnsupportedOperation(AwsError):
    """What the API has a place for and SQS does not do."""

    query_code = "AWS.SimpleQueueService.UnsupportedOperation"


class InvalidMessageContents(AwsError):
    """The body or an attribute holds a character that SQS does not take."""


class InvalidAddress(AwsError):
    """The queue URL is no queue URL."""

    status = 404


class QueueDoesNotExist(AwsError):
    """No queue of that name in this account and Region."""

    query_code = "AWS.SimpleQueueService.NonExistentQueue"

    def __init__(self) -> None:
        super().__init__("The specified queue does not exist.")


class QueueNameExists(AwsError):
    """A queue of that name exists and is not the same."""

    query_code = "QueueAlreadyExists"

    def __init__(self, attribute: str) -> None:
        super().__init__(
            "A queue already exists with the same name and a different value for attribute "
            f"{attribute}"
        )


class QueueDeletedRecently(AwsError):
    """A name is free again only a minute after its queue was deleted."""

    query_code = "AWS.SimpleQueueService.QueueDeletedRecently"

    def __init__(self) -> None:
        super().__init__(
            "You must wait 60 seconds after deleting a queue before you can create another "
            "with the same name."
        )


class PurgeQueueInProgress(AwsError):
    """The queue was purged less than a minute ago."""

    status = 403
    query_code = "AWS.SimpleQueueService.PurgeQueueInProgress"

    def __init__(self, queue_name: str) -> None:
        super().__init__(
            f"Only one PurgeQueue operation on {queue_name} is allowed every 60 seconds."
        )


class OverLimit(AwsError):
    """A quota is used up: messages in flight, actions of a permission."""

    status = 403


class ReceiptHandleIsInvalid(AwsError):
    """The receipt handle is none of this queue's."""

    status = 404


class ResourceNotFoundException(AwsError):
    """A message move task, or a queue that it names, does not exist."""

    status = 404


class BatchRequestError(AwsError):
    """A batch is refused as a whole; the subclasses' codes carry SQS's old prefix."""

    def __init__(self, message: str) -> None:
        name = type(self).__name__
        super().__init__(message, query_code=f"AWS.SimpleQueueService.{name}")


class EmptyBatchRequest(BatchRequestError):
    """No entries."""


class TooManyEntriesInBatchRequest(BatchRequestError):
    """More than ten entries."""


class InvalidBatchEntryId(BatchRequestError):
    """An entry's id has other characters than letters, digits, hyphens and underscores."""


class BatchEntryIdsNotDistinct(BatchRequestError):
    """Two entries have one id."""


class BatchRequestTooLong(BatchRequestError):
    """The entries together are larger than a batch may be."""


class KeyUnusable(AwsError):
    """KMS does not use the queue's key."""

    def __init__(self, fault: KeyFault) -> None:
        code, query_code = _KEY_FAULTS[fault.code]
        super().__init__(fault.told(), code=code, query_code=query_code)
