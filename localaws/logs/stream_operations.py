"""CloudWatch Logs' operations on log streams: create, delete, list."""

from typing import Any

from localaws.logs import tokens
from localaws.logs.errors import InvalidParameterException
from localaws.logs.registry import LogGroups
from localaws.logs.stream import LogStream
from localaws.words.http import Caller

Params = dict[str, Any]


class StreamOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, groups: LogGroups) -> None:
        self._groups = groups

    def create_log_stream(self, params: Params, _caller: Caller) -> None:
        group = self._groups.named(params["logGroupName"])
        self._groups.create_stream(group, params["logStreamName"])

    def delete_log_stream(self, params: Params, _caller: Caller) -> None:
        group = self._groups.named(params["logGroupName"])
        del group.streams[self._groups.stream(group, params["logStreamName"]).name]

    def describe_log_streams(self, params: Params, _caller: Caller) -> Params:
        group = self._groups.requested(params)
        prefix = params.get("logStreamNamePrefix") or ""
        by_time = params.get("orderBy") == "LastEventTime"
        if prefix and by_time:
            raise InvalidParameterException(
                "Cannot order by LastEventTime with a logStreamNamePrefix."
            )
        streams, token = tokens.page(
            "streams-by-time" if by_time else "streams",
            (stream for stream in group.streams.values() if stream.name.startswith(prefix)),
            _by_last_event if by_time else lambda stream: (stream.name,),
            token=params.get("nextToken"),
            limit=params.get("limit"),
            descending=bool(params.get("descending")),
        )
        described = [dict(group.described_stream(stream)) for stream in streams]
        return {"logStreams": described, "nextToken": token}


def _by_last_event(stream: LogStream) -> tuple[int, str]:
    return (stream.times_ms[-1] if len(stream) else 0), stream.name
