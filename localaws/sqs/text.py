"""Text from clients: which characters messages may hold, and JSON that may be none."""

import json
import re
from typing import Any

from localaws.sqs.errors import InvalidMessageContents, InvalidParameterValue

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALLOWED = "#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]"


def check_text(
    text: str,
    where: str,
    refusal: type[InvalidMessageContents | InvalidParameterValue] = InvalidMessageContents,
) -> None:
    """Refuse characters that XML 1.0 has no place for."""
    if text.isascii() and text.isprintable():
        return
    if found := _FORBIDDEN.search(text):
        raise refusal(
            f"Invalid binary character '#x{ord(found.group()):X}' was found in the {where}, "
            f"the set of allowed characters is {_ALLOWED}."
        )


def size_bytes(text: str) -> int:
    """Of the text in UTF-8; half of a surrogate pair, which has none, counts three bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def parse_json(text: str) -> Any | None:
    """The value, or None when the text is no JSON (or nested too deeply to be a policy)."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
