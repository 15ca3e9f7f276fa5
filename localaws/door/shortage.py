"""What is said, and done, when this process has no descriptor left for another client."""

import asyncio
import errno
import sys
from typing import Any

from localaws.door.connections import ACCEPTED_AT_ONCE, Connections

_SHORT_OF = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Shortage:
    """An event loop's handler of exceptions: asyncio's own tells every client that has to wait.

    Args:
        connections: those that nobody misses are closed.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._is_told = False

    def handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Make room for those who wait, and say it once; all else is asyncio's."""
        error = context.get("exception")
        if "socket" not in context or getattr(error, "errno", None) not in _SHORT_OF:
            loop.default_exception_handler(context)
            return
        for _ in range(ACCEPTED_AT_ONCE):
            self._connections.make_room()
        if not self._is_told:
            self._is_told = True
            print(  # noqa: T201 - the endpoint's log
                f"No descriptor is left for another client ({error}): {len(self._connections)} are "
                "connected, and the others wait. Let this process have more (`ulimit -n`).",
                file=sys.stderr,
                flush=True,
            )
