"""What AWS says of text that is not JSON: the words of the parser that its services use."""

import json

_VALUE = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"
_WORDS = {
    "Expecting property name": "was expecting double-quote to start field name",
    "Illegal trailing comma": "was expecting double-quote to start field name",
    "Expecting ',' delimiter": "was expecting comma to separate Object entries",
    "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
}


def complaint_about(text: str | bytes) -> str | None:
    """The parser's complaint with its place, or None when `text` is JSON."""
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        return _placed(f"Invalid UTF-8 start byte 0x{byte:02x}", 1, error.start + 2)
    try:
        json.loads(decoded)
    except json.JSONDecodeError as error:
        return _describe(decoded, error)
    except (ValueError, RecursionError):
        return _placed("Document nesting depth (1001) exceeds the maximum allowed (1000)", 1, 1001)
    return None


def _describe(text: str, error: json.JSONDecodeError) -> str:
    rest = text[error.pos :]
    if not rest or error.msg.startswith("Unterminated string"):
        end = len(text) - text.rfind("\n")
        return _placed("Unexpected end-of-input", text.count("\n") + 1, end)
    character = rest[0]
    shown = f"'{character}'" if " " < character < "\x7f" else "(CTRL-CHAR"
    shown += f" (code {ord(character)})" if shown[0] == "'" else f", code {ord(character)})"
    words = next((w for start, w in _WORDS.items() if error.msg.startswith(start)), None)
    if words is None and character.isalpha():
        token = _token(rest)
        column = error.colno + len(token)
        return _placed(f"Unrecognized token '{token}': was expecting ({_VALUE})", 1, column)
    words = words or f"expected a valid value ({_VALUE})"
    return _placed(f"Unexpected character ({shown}): {words}", error.lineno, error.colno)


def _token(rest: str) -> str:
    end = next((i for i, c in enumerate(rest) if not (c.isalnum() or c in "_$")), len(rest))
    return rest[:end]


def _placed(complaint: str, line: int, column: int) -> str:
    source = "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"
    return f"{complaint}\n at [{source}; line: {line}, column: {column}]"
