"""What execution environments need of the rest of the embedded AWS, in one piece."""

from dataclasses import dataclass
from pathlib import Path

from localaws.lambda_.runtime.callers import Callers
from localaws.lambda_.runtime.interpreters import Interpreters
from localaws.lambda_.runtime.runtime_api import RuntimeApi
from localaws.logs import RoleLogs
from localaws.time.time import Time
from localaws.words.identity import Identity
from localaws.words.ports import CredentialIssuer


@dataclass(frozen=True)
class RuntimePorts:
    """Shared by all environments."""

    time: Time
    logs: RoleLogs
    credentials: CredentialIssuer
    identity: Identity
    base_url: str
    work_dir: Path
    runtime_api: RuntimeApi
    callers: Callers
    interpreters: Interpreters
    is_repeatable: bool = False
