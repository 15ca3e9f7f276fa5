"""Operations on one stack: one after the other, and a deletion takes over from a creation.

ministack begins each at once, beside what is going on: a stack that is deleted while it is made is
gone first, then goes on being made. On AWS DeleteStack ends a creation or its rollback, and is
refused while an update goes on. Time stands while one goes on, but for what it itself waits for.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
https://github.com/aws/aws-toolkit-azure-devops/issues/317
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.stacks.stack_operation import BY_USER, CANCELLED, STACK
from localaws.time.activity import Activity

# Of a stack's record: CancelUpdateStack's mark, and ours.
_ASKED, _IS_CANCELLED = "_cancel_requested", "_is_cancelled"
_DELETING = "DELETE_IN_PROGRESS"
# A deletion ends these; while others go on, there is none.
_ENDED_BY_DELETION = frozenset({"CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"})

_Work = Coroutine[Any, Any, Any]


class StackOperations:
    """Knows which operation goes on at which stack.

    Args:
        stacks: ministack's module that makes, changes and deletes stacks.
        handlers: its module that answers requests.
        records: its module that holds stacks.
        activity: what is running.
    """

    def __init__(
        self, stacks: ModuleType, handlers: ModuleType, records: ModuleType, activity: Activity
    ) -> None:
        self._stacks = stacks
        self._handlers = handlers
        self._records = records
        self._activity = activity
        # By stack id; what a later operation took over is no longer in it.
        self._current: dict[str, object] = {}
        self._ended: dict[str, asyncio.Event] = {}
        # The stack id and the operation that something is done for.
        self._doing: ContextVar[tuple[str, object] | None] = ContextVar("operation", default=None)

    def take_over(self, starters: Iterable[ModuleType]) -> None:
        """Let these modules of ministack's start their operations here."""
        for module in starters:
            replace(module, "_create_stack_task_in_region", self._start)
        stacks, delete = self._stacks, self._handlers._ACTION_HANDLERS["DeleteStack"]
        replace(stacks, "_add_event", self._telling(stacks._add_event))
        replace(stacks, "_roll_back_operation", self._unless_over(stacks._roll_back_operation))
        replace(stacks, "_provision_resource", self._before(stacks._provision_resource))
        replace(stacks, "_resolve_stack_outputs", self._last(stacks._resolve_stack_outputs))
        self._handlers._ACTION_HANDLERS["DeleteStack"] = self._deleting(delete)

    def _is_over(self) -> bool:
        """Whether what is being done is for an operation that a deletion has taken over."""
        doing = self._doing.get()
        return doing is not None and self._current.get(doing[0]) is not doing[1]

    def _start(self, work: _Work, stack: dict[str, Any], stack_id: str) -> None:
        before, operation = self._ended.get(stack_id), object()
        ended = self._ended[stack_id] = asyncio.Event()
        self._current[stack_id] = operation
        with self._stacks._stack_region_context(stack, stack_id):
            self._activity.spawn(self._run(work, before, ended, (stack_id, operation)))

    async def _run(
        self,
        work: _Work,
        before: asyncio.Event | None,
        ended: asyncio.Event,
        doing: tuple[str, object],
    ) -> None:
        self._doing.set(doing)
        try:
            if before is not None:
                with self._activity.paused():
                    await before.wait()
            if self._is_over():
                work.close()
            else:
                await work
        finally:
            ended.set()
            if self._ended.get(doing[0]) is ended:
                del self._ended[doing[0]], self._current[doing[0]]

    def _deleting(self, theirs: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def delete(params: Any) -> Any:
            stack = self._handlers._resolve_stack(self._handlers._p(params, "StackName"))
            status = stack["StackStatus"] if stack else ""
            if status == _DELETING:
                return self._handlers._xml(200, "DeleteStackResponse", "")
            if status.endswith("IN_PROGRESS") and status not in _ENDED_BY_DELETION:
                problem = f"Stack [{stack['StackId']}] cannot be deleted while in status {status}"
                return self._handlers._error("ValidationError", problem)
            answer = theirs(params)
            if answer[0] == 200 and stack and not status.startswith("DELETE_COMPLETE"):
                # What goes on writes to the record that it began with.
                taken_over = stack | {"StackStatus": _DELETING, "StackStatusReason": ""}
                self._records._stacks[stack["StackName"]] = taken_over
            return answer

        return delete

    def _before(self, theirs: Callable[..., Any]) -> Callable[..., Any]:
        def provision(*given: Any) -> Any:
            if self._is_over():
                raise ValueError(CANCELLED)
            return theirs(*given)

        return provision

    def _last(self, theirs: Callable[..., Any]) -> Callable[..., Any]:
        """ministack looks for CancelUpdateStack before each resource, not after the last one."""

        def resolve(*given: Any) -> Any:
            *_, name, _stack_id = given
            stack = self._records._stacks.get(name, {})
            if stack.get("StackStatus") == "UPDATE_IN_PROGRESS" and stack.pop(_ASKED, False):
                stack[_IS_CANCELLED] = True
                raise ValueError(BY_USER)
            return theirs(*given)

        return resolve

    def _unless_over(self, theirs: Callable[..., _Work]) -> Callable[..., _Work]:
        async def roll_back(
            name: str, stack_id: str, stack: dict[str, Any], operation: Any, *rest: Any
        ) -> None:
            if not self._is_over():
                is_cancelled = stack.pop(_IS_CANCELLED, False) or operation.get("cancelled", False)
                cancelled = {"cancelled": is_cancelled}
                await theirs(name, stack_id, stack, operation | cancelled, *rest)

        return roll_back

    def _telling(self, theirs: Callable[..., None]) -> Callable[..., None]:
        def add(*given: Any, **named: Any) -> None:
            _stack_id, name, logical_id, kind, status, *rest = given
            is_of_stack = kind == STACK and logical_id == name
            # What is cancelled has not failed: it is rolled back.
            is_cancelled = status == "UPDATE_FAILED" and rest[:1] == [BY_USER]
            if not (is_of_stack and (is_cancelled or self._is_over())):
                theirs(*given, **named)

        return add
