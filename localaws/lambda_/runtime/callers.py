"""Handlers that call Lambda themselves, and wait for the answer."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

AwaitAnswer = Callable[[], AbstractContextManager[None]]


class Callers:
    """Which child process a request to the endpoint comes from, by the key that signed it."""

    def __init__(self) -> None:
        self._children: dict[str, AwaitAnswer] = {}

    def add(self, access_key_id: str, await_answer: AwaitAnswer) -> None:
        """A child got this key; `await_answer` counts it as waiting."""
        self._children[access_key_id] = await_answer

    def remove(self, access_key_id: str) -> None:
        """The child is gone."""
        self._children.pop(access_key_id, None)

    @contextmanager
    def awaiting(self, access_key_id: str) -> Iterator[None]:
        """Whoever has the key waits for an answer; if that is a child, it works no more."""
        await_answer = self._children.get(access_key_id)
        if await_answer is None:
            yield
            return
        with await_answer():
            yield


def thread_count(pid: int) -> int:
    """How many threads a process has; 0 where it cannot be told (anywhere but on Linux)."""
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        return 0
