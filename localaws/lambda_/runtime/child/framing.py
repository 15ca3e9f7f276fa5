"""Everything that a handler writes, framed with the virtual time at which it was written.

One pipe carries it all, in order: log records of awslambdaric (a frame each), text of
`sys.stdout` and `sys.stderr` (framed pieces of a stream), and what anything else writes to the
file descriptors 1 and 2 (unframed). A frame is at most PIPE_BUF bytes long, because longer writes
of several processes could mix.
"""

import io
import os
import select
import sys
import threading
import time
from collections.abc import Iterable

TEXT = 0xA55A00F1
"""A piece of standard output or standard error."""
RECORD_PART = 0xA55A00F2
"""The beginning of a record whose last piece follows under the record's own type."""
RECORD = 0xA55A0003
"""A log record without a level (awslambdaric's default)."""

_HEADER_LENGTH = 16
_PIECE = getattr(select, "PIPE_BUF", 512) - _HEADER_LENGTH


class Telemetry:
    """The writing end of the pipe."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._framed = True
        self._whole_records = threading.RLock()

    def forked(self) -> None:
        """Write unframed from now on: this is a fork, whose writes could split a frame."""
        self._framed = False

    def text(self, data: bytes) -> None:
        """Write a piece of standard output."""
        if not self._framed:
            self._write_plain(data)
            return
        for start in range(0, len(data), _PIECE):
            self._write_frame(TEXT, data[start : start + _PIECE])

    def record(self, data: bytes, frame_type: int) -> None:
        """Write one log record, which becomes one log event."""
        if not self._framed:
            self._write_plain(data if data.endswith(b"\n") else data + b"\n")
        elif len(data) <= _PIECE:
            self._write_frame(frame_type, data)
        else:
            with self._whole_records:
                last = (len(data) - 1) // _PIECE * _PIECE
                for start in range(0, last, _PIECE):
                    self._write_frame(RECORD_PART, data[start : start + _PIECE])
                self._write_frame(frame_type, data[last:])

    def _write_frame(self, frame_type: int, data: bytes) -> None:
        header = (frame_type << 96 | len(data) << 64 | time.time_ns() // 1000).to_bytes(16, "big")
        os.write(self._fd, header + data)

    def _write_plain(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]


class _Raw(io.RawIOBase):
    """The binary side of `sys.stdout` and `sys.stderr`."""

    def __init__(self, telemetry: Telemetry, fd: int) -> None:
        self._telemetry = telemetry
        self._fd = fd

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        whole = bytes(data)
        self._telemetry.text(whole)
        return len(whole)


def stream(telemetry: Telemetry, fd: int) -> io.TextIOWrapper:
    """A text stream in place of the one on `fd`, unbuffered: a crash loses nothing."""
    raw = _Raw(telemetry, fd)
    errors = "surrogateescape" if fd == 1 else "backslashreplace"
    return io.TextIOWrapper(raw, "utf-8", errors, write_through=True)  # type: ignore[arg-type]


class FramedLogSink:
    """awslambdaric's log sink (its methods), writing to the shared pipe."""

    def __init__(self, telemetry: Telemetry, error_frame_type: bytes) -> None:
        self._telemetry = telemetry
        self._error_frame_type = int.from_bytes(error_frame_type, "big")

    def __enter__(self) -> "FramedLogSink":
        return self

    def __exit__(self, *exc_info: object) -> None:
        sys.stdout.flush()

    def log(self, msg: str, frame_type: bytes | None = None) -> None:
        kind = int.from_bytes(frame_type, "big") if frame_type else RECORD
        self._telemetry.record(msg.encode("utf-8", "backslashreplace"), kind)

    def log_error(self, message_lines: Iterable[str]) -> None:
        whole = "\n".join(message_lines)
        self._telemetry.record(whole.encode("utf-8", "backslashreplace"), self._error_frame_type)
