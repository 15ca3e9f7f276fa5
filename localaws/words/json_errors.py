"""What AWS says of text that is not JSON: the words of the parser that its services use."""

import json
import re
from dataclasses import dataclass

_VALUE = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"
_WORDS = {
    "Expecting property name": "was expecting double-quote to start field name",
    "Expecting ',' delimiter": "was expecting comma to separate Object entries",
    "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
}

_CLOSED_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_TOKENS = re.compile(rf'{_CLOSED_STRING.pattern}|".*|[\[\]{{}},:]|[^\s\[\]{{}},:"]+', re.DOTALL)


# Python's parser takes these, and numbers of up to 4,300 digits; AWS's takes none of them.
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_LONGEST_NUMBER = 1000


class _NotStandard(Exception):
    """The text holds one of the constants."""


@dataclass
class _Container:
    """An open array or object: what it expects next, nothing yet while it is empty."""

    is_object: bool
    start: int
    expects: str = ""


def complaint_about(text: str | bytes) -> str | None:
    """The parser's complaint with its place, or None when `text` is JSON."""
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        return _undecodable(error)
    try:
        json.loads(decoded, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return _describe(decoded, error)
    except _NotStandard:
        return _not_standard(decoded)
    except ValueError:
        return _too_long_number(decoded)
    except RecursionError:
        return _placed("Document nesting depth (1001) exceeds the maximum allowed (1000)", 1, 1001)
    return None


def _refuse_constant(name: str) -> None:
    raise _NotStandard(name)


def _not_standard(text: str) -> str:
    token = next(token for token in _TOKENS.finditer(text) if token[0] in _CONSTANTS)
    feature = "`JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS`"
    reason = f"Non-standard token '{token[0]}': enable {feature} to allow"
    return _placed(reason, *_line_and_column(text, token.end()))


def _too_long_number(text: str) -> str:
    token = max(_TOKENS.finditer(text), key=_digits)
    reason = (
        f"Number value length ({_digits(token)}) exceeds the maximum allowed ({_LONGEST_NUMBER}, "
        "from `StreamReadConstraints.getMaxNumberLength()`)"
    )
    return _placed(reason, *_line_and_column(text, token.end()))


def _digits(token: re.Match[str]) -> int:
    return len(token[0].lstrip("-")) if token[0].lstrip("-").isdigit() else 0


def _as_of_old(text: str, error: json.JSONDecodeError) -> json.JSONDecodeError:
    """The error without what Python 3.13 began to say of a comma too many, at another place."""
    if not error.msg.startswith("Illegal trailing comma"):
        return error
    bracket = len(text) - len(text[error.pos + 1 :].lstrip())
    expected = "Expecting value" if text[bracket] == "]" else "Expecting property name"
    return json.JSONDecodeError(expected, text, bracket)


def _describe(text: str, error: json.JSONDecodeError) -> str:
    error = _as_of_old(text, error)
    rest = text[error.pos :]
    if not rest or error.msg.startswith("Unterminated string"):
        reason = f"Unexpected end-of-input{_unfinished(text)}"
        return _placed(reason, *_line_and_column(text, len(text)))
    character = rest[0]
    shown = _shown(character)
    words = next((w for start, w in _WORDS.items() if error.msg.startswith(start)), None)
    if words is None and character.isalpha():
        token = _token(rest)
        # The parser has read one character further, if there is one.
        column = error.colno + len(token) + (len(rest) > len(token))
        reason = f"Unrecognized token '{token}': was expecting ({_VALUE})"
        return _placed(reason, error.lineno, column)
    words = words or f"expected a valid value ({_VALUE})"
    return _placed(f"Unexpected character ({shown}): {words}", error.lineno, error.colno)


def _undecodable(error: UnicodeDecodeError) -> str:
    """A byte that begins no character, alone or where a value should begin."""
    before = error.object[: error.start].decode()
    byte = error.object[error.start]
    try:
        json.loads(before)
    except json.JSONDecodeError as missing:
        if missing.msg == "Expecting value" and missing.pos == len(before):
            reason = (
                f"Unexpected character ({_shown(chr(byte))}): expected a valid value ({_VALUE})"
            )
            return _placed(reason, missing.lineno, missing.colno)
    line, column = _line_and_column(before, len(before))
    return _placed(f"Invalid UTF-8 start byte 0x{byte:02x}", line, column + 1)


def _unfinished(text: str) -> str:
    """What was open when the text ended, in the parser's words."""
    opened: list[_Container] = []
    for token in _TOKENS.finditer(text):
        kind = token[0]
        if kind in "]}":
            opened.pop()
        elif kind in ",:":
            opened[-1].expects = "value" if kind == ":" or not opened[-1].is_object else "key"
            continue
        elif kind[0] == '"' and not _CLOSED_STRING.fullmatch(kind):
            is_name = opened and opened[-1].is_object and opened[-1].expects in ("", "key")
            return " in field name" if is_name else " in VALUE_STRING"
        elif kind in "[{":
            opened.append(_Container(kind == "{", token.start()))
            continue
        if opened:
            named = opened[-1].is_object and opened[-1].expects in ("", "key")
            opened[-1].expects = "colon" if named else "end"
    if not opened:
        return ""
    name = "Object" if opened[-1].is_object else "Array"
    if opened[-1].expects not in ("", "end"):
        return f" within/between {name} entries"
    start = opened[-1].start
    place = _place(*_line_and_column(text, start))
    return f": expected close marker for {name} (start marker at {place})"


def _shown(character: str) -> str:
    if " " < character < "\x7f":
        return f"'{character}' (code {ord(character)})"
    return f"(CTRL-CHAR, code {ord(character)})"


def _token(rest: str) -> str:
    end = next((i for i, c in enumerate(rest) if not (c.isalnum() or c in "_$")), len(rest))
    return rest[:end]


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    """Both count from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def _placed(complaint: str, line: int, column: int) -> str:
    return f"{complaint}\n at {_place(line, column)}"


def _place(line: int, column: int) -> str:
    source = "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"
    return f"[{source}; line: {line}, column: {column}]"
