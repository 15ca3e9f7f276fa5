"""How AWS says that something is not there, or not any more."""

import re
from typing import Any

# NonExistentQueue, ResourceNotFoundException, NoSuchEntity, QueueDoesNotExist ...
_GONE = re.compile(r"NonExistent|NotFound|NoSuch|DoesNotExist")


def is_gone(error: Any) -> bool:
    """Whether an error is AWS's answer that something is not there."""
    if code_of(error) == "ValidationError":
        # CloudFormation's code of a stack that does not exist, and of much else.
        return "does not exist" in str(_told(error).get("Message", ""))
    return bool(_GONE.search(code_of(error)))


def code_of(error: Any) -> str:
    """The code of an error of AWS; empty of any other."""
    return str(_told(error).get("Code", ""))


def _told(error: Any) -> dict[str, Any]:
    response = getattr(error, "response", None) or {}
    return dict(response.get("Error", {}))
