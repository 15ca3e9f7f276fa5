"""The platform's own log lines, in the Text and the JSON format: pure functions.

Facts of one moment go in, the messages of that moment's log events come out: none where AWS
writes nothing, or where the system log level leaves them out.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from localaws.lambda_.model import FunctionVersion, LoggingConfig
from localaws.lambda_.runtime_versions import runtime_version
from localaws.words.arns import region_of
from localaws.words.timestamps import iso_ms

Phase = Literal["init", "invoke"]
Status = Literal["success", "error", "timeout"]

# What the variable AWS_LAMBDA_INITIALIZATION_TYPE and JSON lines call an environment.
ON_DEMAND = "on-demand"
PROVISIONED = "provisioned-concurrency"

_LEVELS = {"DEBUG": 0, "INFO": 1, "WARN": 2}


@dataclass(frozen=True)
class InitReport:
    """How an init ended: `phase` is where it took place, "invoke" after an environment's crash."""

    phase: Phase
    duration_s: float
    status: Status = "success"
    error_type: str | None = None


@dataclass(frozen=True)
class InvocationReport:
    """How an invocation ended, for END and REPORT.

    Attributes:
        init_s: duration of the init phase before it; None on a warm start or re-init.
        status: "error" means the platform's errors only; a handler's exception is "success".
        produced_bytes: size of the response, 0 for every failure.
    """

    request_id: str
    duration_s: float
    memory_mb: int
    max_memory_mb: int
    init_s: float | None = None
    status: Status = "success"
    error_type: str | None = None
    responded: bool = field(default=True)
    produced_bytes: int = 0

    @property
    def billed_ms(self) -> int:
        """Duration and init, rounded up to the millisecond (1 ms at least)."""
        billed_s = self.duration_s + (self.init_s or 0.0)
        return max(1, math.ceil(round(billed_s * 1000, 3)))


class PlatformLines(Protocol):
    """A log format. Times are virtual epoch milliseconds."""

    def init_start(self, at_ms: int, phase: Phase, log_stream: str) -> list[str]: ...

    def init_end(self, at_ms: int, report: InitReport) -> list[str]: ...

    def start(self, at_ms: int, request_id: str, invoked_arn: str) -> list[str]: ...

    def end(self, at_ms: int, report: InvocationReport) -> list[str]: ...

    def dropped(self, at_ms: int, records: int, size: int) -> list[str]: ...


def platform_lines(version: FunctionVersion, initialization_type: str) -> PlatformLines:
    """The lines in the format that the function's logging configuration names."""
    if version.logging.log_format == "JSON":
        return JsonLines(version, initialization_type)
    return TextLines(version)


class TextLines:
    """`START RequestId: ...` and its like."""

    def __init__(self, version: FunctionVersion) -> None:
        self._version = version

    def init_start(self, at_ms: int, phase: Phase, log_stream: str) -> list[str]:
        if phase == "invoke":
            return []
        name, arn = _runtime_version(self._version)
        return [f"INIT_START Runtime Version: {name}\tRuntime Version ARN: {arn}\n"]

    def init_end(self, at_ms: int, report: InitReport) -> list[str]:
        if report.status == "success":
            return []
        return [
            f"INIT_REPORT Init Duration: {report.duration_s * 1000:.2f} ms\tPhase: {report.phase}"
            f"{_ending(report.status, report.error_type)}\n"
        ]

    def start(self, at_ms: int, request_id: str, invoked_arn: str) -> list[str]:
        return [f"START RequestId: {request_id} Version: {self._version.version}\n"]

    def end(self, at_ms: int, report: InvocationReport) -> list[str]:
        parts = [
            f"REPORT RequestId: {report.request_id}",
            f"Duration: {report.duration_s * 1000:.2f} ms",
            f"Billed Duration: {report.billed_ms} ms",
            f"Memory Size: {report.memory_mb} MB",
            f"Max Memory Used: {report.max_memory_mb} MB",
        ]
        if report.init_s is not None:
            parts.append(f"Init Duration: {report.init_s * 1000:.2f} ms")
        ending = "\t" if report.status == "success" else _ending(report.status, report.error_type)
        return [f"END RequestId: {report.request_id}\n", "\t".join(parts) + ending + "\n"]

    def dropped(self, at_ms: int, records: int, size: int) -> list[str]:
        return [
            f"[WARNING] The embedded AWS dropped {records} log events ({size} bytes) of this "
            "invocation: it wrote more than is kept.\n"
        ]


def _ending(status: Status, error_type: str | None) -> str:
    return f"\tStatus: {status}" + (f"\tError Type: {error_type}" if error_type else "")


class JsonLines:
    """`{"time":...,"type":"platform.start",...}` and its like, as far as the level allows."""

    def __init__(self, version: FunctionVersion, initialization_type: str = ON_DEMAND) -> None:
        self._version = version
        self._initialization_type = initialization_type
        self._threshold = _LEVELS[_system_level(version.logging)]

    def init_start(self, at_ms: int, phase: Phase, log_stream: str) -> list[str]:
        name, arn = _runtime_version(self._version)
        record = {
            **self._phase(phase),
            "runtimeVersion": name,
            "runtimeVersionArn": arn,
            "functionName": self._version.function_name,
            "functionVersion": self._version.version,
            "instanceId": log_stream,
            "instanceMaxMemory": self._version.memory_mb * 1024 * 1024,
        }
        return self._event(at_ms, "initStart", record, "INFO")

    def init_end(self, at_ms: int, report: InitReport) -> list[str]:
        level = "DEBUG" if report.status == "success" else "WARN"
        outcome = {**self._phase(report.phase), **_status(report.status, report.error_type)}
        metrics = {"metrics": {"durationMs": _ms(report.duration_s)}}
        return [
            *self._event(at_ms, "initRuntimeDone", outcome, level),
            *self._event(at_ms, "initReport", {**outcome, **metrics}, level),
        ]

    def start(self, at_ms: int, request_id: str, invoked_arn: str) -> list[str]:
        record = {
            "requestId": request_id,
            "functionArn": invoked_arn,
            "version": self._version.version,
        }
        return self._event(at_ms, "start", record, "INFO")

    def end(self, at_ms: int, report: InvocationReport) -> list[str]:
        succeeded = report.status == "success"
        return [
            *self._event(at_ms, "runtimeDone", _done(at_ms, report), _level("DEBUG", succeeded)),
            *self._event(at_ms, "report", _report(report), _level("INFO", succeeded)),
        ]

    def dropped(self, at_ms: int, records: int, size: int) -> list[str]:
        record = {
            "reason": "This invocation wrote more than the embedded AWS keeps.",
            "droppedRecords": records,
            "droppedBytes": size,
        }
        return self._event(at_ms, "logsDropped", record, "WARN")

    def _phase(self, phase: Phase) -> dict[str, Any]:
        return {"initializationType": self._initialization_type, "phase": phase}

    def _event(self, at_ms: int, kind: str, record: dict[str, Any], level: str) -> list[str]:
        if _LEVELS[level] < self._threshold:
            return []
        event = {"time": iso_ms(at_ms / 1000), "type": f"platform.{kind}", "record": record}
        return [json.dumps(event, separators=(",", ":")) + "\n"]


def _done(at_ms: int, report: InvocationReport) -> dict[str, Any]:
    """`platform.runtimeDone`; spans only where a response was given.

    What follows the handler takes no virtual time.
    """
    duration_ms = _ms(report.duration_s)
    record = {"requestId": report.request_id, **_status(report.status, report.error_type)}
    if report.responded:
        end = iso_ms(at_ms / 1000)
        start = iso_ms((at_ms - int(report.duration_s * 1000)) / 1000)
        record["spans"] = [
            {"name": "responseLatency", "start": start, "durationMs": duration_ms},
            {"name": "responseDuration", "start": end, "durationMs": 0.0},
            {"name": "runtimeOverhead", "start": end, "durationMs": 0.0},
        ]
    record["metrics"] = {"durationMs": duration_ms, "producedBytes": report.produced_bytes}
    return record


def _report(report: InvocationReport) -> dict[str, Any]:
    metrics: dict[str, Any] = {
        "durationMs": _ms(report.duration_s),
        "billedDurationMs": report.billed_ms,
        "memorySizeMB": report.memory_mb,
        "maxMemoryUsedMB": report.max_memory_mb,
    }
    if report.init_s is not None:
        metrics["initDurationMs"] = _ms(report.init_s)
    status = _status(report.status, report.error_type)
    return {"requestId": report.request_id, "metrics": metrics, **status}


def _runtime_version(version: FunctionVersion) -> tuple[str, str]:
    return runtime_version(version.runtime, region_of(version.arn))


def _status(status: Status, error_type: str | None) -> dict[str, Any]:
    return {"status": status, **({"errorType": error_type} if error_type else {})}


def _level(normally: str, succeeded: bool) -> str:
    return normally if succeeded else "WARN"


def _system_level(logging: LoggingConfig) -> str:
    level = logging.system_log_level or "INFO"
    return level if level in _LEVELS else "INFO"


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
