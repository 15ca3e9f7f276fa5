"""Logs that a service writes as a role: Lambda's of functions, SNS's of deliveries."""

from collections.abc import Sequence

from localaws.words.identity import Identity
from localaws.words.ports import LogSink, Permissions


class RoleLogs:
    """Writes what a role may write, and drops the rest without a word, as on AWS.

    A role needs PutLogEvents, CreateLogStream for a new stream, and CreateLogGroup where there is
    no group: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """

    def __init__(self, logs: LogSink, permissions: Permissions, identity: Identity) -> None:
        self._logs = logs
        self._permissions = permissions
        self._identity = identity

    def put(
        self, role_arn: str, group: str, stream: str, events: Sequence[tuple[int, str]]
    ) -> None:
        """Append `(epoch ms, message)` events, if the role may."""
        # As callers of the API are judged: `localaws.authorization.log_groups`.
        arn = self._identity.arn("logs", f"log-group:{group}:log-stream:")
        needed = [(action, arn) for action in self._logs.missing(group, stream)]
        needed.append(("PutLogEvents", arn + stream))
        if all(self._permissions.role_allows(role_arn, f"logs:{a}", on) for a, on in needed):
            self._logs.put(group, stream, events)
