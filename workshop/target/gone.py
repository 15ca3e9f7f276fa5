"""How AWS says that something is not there, or not any more."""

import re
from typing import Any

# NonExistentQueue, ResourceNotFoundException, NoSuchEntity, QueueDoesNotExist ...
_GONE = re.compile(r"NonExistent|NotFound|NoSuch|DoesNotExist")


def is_gone(error: Any) -> bool:
    """Whether an error is AWS's answer that something is not there."""
    return bool(_GONE.search(code_of(error)))


def code_of(error: Any) -> str:
    """The code of an error of AWS; empty of any other."""
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
