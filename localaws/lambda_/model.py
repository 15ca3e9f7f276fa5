"""The nouns of Lambda that its mechanisms share."""

from dataclasses import dataclass, field
from pathlib import Path

LATEST = "$LATEST"


def default_log_group(function_name: str) -> str:
    """The log group of a function that was given none."""
    return f"/aws/lambda/{function_name}"


@dataclass(frozen=True)
class LoggingConfig:
    """Where and how a function logs. Levels are None for the Text format."""

    log_group: str
    log_format: str = "Text"
    application_log_level: str | None = None
    system_log_level: str | None = None


@dataclass(frozen=True)
class FunctionVersion:
    """Everything needed to run one version of a function; immutable.

    An update of the function makes a new instance with another `revision_id`, which is what tells
    execution environments of the old code from those of the new one.

    Attributes:
        arn: the function's ARN without qualifier.
        version: `$LATEST` or a number as text.
        code_dir: the unpacked deployment package (LAMBDA_TASK_ROOT).
        layer_dirs: unpacked layers, in order.
        environment: the function's own variables.
        dead_letter_target_arn: the function's DLQ (an SQS queue or SNS topic), if any.
    """

    function_name: str
    arn: str
    version: str
    runtime: str
    handler: str
    role_arn: str
    timeout_s: int
    memory_mb: int
    code_dir: Path
    revision_id: str
    logging: LoggingConfig
    environment: dict[str, str] = field(default_factory=dict)
    layer_dirs: tuple[Path, ...] = ()
    dead_letter_target_arn: str | None = None

    @property
    def qualified_arn(self) -> str:
        return f"{self.arn}:{self.version}"


@dataclass(frozen=True)
class InvocationRequest:
    """One attempt to run a function.

    Attributes:
        request_id: shared by all attempts of one asynchronous event, new for every synchronous one.
        invoked_arn: the ARN that the caller named, qualifier included where one was given.
        payload: the event as JSON text.
        trace_header: X-Ray trace header, if the caller sent one.
        client_context: base64-decoded client context as JSON text, if given.
    """

    request_id: str
    invoked_arn: str
    payload: bytes
    trace_header: str | None = None
    client_context: str | None = None


@dataclass(frozen=True)
class InvocationResult:
    """How an attempt ended.

    Attributes:
        payload: the response, or the error payload as JSON text.
        function_error: None, or "Unhandled" as AWS's header names every failure.
        executed_version: `$LATEST` or a number.
        started_at_s, ended_at_s: virtual seconds since the epoch.
        log_tail: the attempt's log lines as they were written, at most the last 4 KB.
    """

    payload: bytes
    function_error: str | None
    executed_version: str
    started_at_s: float
    ended_at_s: float
    log_tail: bytes = b""
