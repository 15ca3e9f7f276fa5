"""Texts that are written in another way: base64, percent signs, HTML's entities, JSON's escapes."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from markupsafe import Markup

# Long enough for something to be in it.
_BASE64 = re.compile(
    r"[A-Za-z0-9+/_-](?<![A-Za-z0-9+/_=-][A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{15,}={0,2}"
)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
# As HTML reads them, with or without the semicolon.
_ENTITY = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_PERCENT_SIGNS = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TAG = re.compile(r"<[^<>]*>")
# What colours a terminal's text, also where it splits a value.
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def decoded(text: str) -> bytes | None:
    """What base64 holds, in either alphabet; None when it is none."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(plain) % 4 == 1:
        return None
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return None


def encoded(data: bytes, like: str) -> str:
    """Base64 in the alphabet, and with the padding, of another text."""
    text = base64.b64encode(data).decode("ascii")
    if "-" in like or "_" in like:
        text = text.translate(str.maketrans("+/", "-_"))
    return text if like.endswith("=") or len(like) % 4 == 0 else text.rstrip("=")


def text_of(data: bytes) -> str | None:
    """Bytes as a text, if they are one."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    lines = text.replace("\r", "").replace("\n", "").replace("\t", "")
    return text if lines.isprintable() else None


def with_base64(text: str, change: Callable[[str], str]) -> str:
    """The text with what is base64 in it changed within."""

    def changed(match: re.Match[str]) -> str:
        data = decoded(match[0])
        inner = text_of(data) if data else None
        if inner is None or (after := change(inner)) == inner:
            return match[0]
        return encoded(after.encode("utf-8"), match[0])

    return _BASE64.sub(changed, text)


def readings(text: str) -> Iterator[str]:
    """Other ways to read a text, each one and then all together; only those that differ come.

    All have as many lines as the text.
    """
    together = text
    for read in (_without_colours, _without_tags, _entities, _percent_signs, _escapes):
        alone, together = read(text), read(together)
        if alone != text:
            yield alone
    if together != text:
        yield together


def base64_in(text: str) -> Iterator[tuple[int, str]]:
    """What may be base64 in a text, with where it begins."""
    for match in _BASE64.finditer(text):
        yield match.start(), match[0].rstrip("=")


def decodings(run: str) -> Iterator[bytes]:
    """What letters are that may be base64; also behind letters that do not belong."""
    for skipped in range(4):
        part = run[skipped:]
        data = decoded(part[: len(part) - (len(part) % 4 == 1)])
        if data:
            yield data


def _without_colours(text: str) -> str:
    return _ANSI.sub("", text)


def _without_tags(text: str) -> str:
    return _TAG.sub(lambda tag: "\n" * tag[0].count("\n"), text)


def _entities(text: str) -> str:
    return _each_once(_ENTITY, lambda entity: Markup(entity).unescape(), text)


def _percent_signs(text: str) -> str:
    return _each_once(_PERCENT_SIGNS, unquote, text)


def _escapes(text: str) -> str:
    return _ESCAPE.sub(_escaped, text)


def _each_once(pattern: re.Pattern[str], read: Callable[[str], str], text: str) -> str:
    """The text with what was found read; a page has the same few entities thousands of times."""
    known: dict[str, str] = {}

    def as_read(match: re.Match[str]) -> str:
        written = match[0]
        if written not in known:
            # Line numbers stay right, even where a line end was written in another way.
            known[written] = _LINE_END.sub(" ", read(written))
        return known[written]

    return pattern.sub(as_read, text)


def _escaped(match: re.Match[str]) -> str:
    char = chr(int(match[1] or match[2], 16))
    return char if char.isprintable() else " "
