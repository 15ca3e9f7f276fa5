"""Message attributes: what SNS takes, and what they become on the way. Pure."""

import base64
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from localaws.sns.errors import InvalidParameterValueException
from localaws.words.numbers import is_decimal

MessageAttributes: TypeAlias = Mapping[str, Mapping[str, Any]]

_FOREIGN = re.compile(r"[^A-Za-z0-9_.\-]")


def check_attributes(attributes: MessageAttributes) -> None:
    """Refuse attributes that SNS does not take, with its words."""
    for name, value in attributes.items():
        _check_name(name)
        _check_value(name, value)


def size_bytes(attributes: MessageAttributes) -> int:
    """What attributes count against the size of a message: names, types and values."""
    return sum(
        len(name.encode()) + len(value["DataType"].encode()) + len(_raw(value))
        for name, value in attributes.items()
    )


def in_envelope(attributes: MessageAttributes) -> dict[str, dict[str, str]]:
    """As a queue's envelope shows them: type and value, binary values in base64."""
    return {
        name: {"Type": value["DataType"], "Value": value_text(value)}
        for name, value in attributes.items()
    }


def value_text(value: Mapping[str, Any]) -> str:
    """An attribute's value as text."""
    if _kind(value) == "Binary":
        return base64.b64encode(_raw(value)).decode("ascii")
    return str(value["StringValue"])


def _raw(value: Mapping[str, Any]) -> bytes:
    content = value.get("BinaryValue") or value.get("StringValue") or ""
    return content.encode("utf-8", "replace") if isinstance(content, str) else bytes(content)


def _kind(value: Mapping[str, Any]) -> str:
    return str(value["DataType"]).partition(".")[0]


def _check_name(name: str) -> None:
    if not name:
        # SQS's words of the time when it had those of SNS for all other faults.
        raise InvalidParameterValueException(
            "The request must contain non-empty message attribute name."
        )
    if len(name.encode("utf-8", "replace")) >= 256:
        raise InvalidParameterValueException(
            "Length of message attribute name must be less than 256 bytes."
        )
    for place, found in (("starting", name.startswith(".")), ("ending", name.endswith("."))):
        if found:
            raise InvalidParameterValueException(
                f"Invalid message attribute name {place} with character '.' was found."
            )
    if (foreign := _FOREIGN.search(name)) is not None:
        raise InvalidParameterValueException(
            f"Invalid non-alphanumeric character '#x{ord(foreign.group()):X}' was found in the "
            "message attribute name. Can only include alphanumeric characters, hyphens, "
            "underscores, or dots."
        )
    if ".." in name:
        raise InvalidParameterValueException(
            "Message attribute name can not have successive '.' character."
        )


def _check_value(name: str, value: Mapping[str, Any]) -> None:
    data_type, kind = value["DataType"], _kind(value)
    if kind not in ("Binary", "Number", "String"):
        raise InvalidParameterValueException(
            f"The message attribute '{name}' has an invalid message attribute type, the set of "
            "supported type prefixes is Binary, Number, and String."
        )
    field, other = ("Binary", "String") if kind == "Binary" else ("String", "Binary")
    if f"{other}Value" in value and f"{field}Value" not in value:
        raise InvalidParameterValueException(
            f"The message attribute '{name}' with type '{data_type}' must use field '{field}'."
        )
    if not value.get(f"{field}Value"):
        raise InvalidParameterValueException(
            f"The message attribute '{name}' must contain non-empty message attribute value for "
            f"message attribute type '{data_type}'."
        )
    if kind == "Number" and not is_decimal(value["StringValue"]):
        raise InvalidParameterValueException(
            f"Could not cast message attribute '{name}' value to number."
        )
