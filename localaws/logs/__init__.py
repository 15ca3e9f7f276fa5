"""Amazon CloudWatch Logs as a domain: groups, streams, events and what is asked of them.

`LogsService.operations()` is its API on plain dicts; `LogsService.put` is what other services use,
through `RoleLogs` where they write as a role.
"""

from localaws.logs.role_logs import RoleLogs
from localaws.logs.service import LogsService

__all__ = ["LogsService", "RoleLogs"]
