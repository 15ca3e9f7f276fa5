"""What the processes of a hub's people hold and have computed, read from Linux itself."""

import contextlib
import os
import re
import signal
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

# In this order: what a command line holds -> what the process is.
ROLES = (
    ("jupyterhub-singleuser", "JupyterLab's server"),
    ("ipykernel_launcher", "kernel"),
    ("workshop.keeping", "keeper"),
    ("runtime.child", "handler"),
    ("runtime/child", "handler"),
    ("localaws", "embedded AWS"),
)
OTHER = "other"
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass
class ProcessesUsed:
    """By all processes of one role.

    Attributes:
        number: how many there are.
        share_mb: their proportional share of memory (PSS): what all of them share counts once.
        resident_mb: what each has resident (RSS), added up.
        processor_s: what they, and those they have outlived, have computed.
    """

    number: int = 0
    share_mb: float = 0.0
    resident_mb: float = 0.0
    processor_s: float = 0.0


@dataclass
class UsedByPerson:
    """What one person's processes use; role -> how much."""

    roles: dict[str, ProcessesUsed] = field(default_factory=lambda: defaultdict(ProcessesUsed))

    @property
    def share_mb(self) -> float:
        """Of all of them."""
        return sum(used.share_mb for used in self.roles.values())

    @property
    def processor_s(self) -> float:
        """Of all of them."""
        return sum(used.processor_s for used in self.roles.values())


def used_by(uid: int) -> UsedByPerson:
    """Look at all processes of a user of the system."""
    found = UsedByPerson()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid != uid:
                continue
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            memory = (process / "smaps_rollup").read_text(encoding="ascii")
            times = (process / "stat").read_text().rpartition(")")[2].split()[11:15]
        except (OSError, ValueError):
            continue  # It ended meanwhile.
        used = found.roles[next((role for part, role in ROLES if part in command), OTHER)]
        used.number += 1
        used.share_mb += _kilobytes("Pss", memory) / 1000
        used.resident_mb += _kilobytes("Rss", memory) / 1000
        used.processor_s += sum(map(int, times)) / _TICKS_PER_S
    return found


def end_all(uid: int) -> None:
    """End what a user has left running: an embedded AWS waits two minutes for its user's return."""
    for _ in range(50):
        left = [one for one in Path("/proc").glob("[0-9]*") if _is_of(one, uid)]
        if not left:
            return
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGTERM)
        time.sleep(0.2)


def _is_of(process: Path, uid: int) -> bool:
    try:
        return process.stat().st_uid == uid
    except OSError:
        return False


def commands() -> str:
    """The command lines of all processes, as every user of the system can read them."""
    told = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (OSError, ValueError):
            continue
    return "\n".join(told)


def _kilobytes(what: str, memory: str) -> int:
    found = re.search(rf"^{what}:\s+(\d+) kB", memory, re.MULTILINE)
    return int(found[1]) if found else 0
