"""The log stream of one execution environment: what goes into CloudWatch Logs, in order."""

import uuid
from datetime import UTC, datetime

from localaws.lambda_.model import FunctionVersion, default_log_group
from localaws.lambda_.runtime.log_lines import PlatformLines, platform_lines
from localaws.lambda_.runtime.sandbox_paths import Translate
from localaws.lambda_.runtime.telemetry import TelemetryParser, Written
from localaws.logs import RoleLogs
from localaws.time.clock import Clock

TAIL_BYTES = 4096

# What one invocation may write, to bound the endpoint's memory: more than a batch of 10,000
# records needs, less than an endless loop makes. AWS has no such limit.
MAX_EVENTS = 50_000
MAX_BYTES = 16 * 1024 * 1024

_APPLICATION_LEVELS = {"TRACE": 1, "DEBUG": 2, "INFO": 3, "WARN": 4, "ERROR": 5, "FATAL": 6}


def new_stream_name(now_s: float, version: FunctionVersion) -> str:
    """The name of a new environment's stream; its last 32 characters are the environment's own.

    A log group that several functions may share has each function's name in its streams:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
    """
    day = datetime.fromtimestamp(now_s, UTC)
    own = version.logging.log_group == default_log_group(version.function_name)
    name = "" if own else version.function_name
    return f"{day:%Y/%m/%d}/{name}[{version.version}]{uuid.uuid4().hex}"


class EnvironmentLog:
    """Writes one stream: the platform's lines and the child's output.

    Every event carries the virtual time at which it was written. Times never run backwards
    within the stream, whatever the child's clock says.
    """

    def __init__(
        self,
        clock: Clock,
        sink: RoleLogs,
        version: FunctionVersion,
        name: str,
        translate: Translate,
        initialization_type: str,
    ) -> None:
        self.name = name
        self.lines: PlatformLines = platform_lines(version, initialization_type)
        self._clock = clock
        self._sink = sink
        self._group = version.logging.log_group
        self._role_arn = version.role_arn
        self._translate = translate
        self._threshold = _threshold(version)
        self._parser = TelemetryParser()
        self._pending: list[tuple[int, str]] = []
        self._last_ms = 0
        self.begin()

    def begin(self) -> None:
        """A new invocation starts: its tail is empty, its allowance is fresh."""
        self.tail = b""
        self._events = 0
        self._bytes = 0
        self._dropped_events = 0
        self._dropped_bytes = 0

    def platform(self, messages: list[str]) -> None:
        """Add the platform's own lines, stamped now."""
        for message in messages:
            self._add(self._clock.now_ms(), message.encode())

    def output(self, data: bytes) -> None:
        """Add what the child wrote, and hand everything over to CloudWatch Logs."""
        for written in self._parser.feed(data):
            self._child_wrote(written)
        self.flush()

    def end_output(self) -> None:
        """The child has said all there is for now: add its unfinished line, if any."""
        for written in self._parser.flush():
            self._child_wrote(written)
        if self._dropped_events:
            events, size = self._dropped_events, self._dropped_bytes
            self._dropped_events = self._dropped_bytes = 0
            self.platform(self.lines.dropped(self._clock.now_ms(), events, size))

    def flush(self) -> None:
        """Hand over what was added."""
        if self._pending:
            events, self._pending = self._pending, []
            self._sink.put(self._role_arn, self._group, self.name, events)

    def _child_wrote(self, written: Written) -> None:
        if 0 < written.level < self._threshold:
            return
        if self._events >= MAX_EVENTS or self._bytes + len(written.data) > MAX_BYTES:
            self._dropped_events += 1
            self._dropped_bytes += len(written.data)
            return
        self._events += 1
        self._bytes += len(written.data)
        now_ms = self._clock.now_ms()
        # Where time stands the child's clock is ahead by what it has worked in real time.
        stands = not self._clock.flows
        at_ms = now_ms if stands or written.at_us is None else written.at_us // 1000
        self._add(min(at_ms, now_ms), self._translate(written.data))

    def _add(self, at_ms: int, message: bytes) -> None:
        self._last_ms = max(self._last_ms, at_ms)
        self._pending.append((self._last_ms, message.decode("utf-8", "replace")))
        self.tail = (self.tail + message)[-TAIL_BYTES:]


def _threshold(version: FunctionVersion) -> int:
    """The lowest level of the logging library's records that is kept; Text format keeps all."""
    if version.logging.log_format != "JSON":
        return 0
    return _APPLICATION_LEVELS.get(version.logging.application_log_level or "INFO", 3)
