"""What execution environments need of the rest of the embedded AWS, in one piece."""

from dataclasses import dataclass
from pathlib import Path

from localaws.activity import Activity
from localaws.clock import Clock
from localaws.identity import Identity
from localaws.lambda_.runtime.callers import Callers
from localaws.lambda_.runtime.runtime_api import RuntimeApi
from localaws.ports import CredentialIssuer, LogSink
from localaws.scheduler import Scheduler


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
