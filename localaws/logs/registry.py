"""The account's log groups by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from localaws.logs.errors import (
    ResourceAlreadyExistsException,
    ValidationException,
    group_not_found,
    stream_not_found,
)
from localaws.logs.group import LogGroup
from localaws.logs.names import (
    check_group_name,
    check_stream_name,
    group_arn,
    group_name_of,
    requested_group_name,
)
from localaws.logs.stream import LogStream
from localaws.time.clock import Clock
from localaws.words.identity import Identity


class LogGroups:
    """Creates, finds and deletes groups and streams."""

    def __init__(self, clock: Clock, identity: Identity) -> None:
        self._clock = clock
        self._identity = identity
        self._by_name: dict[str, LogGroup] = {}

    def __iter__(self) -> Iterator[LogGroup]:
        """In order of their names."""
        return iter([self._by_name[name] for name in sorted(self._by_name)])

    def create(self, name: str, **settings: Any) -> LogGroup:
        """CreateLogGroup.

        Raises:
            InvalidParameterException, ResourceAlreadyExistsException
        """
        check_group_name(name)
        if name in self._by_name:
            raise ResourceAlreadyExistsException("The specified log group already exists")
        return self._add_group(name, **settings)

    def delete(self, name: str) -> None:
        """DeleteLogGroup, with all its streams."""
        group = self.named(name)
        if group.deletion_protected:
            raise ValidationException(
                "The log group cannot be deleted because deletion protection is enabled. "
                "Disable it with PutLogGroupDeletionProtection first."
            )
        del self._by_name[group.name]

    def named(self, name: str) -> LogGroup:
        """The group, without what its retention policy no longer keeps.

        Raises:
            ResourceNotFoundException
        """
        group = self._by_name.get(name)
        if group is None:
            raise group_not_found()
        group.forget_expired(self._clock.now_ms())
        return group

    def identified(self, identifier: str) -> LogGroup:
        """The group of a name or an ARN."""
        return self.named(group_name_of(self._identity, identifier))

    def requested(self, params: Mapping[str, Any]) -> LogGroup:
        """The group of a request with logGroupName or logGroupIdentifier."""
        return self.named(requested_group_name(self._identity, params))

    def create_stream(self, group: LogGroup, name: str) -> LogStream:
        """CreateLogStream."""
        check_stream_name(name)
        if name in group.streams:
            raise ResourceAlreadyExistsException("The specified log stream already exists")
        return self._add_stream(group, name)

    def stream(self, group: LogGroup, name: str) -> LogStream:
        """The group's stream.

        Raises:
            ResourceNotFoundException
        """
        stream = group.streams.get(name)
        if stream is None:
            raise stream_not_found()
        return stream

    def made(self, group_name: str, stream_name: str) -> tuple[LogGroup, LogStream]:
        """Group and stream for a service that writes its own logs; made if missing."""
        group = self._by_name.get(group_name)
        if group is None:
            group = self._add_group(group_name)
        stream = group.streams.get(stream_name)
        if stream is None:
            stream = self._add_stream(group, stream_name)
        return group, stream

    def missing(self, group_name: str, stream_name: str) -> list[str]:
        """The operations that `made` would do the work of."""
        group = self._by_name.get(group_name)
        if group is None:
            return ["CreateLogGroup", "CreateLogStream"]
        return [] if stream_name in group.streams else ["CreateLogStream"]

    def _add_group(self, name: str, **settings: Any) -> LogGroup:
        group = LogGroup(name, group_arn(self._identity, name), self._clock.now_ms(), **settings)
        self._by_name[name] = group
        return group

    def _add_stream(self, group: LogGroup, name: str) -> LogStream:
        stream = LogStream(group.name, name, self._clock.now_ms())
        group.streams[name] = stream
        return stream
