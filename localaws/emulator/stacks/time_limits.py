"""How long a stack may take to be made: its TimeoutInMinutes, by the endpoint's clock.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html: then it
fails, and is rolled back unless it is asked not to be. Of what a stack waits for here, functions
and mappings take a while (and all, where the endpoint is asked to be as late as AWS).
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace

EXCEEDED = "Stack creation time exceeded the specified timeout. Rollback requested by user."
_ENDS = "_ends_s"


class TimeLimits:
    """Ends what takes too long, before its next resource and before its outputs.

    Args:
        stacks: ministack's module that makes stacks.
        records: its module that holds them.
        now_s: the endpoint's time.
    """

    def __init__(self, stacks: ModuleType, records: ModuleType, now_s: Callable[[], float]) -> None:
        self._stacks = stacks
        self._records = records
        self._now_s = now_s

    def hold(self) -> None:
        """Let ministack look at the time."""
        provision = self._stacks._provision_resource
        resolve = self._stacks._resolve_stack_outputs

        def provisioned(kind: str, logical_id: str, properties: Any, stack: str, *rest: Any) -> Any:
            self._check(stack)
            return provision(kind, logical_id, properties, stack, *rest)

        def resolved(*given: Any) -> Any:
            *_, stack, _stack_id = given
            self._check(stack)
            return resolve(*given)

        replace(self._stacks, "_provision_resource", provisioned)
        replace(self._stacks, "_resolve_stack_outputs", resolved)

    def begin(self, stack: dict[str, Any], minutes: float) -> None:
        """A stack's creation begins, and may take this long."""
        stack[_ENDS] = self._now_s() + minutes * 60

    def _check(self, name: str) -> None:
        stack = self._records._stacks.get(name, {})
        if stack.get("StackStatus") == "CREATE_IN_PROGRESS" and (
            self._now_s() > stack.get(_ENDS, float("inf"))
        ):
            raise ValueError(EXCEEDED)
