"""Message attributes: what SQS takes, how they count, how receivers ask for them."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from localaws.sqs import limits
from localaws.sqs.errors import InvalidParameterValue, UnsupportedOperation
from localaws.sqs.message import MessageAttributes
from localaws.sqs.text import check_text, size_bytes
from localaws.words.numbers import is_decimal

_TYPES = ("Binary", "Number", "String")
_RESERVED = re.compile(r"(aws|amazon)\.", re.IGNORECASE)
# Letters of any alphabet: AWS takes `attr.1øßä`, and no `§`.
_NAME = re.compile(r"(?!\.)(?!.*\.\.)[\w.\-]+(?<!\.)")
_ALL = frozenset(("All", ".*", "*"))


def check_message_attributes(attributes: MessageAttributes) -> None:
    """Refuse user attributes that SQS does not take, with its words."""
    if len(attributes) > limits.MAX_MESSAGE_ATTRIBUTES:
        raise InvalidParameterValue(
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum "
            f"[{limits.MAX_MESSAGE_ATTRIBUTES}]."
        )
    for name, value in attributes.items():
        _check_name(name)
        _check_value(name, value)


def check_no_lists(attributes: MessageAttributes, operation: str) -> None:
    """Refuse lists of values, which the API has and SQS does not; empty ones, too.

    https://github.com/ruby-shoryuken/shoryuken/issues/769,
    https://github.com/lumigo-io/lumigo-CLI/issues/94
    """
    for value in attributes.values():
        if not {"StringListValues", "BinaryListValues"}.isdisjoint(value):
            raise UnsupportedOperation(
                f"Message attribute list values in {operation} operation are not supported."
            )


def check_system_attributes(attributes: MessageAttributes) -> None:
    """A sender may set one system attribute, the X-Ray trace header."""
    for name, value in attributes.items():
        if name != "AWSTraceHeader":
            raise InvalidParameterValue(f"Message system attribute name '{name}' is invalid.")
        if value.get("DataType") != "String" or not value.get("StringValue"):
            raise InvalidParameterValue(
                f"Message system attribute '{name}' must contain a non-empty value of type "
                "'String'."
            )
        check_text(value["StringValue"], f"message system attribute '{name}' value")


def size(attributes: MessageAttributes) -> int:
    """Bytes of the attributes' names, types and values."""
    return sum(
        size_bytes(name)
        + size_bytes(str(value.get("DataType", "")))
        + size_bytes(str(value.get("StringValue") or ""))
        + len(value.get("BinaryValue") or b"")
        for name, value in attributes.items()
    )


def plain(attributes: Mapping[str, Mapping[str, Any]] | None) -> dict[str, dict[str, Any]]:
    """A copy with the members that are kept: the type and the value of that type."""
    kept: dict[str, dict[str, Any]] = {}
    for name, value in (attributes or {}).items():
        member = "BinaryValue" if _prefix(value) == "Binary" else "StringValue"
        kept[name] = {member: value[member], "DataType": value["DataType"]}
    return kept


def selected(attributes: MessageAttributes, names: Collection[str]) -> MessageAttributes:
    """The attributes that ReceiveMessage's `MessageAttributeNames` ask for.

    "All", ".*" and "*" ask for all, "bar.*" for those that start with "bar".
    """
    if not names or not attributes:
        return {}
    if not _ALL.isdisjoint(names):
        return attributes
    prefixes = tuple(name[:-2] for name in names if name.endswith(".*"))
    return {
        name: value
        for name, value in attributes.items()
        if name in names or name.startswith(prefixes)
    }


def _check_name(name: str) -> None:
    if not name:
        raise InvalidParameterValue(
            "The request must contain non-empty message (user) attribute names."
        )
    if size_bytes(name) > limits.MAX_MESSAGE_ATTRIBUTE_NAME_BYTES:
        raise InvalidParameterValue(
            "Message (user) attribute name must be shorter than "
            f"{limits.MAX_MESSAGE_ATTRIBUTE_NAME_BYTES} bytes."
        )
    if _RESERVED.match(name):
        raise InvalidParameterValue(
            "You can't use message attribute names beginning with 'AWS.' or 'Amazon'. "
            "These strings are reserved for internal use."
        )
    if not _NAME.fullmatch(name):
        raise InvalidParameterValue(
            f"Message (user) attribute name '{name}' is invalid. A name can contain alphanumeric "
            "characters, hyphens, underscores and periods. It must not start or end with a "
            "period, and it must not have periods in succession."
        )


def _check_value(name: str, value: Mapping[str, Any]) -> None:
    _check_type(name, value)
    kind = _prefix(value)
    content = value.get("BinaryValue" if kind == "Binary" else "StringValue")
    if not content:
        raise InvalidParameterValue(
            f"Message (user) attribute '{name}' must contain a non-empty value of type '{kind}'."
        )
    if kind != "Binary":
        check_text(content, f"message attribute '{name}' value", InvalidParameterValue)
    if kind == "Number" and not is_decimal(content):
        raise InvalidParameterValue(
            f"Can't cast the value of message (user) attribute '{name}' to a number."
        )


def _check_type(name: str, value: Mapping[str, Any]) -> None:
    data_type = str(value.get("DataType") or "")
    if not data_type:
        raise InvalidParameterValue(
            f"The message (user) attribute '{name}' must contain a non-empty message attribute "
            "value."
        )
    if size_bytes(data_type) > limits.MAX_MESSAGE_ATTRIBUTE_TYPE_BYTES:
        raise InvalidParameterValue(
            "Message (user) attribute type must be shorter than "
            f"{limits.MAX_MESSAGE_ATTRIBUTE_TYPE_BYTES} bytes."
        )
    if _prefix(value) not in _TYPES:
        raise InvalidParameterValue(
            f"The type of message (user) attribute '{name}' is invalid. You must use only the "
            f"following supported type prefixes: {', '.join(_TYPES)}."
        )


def _prefix(value: Mapping[str, Any]) -> str:
    return str(value.get("DataType", "")).partition(".")[0]
