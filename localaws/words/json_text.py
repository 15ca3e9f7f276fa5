"""JSON as AWS's services write it for each other: without blanks, in UTF-8."""

import json
from typing import Any


def compact(document: Any, **options: Any) -> str:
    """A document's JSON text.

    Args:
        options: those of `json.dumps`, in the place of what AWS does.
    """
    habits: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
    return json.dumps(document, **habits | options)
