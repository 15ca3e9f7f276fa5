"""A priority queue whose entries may go stale where they lie."""

import heapq
from collections.abc import Callable
from itertools import count
from typing import Generic, TypeVar

T = TypeVar("T")

_SMALLEST_COMPACTION = 64


class LazyHeap(Generic[T]):
    """Entries in order of their key, then of insertion.

    Taking an entry out of the middle of a heap is expensive; so entries stay until they reach the
    top or until most are stale, and `is_current(key, item)` tells which still count.
    """

    def __init__(self, is_current: Callable[[float, T], bool]) -> None:
        self._is_current = is_current
        self._serials = count()
        self._entries: list[tuple[float, int, T]] = []
        self._compact_at = _SMALLEST_COMPACTION

    def push(self, key: float, item: T) -> None:
        heapq.heappush(self._entries, (key, next(self._serials), item))
        if len(self._entries) > self._compact_at:
            self._entries = [e for e in self._entries if self._is_current(e[0], e[2])]
            heapq.heapify(self._entries)
            self._compact_at = max(_SMALLEST_COMPACTION, 2 * len(self._entries))

    def first(self) -> tuple[float, T] | None:
        """The current entry with the lowest key, left where it is; None when there is none."""
        entries = self._entries
        while entries:
            key, _, item = entries[0]
            if self._is_current(key, item):
                return key, item
            heapq.heappop(entries)
        return None

    def __len__(self) -> int:
        """How many entries are kept, stale ones included: a measure of memory."""
        return len(self._entries)
