"""Receipt handles: which receive of which message of which queue.

A handle says all of it itself, so no table of handles is kept, and none has to be emptied. What it
is still good for follows from where its message stands now; `receives` decides.

- The queue's random key: a queue that is made again under its old name takes none of the handles of
  the old one (`test_handles_do_not_outlive_their_queue`).
- The message's id finds the message, or tells that it has left the queue.
- The number of the receive tells the latest handle of a message from older ones; only FIFO queues
  care.
"""

import base64
import struct
from dataclasses import dataclass

# AWS's handles begin with "AQEB"; these three bytes do that in base64.
_MAGIC = b"\x01\x01\x01"
_LAYOUT = struct.Struct(">3s16s16sQ")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt handle says.

    Attributes:
        queue_key: the queue's own random key; a queue created again under its name has another.
        receive_serial: counts the queue's receives, so every receive has its own handle.
    """

    queue_key: bytes
    message_id: str
    receive_serial: int


def issue(queue_key: bytes, message_id: str, receive_serial: int) -> str:
    """The handle of one receive."""
    packed = _LAYOUT.pack(
        _MAGIC, queue_key, bytes.fromhex(message_id.replace("-", "")), receive_serial
    )
    return base64.b64encode(packed).decode("ascii")


def read(receipt_handle: str) -> Receipt | None:
    """The receipt, or None when the text was never issued as a handle."""
    try:
        packed = base64.b64decode(receipt_handle, validate=True)
        magic, queue_key, message_key, serial = _LAYOUT.unpack(packed)
    except (ValueError, struct.error):
        return None
    if magic != _MAGIC:
        return None
    return Receipt(queue_key, _uuid_text(message_key.hex()), serial)


def _uuid_text(digits: str) -> str:
    # Not uuid.UUID: this is done for every message, and ten times faster without the object.
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
