"""From what happened to a child to what the invoker and the log are told: pure functions."""

from dataclasses import dataclass

from localaws.lambda_.runtime import error_payloads
from localaws.lambda_.runtime.log_lines import InitReport, Phase, Status
from localaws.lambda_.runtime.outcomes import (
    Exited,
    Failed,
    InitFailed,
    Outcome,
    OutOfMemory,
    Ready,
    Responded,
    TimedOut,
)

UNHANDLED = "Unhandled"


@dataclass(frozen=True)
class InvocationEnding:
    """How an invocation ended.

    Attributes:
        function_error: None, or `Unhandled` for every failure.
        status, error_type: as REPORT has them. A handler's exception is a "success" there.
    """

    payload: bytes
    function_error: str | None = UNHANDLED
    status: Status = "success"
    error_type: str | None = None


def judge(outcome: Outcome, request_id: str, timeout_s: float) -> InvocationEnding:
    """The ending of an invocation after which `outcome` came."""
    match outcome:
        case Responded(body):
            return _response(body)
        case Failed(body):
            return InvocationEnding(_bounded(body))
        case InitFailed(body, error_type):
            shown = error_payloads.init_error_type(error_type)
            return InvocationEnding(_bounded(body), status="error", error_type=shown)
        case TimedOut():
            return InvocationEnding(
                error_payloads.timed_out(request_id, timeout_s), status="timeout"
            )
        case OutOfMemory():
            payload = error_payloads.out_of_memory(request_id)
            return InvocationEnding(
                payload, status="error", error_type=error_payloads.OUT_OF_MEMORY
            )
        case Exited(returncode):
            payload = error_payloads.exited(request_id, returncode)
            return InvocationEnding(payload, status="error", error_type=error_payloads.EXIT_ERROR)
    raise AssertionError(f"an invocation cannot end with {outcome}")


def init_report(outcome: Outcome, phase: Phase, duration_s: float) -> InitReport:
    """How the log describes an init that ended with `outcome`."""
    match outcome:
        case Ready():
            return InitReport(phase, duration_s)
        case TimedOut():
            return InitReport(phase, duration_s, "timeout")
        case OutOfMemory():
            return InitReport(phase, duration_s, "error", error_payloads.OUT_OF_MEMORY)
        case InitFailed(_, error_type):
            shown = error_payloads.init_error_type(error_type)
            return InitReport(phase, duration_s, "error", shown)
    return InitReport(phase, duration_s, "error", error_payloads.EXIT_ERROR)


def _response(body: bytes) -> InvocationEnding:
    if len(body) > error_payloads.MAX_RESPONSE_BYTES:
        return InvocationEnding(error_payloads.response_too_large())
    return InvocationEnding(body, function_error=None)


def _bounded(error: bytes) -> bytes:
    if len(error) > error_payloads.MAX_RESPONSE_BYTES:
        return error_payloads.response_too_large()
    return error
