"""Deployment packages of temporary functions: one file, `handler.py`."""

import io
import zipfile

from workshop.target.target import PROJECT


def handler_of(code: str) -> str:
    """The text of a handler, by its folder in `lambda/`."""
    return (PROJECT / "lambda" / code / "handler.py").read_text("utf-8")


def packed(source: str) -> bytes:
    """A package with one file, `handler.py`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("handler.py")
        # Readable for Lambda's user.
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, source.encode())
    return buffer.getvalue()
