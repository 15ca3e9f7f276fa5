"""Requests in JSON that name half a character (`"\\ud800"`), which no service can write in UTF-8.

AWS's services, which are written in Java, write a question mark in its place. ministack keeps it,
and from then on each answer that has it fails.
"""

import json
import re
from dataclasses import replace

from localaws.words.http import HttpRequest

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def without_halves(request: HttpRequest) -> HttpRequest:
    """The request with a question mark in the place of each half of a character."""
    is_json = "json" in request.headers.get("content-type", "")
    if not is_json or not _HALF.search(request.body):
        return request
    try:
        document = json.loads(request.body)
    except ValueError:  # which others tell
        return request
    text = json.dumps(document, ensure_ascii=False)
    return replace(request, body=text.encode("utf-8", "replace"))
