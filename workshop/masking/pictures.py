"""What pictures hold beside their pixels: who made them, with what, where and when."""

import struct
import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
# Without these a picture looks different: https://www.w3.org/TR/png-3/#11Chunks
_SHOWN = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"}
    | {b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
)
_JPEG = b"\xff\xd8"
_START_OF_SCAN = 0xDA
# JFIF's own segment, and Adobe's that tells how colours are stored: ITU-T T.81, annex B.
_APP0, _APP14, _APP15, _COMMENT = 0xE0, 0xEE, 0xEF, 0xFE


def is_picture(data: bytes) -> bool:
    """Whether these are the bytes of a PNG or JPEG."""
    return data.startswith((_PNG, _JPEG))


def without_notes(data: bytes) -> bytes:
    """The same picture with its pixels alone; other bytes as they are."""
    if data.startswith(_PNG):
        return _PNG + b"".join(whole for name, _, whole in _chunks(data) if name in _SHOWN)
    if data.startswith(_JPEG):
        segments, rest = _segments(data)
        return _JPEG + b"".join(whole for kind, _, whole in segments if not _is_note(kind)) + rest
    return data


def notes_of(data: bytes) -> Iterator[bytes]:
    """What is not pixels, unpacked."""
    if data.startswith(_PNG):
        for name, body, _ in _chunks(data):
            if name not in _SHOWN:
                yield _unpacked(name, body)
    elif data.startswith(_JPEG):
        segments, _ = _segments(data)
        yield from (body for kind, body, _ in segments if _is_note(kind))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length], data[at : at + 12 + length]
        at += 12 + length


def _unpacked(name: bytes, body: bytes) -> bytes:
    """The text of a chunk: https://www.w3.org/TR/png-3/#11textinfo"""
    keyword, _, rest = body.partition(b"\0")
    if name == b"zTXt":
        packed = rest[1:]
    elif name == b"iTXt" and rest[:1] == b"\1":
        packed = rest[2:].split(b"\0", 2)[-1]
    else:
        return body
    try:
        return keyword + b" " + zlib.decompress(packed)
    except zlib.error:
        return body


def _segments(data: bytes) -> tuple[list[tuple[int, bytes, bytes]], bytes]:
    """The segments before the pixels, and all that follows."""
    found, at = [], len(_JPEG)
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _START_OF_SCAN:
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        end = at + 2 + length
        found.append((data[at + 1], data[at + 4 : end], data[at:end]))
        at = end
    return found, data[at:]


def _is_note(kind: int) -> bool:
    return kind == _COMMENT or (_APP0 < kind <= _APP15 and kind != _APP14)
