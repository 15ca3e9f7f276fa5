"""The calls and the time of one target: what every other module is handed."""

from collections.abc import Callable
from typing import Any

from workshop.clock_client import Clock
from workshop.target import Target


class Session:
    """boto3 clients and the clock of one target.

    Args:
        target: where calls go.
        make_client: service name -> boto3 client.
        clock: the target's time.
    """

    def __init__(self, target: Target, make_client: Callable[[str], Any], clock: Clock) -> None:
        self.target = target
        self.clock = clock
        self._make_client = make_client
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """A boto3 client; the same one for the same service."""
        if service not in self._clients:
            self._clients[service] = self._make_client(service)
        return self._clients[service]
