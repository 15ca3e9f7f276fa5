"""Event streams (`application/vnd.amazon.eventstream`): messages with headers and checksums.

https://smithy.io/2.0/aws/amazon-eventstream.html
"""

import struct
from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

from localaws.wire.json_protocol import dump_json
from localaws.wire.json_values import JsonWriters
from localaws.wire.models import Shape

CONTENT_TYPE = "application/vnd.amazon.eventstream"

_STRING = 7
_CHECKSUM = struct.Struct(">I")
_PRELUDE = struct.Struct(">II")


def encode(shape: Shape, events: Iterable[Mapping[str, Any]], writers: JsonWriters) -> bytes:
    """A whole stream.

    Args:
        shape: the model's union of events.
        events: in order, each a mapping of the event's name to its members.
    """
    return b"".join(
        _event(name, shape.members[name].shape, members, writers)
        for event in events
        for name, members in event.items()
    )


def _event(name: str, shape: Shape, members: Mapping[str, Any], writers: JsonWriters) -> bytes:
    blob = next((m for m, ref in shape.traits["members"].items() if ref.get("eventpayload")), None)
    if blob is not None:
        return _message(name, "application/octet-stream", bytes(members[blob]))
    return _message(name, "application/json", dump_json(writers.of(shape)(members)))


def _message(event_type: str, content_type: str, payload: bytes) -> bytes:
    headers = b"".join(
        _header(name, value)
        for name, value in (
            (":event-type", event_type),
            (":content-type", content_type),
            (":message-type", "event"),
        )
    )
    prelude = _PRELUDE.pack(len(headers) + len(payload) + 16, len(headers))
    message = prelude + _CHECKSUM.pack(crc32(prelude)) + headers + payload
    return message + _CHECKSUM.pack(crc32(message))


def _header(name: str, value: str) -> bytes:
    return struct.pack(f">B{len(name)}sBH", len(name), name.encode(), _STRING, len(value)) + (
        value.encode()
    )
