"""Scalars on the wire: timestamps and blobs."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from localaws.wire.refusals import SerializationException
from localaws.words.timestamps import iso_ms


def read_blob(value: object) -> bytes:
    """Bytes from base64 text."""
    if not isinstance(value, str):
        raise SerializationException(f"{token_of(value)} can not be converted to a Blob")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SerializationException("Unable to decode base64 value") from error


def write_blob(value: bytes | str) -> str:
    """Base64 text of bytes."""
    raw = value.encode() if isinstance(value, str) else value
    return base64.b64encode(raw).decode("ascii")


def read_timestamp(value: object) -> float:
    """Epoch seconds from a number or ISO 8601 text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = str(value)
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        complaint = f"{token_of(value)} can not be converted to a Timestamp"
        raise SerializationException(complaint) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def write_timestamp(value: float, form: str) -> Any:
    """Epoch seconds in one of the models' forms: unixTimestamp or iso8601."""
    if form == "unixTimestamp":
        return int(value) if value == int(value) else round(value, 3)
    return iso_ms(value)


def token_of(value: object) -> str:
    """What AWS calls a JSON value of this kind in its conversion errors."""
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, (int, float)):
        return "NUMBER_VALUE"
    return "STRING_VALUE"
