"""Queue attributes: names, defaults, ranges, and how setting one changes another.

All values are strings, as on the wire. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/
APIReference/API_SetQueueAttributes.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from localaws.sqs.errors import InvalidAttributeName, InvalidAttributeValue
from localaws.sqs.redrive import RedriveAllowPolicy, RedrivePolicy, kept_text
from localaws.sqs.text import parse_json
from localaws.words.policies import completed, is_statement, names_principals, statements_of


@dataclass(frozen=True)
class _Range:
    default: int
    minimum: int
    maximum: int


_NUMBERS: Mapping[str, _Range] = {
    "VisibilityTimeout": _Range(30, 0, 43_200),
    "MaximumMessageSize": _Range(1_048_576, 1_024, 1_048_576),
    "MessageRetentionPeriod": _Range(345_600, 60, 1_209_600),
    "DelaySeconds": _Range(0, 0, 900),
    "ReceiveMessageWaitTimeSeconds": _Range(0, 0, 20),
    "KmsDataKeyReusePeriodSeconds": _Range(300, 60, 86_400),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "SqsManagedSseEnabled": ("true", "false"),
    "FifoQueue": ("true",),
    "ContentBasedDeduplication": ("false", "true"),
    "DeduplicationScope": ("queue", "messageGroup"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
}
_BOOLEANS = frozenset(name for name, values in _CHOICES.items() if "true" in values)
_FIFO_ONLY = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
# An empty string takes these away again.
_OPTIONAL = ("Policy", "RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId")
_SETTABLE = (*_NUMBERS, *_CHOICES, *_OPTIONAL)

COUNTERS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
READABLE = ("All", *_SETTABLE, *COUNTERS, "QueueArn", "CreatedTimestamp", "LastModifiedTimestamp")


def as_read(given: Mapping[str, str]) -> dict[str, str]:
    """What AWS makes of given values: `True` and `TRUE` are as good as `true`."""
    return {
        name: value.lower() if name in _BOOLEANS and isinstance(value, str) else value
        for name, value in given.items()
    }


def initial(given: Mapping[str, str], is_fifo: bool) -> dict[str, str]:
    """The attributes of a new queue: what CreateQueue was given, defaults for the rest.

    Raises:
        InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue
    """
    defaults = {name: str(limit.default) for name, limit in _NUMBERS.items()}
    del defaults["KmsDataKeyReusePeriodSeconds"]
    defaults["SqsManagedSseEnabled"] = "true"
    if is_fifo:
        defaults.update({name: _CHOICES[name][0] for name in _FIFO_ONLY})
    check(given, is_fifo)
    return _merged(defaults, _as_kept(given))


def changed(current: Mapping[str, str], given: Mapping[str, str], is_fifo: bool) -> dict[str, str]:
    """The attributes after SetQueueAttributes; an empty value means the default.

    Raises:
        InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue
    """
    filled = {
        name: str(_NUMBERS[name].default) if value == "" and name in _NUMBERS else value
        for name, value in as_read(given).items()
    }
    if is_fifo and filled.get("FifoQueue", "true") != "true":
        raise InvalidAttributeValue.of("FifoQueue", "Modifying queue type is not supported.")
    check(filled, is_fifo)
    return _merged(current, _as_kept(filled))


def check(given: Mapping[str, str], is_fifo: bool) -> None:
    """Refuse names that a queue of this type does not have, and values out of range."""
    for name, value in given.items():
        if name not in _SETTABLE:
            raise InvalidAttributeName.unknown(name)
        if name in _FIFO_ONLY and not is_fifo:
            raise InvalidAttributeName.of_fifo_queues(name)
        if name in _NUMBERS:
            _check_number(name, value)
        elif name in _CHOICES:
            _check_choice(name, value)
        elif value:
            _check_document(name, value)
    if _is_true(given, "SqsManagedSseEnabled") and given.get("KmsMasterKeyId"):
        raise _one_encryption_only()


def first_difference(existing: Mapping[str, str], given: Mapping[str, str]) -> str | None:
    """The first given attribute, checked before, that an existing queue has with another value."""
    for name, value in _as_kept(given).items():
        if _comparable(existing.get(name, "")) != _comparable(value):
            return name
    return None


def _as_kept(given: Mapping[str, str]) -> dict[str, str]:
    forms = {"Policy": completed, "RedrivePolicy": kept_text}
    return {
        name: forms[name](value) if value and name in forms else value
        for name, value in given.items()
    }


def _merged(current: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The words about throughput are those of pf-sqs-high-throughput-pairing of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sqs.
    """
    result = {**current, **given}
    if given.get("KmsMasterKeyId"):
        result["SqsManagedSseEnabled"] = "false"
        result.setdefault("KmsDataKeyReusePeriodSeconds", "300")
    elif _is_true(given, "SqsManagedSseEnabled") and result.get("KmsMasterKeyId"):
        raise _one_encryption_only()
    if not result.get("KmsMasterKeyId"):
        # Without a key there is nothing whose reuse could be limited; AWS does not show it then.
        result.pop("KmsDataKeyReusePeriodSeconds", None)
    if (
        result.get("FifoThroughputLimit") == "perMessageGroupId"
        and result.get("DeduplicationScope") != "messageGroup"
    ):
        raise InvalidAttributeValue.of(
            "FifoThroughputLimit",
            "To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be "
            "messageGroup.",
        )
    return {name: value for name, value in result.items() if value or name not in _OPTIONAL}


def _check_number(name: str, value: str) -> None:
    limit = _NUMBERS[name]
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not (
        limit.minimum <= int(value) <= limit.maximum
    ):
        raise InvalidAttributeValue.of(name)


def _check_choice(name: str, value: str) -> None:
    if name == "FifoQueue" and value != "true":
        raise InvalidAttributeName.unknown(name)
    if value not in _CHOICES[name]:
        raise InvalidAttributeValue.of(name)


def _check_document(name: str, value: str) -> None:
    if name == "RedrivePolicy":
        RedrivePolicy.parse(value)
    elif name == "RedriveAllowPolicy":
        RedriveAllowPolicy.parse(value)
    elif name == "Policy":
        document = parse_json(value)
        statements = statements_of(document) if isinstance(document, dict) else []
        is_policy = statements and all(map(is_statement, statements))
        if not is_policy or not all(map(names_principals, statements)):
            raise InvalidAttributeValue.of("Policy")


def _is_true(given: Mapping[str, str], name: str) -> bool:
    return given.get(name) == "true"


def _one_encryption_only() -> InvalidAttributeName:
    return InvalidAttributeName(
        "You can use one type of server-side encryption (SSE) at one time. "
        "You can either enable KMS SSE or SQS SSE."
    )


def _comparable(value: str) -> object:
    """JSON documents compare by content, everything else as text."""
    document = parse_json(value)
    return value if document is None else document
