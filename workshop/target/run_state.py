"""The files through which processes find the embedded AWS, its keeper, and its users.

`.workshop/embedded.json` (mode 0600: it holds the run's credentials) says how to reach it. It is
believed only while the keeper holds its lock and the endpoint answers with this token.
"""

import json
import os
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path

from workshop.target import locks
from workshop.target.clock import EmbeddedClock
from workshop.target.folders import PROJECT, embedded_folder

Info = dict[str, str]

# A folder in the place of `.workshop/`: an embedded AWS of its own for a command and its kernels.
FOLDER_VARIABLE = "WORKSHOP_EMBEDDED_FOLDER"
# Set where that one is all there is to be: who finds it gone starts none in its place, which would
# be of another time and with other ids.
NO_OTHER_VARIABLE = "WORKSHOP_EMBEDDED_NO_OTHER"

# The processes that it consists of, beside the connection details.
KEEPER_PID, ENDPOINT_PID = "keeper_pid", "endpoint_pid"

# A keeper waits for the one before it, then for its endpoint; both have limits within this one.
START_LIMIT_S = 100.0
_KEEPER_LIMIT_S = 30.0
_BUSY_LIMIT_S = START_LIMIT_S + 10.0
# Whoever looks for holders of a lock has it for a moment.
_LOOK_LIMIT_S = 30.0


class RunState:
    """The files in `.workshop/` through which processes find the embedded AWS."""

    def __init__(self, project: Path = PROJECT) -> None:
        elsewhere = os.environ.get(FOLDER_VARIABLE)
        self.folder = Path(elsewhere) if elsewhere else embedded_folder(project)
        self.info_file = self.folder / "embedded.json"
        self.log_file = self.folder / "embedded.log"
        self.users = self.folder / "users"
        self._keeper_lock = self.folder / "keeper.lock"
        self._looking_lock = self.folder / "looking.lock"

    def starting(self) -> locks.HeldLock:
        """Held while somebody looks for or starts the embedded AWS."""
        return locks.acquire(self.folder / "starting.lock", _BUSY_LIMIT_S)

    def keeping(self) -> locks.HeldLock:
        """Held by the keeper as long as it lives; the one before it may be on its way out."""
        return locks.acquire(self._keeper_lock, _KEEPER_LIMIT_S)

    def has_keeper(self) -> bool:
        """Whether a keeper lives."""
        with self._looking():
            return _is_held(self._keeper_lock)

    def write(self, info: Mapping[str, str], endpoint_pid: int | None = None) -> None:
        """Publish how to reach it, in one step and for this user's eyes only; the keeper does.

        Args:
            info: the connection details.
            endpoint_pid: the endpoint's process.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f"embedded.{uuid.uuid4().hex}.tmp"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({**info, KEEPER_PID: os.getpid(), ENDPOINT_PID: endpoint_pid}, file)
        draft.replace(self.info_file)

    def read(self) -> Info | None:
        """What the last keeper published, verified to be alive; None when there is none."""
        if not self.has_keeper():
            return None
        try:
            info: Info = json.loads(self.published())
            for process in (KEEPER_PID, ENDPOINT_PID):
                info.pop(process, None)
            clock = EmbeddedClock(info["clock_url"], info["aws_secret_access_key"])
        except (ValueError, KeyError):
            return None
        return info if clock.answers() else None

    def published(self) -> str:
        """What a keeper has published, as it stands in the file; "" where there is none."""
        try:
            return self.info_file.read_text(encoding="utf-8")
        except OSError:
            return ""

    def use(self) -> locks.HeldLock:
        """Become a user; the embedded AWS stays as long as the returned lock is held."""
        own = self.users / f"{os.getpid()}-{uuid.uuid4().hex}.lock"
        # Who looks forgets whom it finds without its lock, so nobody may look before it is held.
        with self._looking():
            return locks.acquire(own, _LOOK_LIMIT_S)

    def has_users(self, besides: int | None = None) -> bool:
        """Whether a process that connected still lives; forgets those that do not.

        Args:
            besides: a process that does not count.
        """
        with self._looking():
            return any(
                not path.name.startswith(f"{besides}-") and _is_held(path, remove=True)
                for path in list(self.users.glob("*.lock"))
            )

    def _looking(self) -> locks.HeldLock:
        """Held while locks are tried: two who try the same one would take each other for it."""
        return locks.acquire(self._looking_lock, _LOOK_LIMIT_S)


def _is_held(path: Path, *, remove: bool = False) -> bool:
    """Whether somebody holds a lock; can remove the file of one that nobody holds."""
    held = locks.try_acquire(path)
    if held is None:
        return True
    with held:
        # On Windows an open file cannot be removed; there it goes with its lock.
        if remove and sys.platform != "win32":
            path.unlink(missing_ok=True)
    return False
