"""Takes apart what a child process writes: pure, no I/O.

The pipe carries frames (a 16-byte big-endian header: type, length, microseconds since the epoch)
as AWS's runtimes write them, and unframed bytes of whatever wrote to the file descriptors.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = struct.Struct(">IIQ")
_MAGIC = b"\xa5\x5a\x00"
_TEXT = 0xA55A00F1
_RECORD_PART = 0xA55A00F2
_LONGEST_FRAME = 65536

# CloudWatch Logs splits longer events.
MAX_EVENT_BYTES = 262_144


@dataclass(frozen=True)
class Written:
    """One log event as a child wrote it.

    Attributes:
        at_us: the child's virtual time in microseconds, or None for unframed output.
        level: 0 without one, else 1 (TRACE) to 6 (FATAL).
    """

    at_us: int | None
    data: bytes
    level: int = 0


class TelemetryParser:
    """Bytes in, log events out: a line of text each, or a record of the logging library."""

    def __init__(self) -> None:
        self._buffer = b""
        self._record: list[bytes] = []
        self._lines = _Lines()

    def feed(self, data: bytes) -> Iterator[Written]:
        """Take the next bytes of the pipe."""
        buffer = self._buffer + data
        at = 0
        while at < len(buffer):
            if not buffer.startswith(_MAGIC, at):
                end = _next_magic(buffer, at)
                if end == at:
                    break
                yield from self._lines.add(None, buffer[at:end])
                at = end
                continue
            if len(buffer) - at < _HEADER.size:
                break
            kind, length, at_us = _HEADER.unpack_from(buffer, at)
            if length > _LONGEST_FRAME:  # Only looks like a frame.
                yield from self._lines.add(None, buffer[at : at + 1])
                at += 1
                continue
            end = at + _HEADER.size + length
            if end > len(buffer):
                break
            yield from self._frame(kind, at_us, buffer[at + _HEADER.size : end])
            at = end
        self._buffer = buffer[at:]

    def flush(self) -> Iterator[Written]:
        """What was written without an end of line, or cut off by the child's end."""
        rest, self._buffer = self._buffer, b""
        if rest and not rest.startswith(_MAGIC):
            yield from self._lines.add(None, rest)
        yield from self._lines.flush()

    def _frame(self, kind: int, at_us: int, data: bytes) -> Iterator[Written]:
        if kind == _TEXT:
            yield from self._lines.add(at_us, data)
        elif kind == _RECORD_PART:
            self._record.append(data)
        else:
            whole = b"".join([*self._record, data])
            self._record.clear()
            level = kind >> 2 & 7
            for start in range(0, len(whole), MAX_EVENT_BYTES):
                yield Written(at_us, whole[start : start + MAX_EVENT_BYTES], level)


class _Lines:
    """Splits the stream of text at line feeds, and nowhere else."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self._at_us: int | None = None

    def add(self, at_us: int | None, data: bytes) -> Iterator[Written]:
        for piece in _split(data):
            self._pieces.append(piece)
            self._size += len(piece)
            self._at_us = at_us
            if piece.endswith(b"\n") or self._size >= MAX_EVENT_BYTES:
                yield from self.flush()

    def flush(self) -> Iterator[Written]:
        if not self._pieces:
            return
        whole = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        for start in range(0, len(whole), MAX_EVENT_BYTES):
            yield Written(self._at_us, whole[start : start + MAX_EVENT_BYTES])


def _split(data: bytes) -> list[bytes]:
    *lines, rest = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([rest] if rest else [])


def _next_magic(buffer: bytes, at: int) -> int:
    """Where the next frame begins or may begin, at the latest the end of the buffer."""
    found = buffer.find(_MAGIC, at)
    if found >= 0:
        return found
    for length in (2, 1):
        if buffer.endswith(_MAGIC[:length], at):
            return len(buffer) - length
    return len(buffer)
