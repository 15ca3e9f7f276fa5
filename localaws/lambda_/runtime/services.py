"""What execution environments need of the rest of the embedded AWS, in one piece."""

from dataclasses import dataclass
from pathlib import Path

from ...activity import Activity
from ...clock import Clock
from ...identity import Identity
from ...ports import CredentialIssuer, LogSink
from ...scheduler import Scheduler
from .callers import Callers
from .runtime_api import RuntimeApi


@dataclass(frozen=True)
class Services:
    """Shared by all environments."""

    clock: Clock
    scheduler: Scheduler
    activity: Activity
    logs: LogSink
    credentials: CredentialIssuer
    identity: Identity
    base_url: str
    work_dir: Path
    runtime_api: RuntimeApi
    callers: Callers
