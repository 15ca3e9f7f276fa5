"""The calls and the time of one target: what every other module is handed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from workshop.errors import TargetError
from workshop.masking.known import abbreviated, alike
from workshop.target.clock import Clock
from workshop.target.folders import state_of
from workshop.target.lateness import PUNCTUAL, Lateness
from workshop.target.target import Target
from workshop.target.waits import Waits


class Session:
    """boto3 clients and the clock of one target.

    Args:
        target: where calls go.
        make_client: service name -> boto3 client.
        clock: the target's time.
        environment: environment variables with which another program reaches the same target.
        credentials: what the calls are signed with, as `access_key`, `secret_key` and `token`.
        expires_at: when these credentials end, None where that is not known or never.
        state: the folder in which this machine remembers things about the target; default this
            person's.
        hold: kept as long as the session is; keeps the embedded AWS running.
        lateness: how late the target shows what happened.
        waits: of this session; counts the requests that the clients of `make_client` send.

    Attributes:
        last_read: log group -> the events that were read last, and what was made of them.
    """

    def __init__(
        self,
        target: Target,
        make_client: Callable[[str], Any],
        clock: Clock,
        *,
        environment: Callable[[], dict[str, str]] = dict,
        credentials: Callable[[], Any] = lambda: None,
        expires_at: Callable[[], datetime | None] = lambda: None,
        state: Path | None = None,
        hold: object = None,
        lateness: Lateness = PUNCTUAL,
        waits: Waits | None = None,
    ) -> None:
        self.target = target
        self.clock = clock
        self.environment = environment
        self.credentials = credentials
        self.expires_at = expires_at
        self.state = state or state_of()
        self.lateness = lateness
        self.waits = Waits() if waits is None else waits
        self.last_read: dict[str, tuple[list[dict[str, Any]], Any]] = {}
        self._make_client = make_client
        self._clients: dict[str, Any] = {}
        self._hold = hold

    def client(self, service: str) -> Any:
        """A boto3 client; the same one for the same service."""
        if service not in self._clients:
            self._clients[service] = self._make_client(service)
        return self._clients[service]

    def logs_seen_until(self) -> datetime | None:
        """Until when everything that was logged can be seen; None where it is seen at once.

        To be asked before the log is read: what is logged meanwhile may be missing in it.
        """
        late_s = self.lateness.logs_s
        return self.clock.now() - timedelta(seconds=late_s) if late_s else None

    @property
    def region(self) -> str:
        """The Region that calls go to."""
        return str(self.client("sts").meta.region_name)

    def account(self) -> str:
        """The caller's account id, checked against the expected one.

        Raises:
            TargetError: the caller belongs to another account; nothing was changed.
        """
        found = str(self.client("sts").get_caller_identity()["Account"])
        expected = self.target.account
        if expected and found != expected:
            raise TargetError(
                f"The profile {self.target.profile!r} belongs to account {abbreviated(found)}, but "
                f"the target names account {abbreviated(expected)}{alike(found, expected)}. "
                "Nothing was changed.",
                "Choose the profile of the account you mean, or correct the account id.",
            )
        return found
