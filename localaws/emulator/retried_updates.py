"""UpdateStack goes on with what an operation without rollback has left.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

_LEFT = ("CREATE_FAILED", "UPDATE_FAILED")
# A state from which ministack begins an update; it takes none of the above.
_STANDS_FOR_IT = "UPDATE_COMPLETE"
_RETRIED = "_retried"


def retry_updates(handlers: ModuleType) -> None:
    """Let UpdateStack take a stack that failed and was not rolled back, also unchanged."""
    theirs, no_updates = handlers._ACTION_HANDLERS["UpdateStack"], handlers._stack_has_no_updates

    def update(params: Any) -> Any:
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        if not stack or stack["StackStatus"] not in _LEFT:
            return theirs(params)
        left = stack["StackStatus"]
        stack |= {"StackStatus": _STANDS_FOR_IT, _RETRIED: True}
        try:
            return theirs(params)
        finally:
            del stack[_RETRIED]
            if stack["StackStatus"] == _STANDS_FOR_IT:  # it was refused
                stack["StackStatus"] = left
            else:
                stack["StackStatusReason"] = ""

    def has_no_updates(stack: Any, *rest: Any) -> bool:
        return _RETRIED not in stack and no_updates(stack, *rest)

    handlers._ACTION_HANDLERS["UpdateStack"] = update
    replace(handlers, "_stack_has_no_updates", has_no_updates)
