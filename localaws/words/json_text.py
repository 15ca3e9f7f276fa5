"""JSON as AWS's services write it for each other: without blanks, in UTF-8."""

import json
import re
from typing import Any

# Half of a character beyond the first 65,536: JSON can name it (`\ud800`), UTF-8 cannot hold it.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def compact(document: Any, **options: Any) -> str:
    """A document's JSON text; what UTF-8 cannot hold stays escaped.

    Args:
        options: those of `json.dumps`, in the place of what AWS does.
    """
    habits: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
    text = json.dumps(document, **habits | options)
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def strict(text: str | bytes) -> Any:
    """The document that a JSON text is.

    Raises:
        ValueError: it is none. Python's own reader takes NaN and Infinity for numbers.
    """
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
