"""What more is done with a change set when it has been made."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.stack_operation import Record


def when_created(
    handlers: ModuleType, change_sets: ModuleType, act: Callable[[Record, Record], None]
) -> None:
    """Let CreateChangeSet do this, too.

    Args:
        handlers: ministack's module that answers requests.
        change_sets: its module of change sets.
        act: takes the records of the change set and of its stack.
    """
    create: Callable[[Any], Any] = handlers._ACTION_HANDLERS["CreateChangeSet"]

    def created(params: Any) -> Any:
        answer = create(params)
        if answer[0] == 200:
            name, of = (handlers._p(params, one) for one in ("ChangeSetName", "StackName"))
            _, change_set = change_sets._find_change_set(name, of)
            act(change_set, handlers._resolve_stack(change_set["StackName"]))
        return answer

    handlers._ACTION_HANDLERS["CreateChangeSet"] = created
