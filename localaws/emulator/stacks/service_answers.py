"""What a service of ministack's answered, as CloudFormation tells it."""

import contextlib
import json
import re
from xml.sax.saxutils import unescape

from localaws.cloudformation import as_told

# The code that a handler gives, and the service's message.
Mistake = tuple[str, str]

_TEXT = re.compile(rb"<(Code|Message)>(.*?)</", re.DOTALL)


def handler_error(mistake: Mistake) -> ValueError:
    """A service's refusal as a stack's events have it."""
    code, message = mistake
    return ValueError(as_told(message, code))


def refusal_in(body: bytes) -> Mistake | None:
    """Code and message of an answer that refuses; None where it is none."""
    with contextlib.suppress(ValueError, LookupError, TypeError):
        if body.startswith(b"{"):
            document = json.loads(body)
            return document["__type"].rpartition("#")[2], document["message"]
        texts = {name.decode(): unescape(text.decode()) for name, text in _TEXT.findall(body)}
        return texts["Code"], texts["Message"]
    return None
