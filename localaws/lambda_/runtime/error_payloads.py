"""What Lambda answers where the runtime client has said nothing: pure functions.

Every payload is the JSON text that an invocation returns with the header
`X-Amz-Function-Error: Unhandled`. Handler exceptions come from awslambdaric as they are.
"""

import json
import signal

MAX_RESPONSE_BYTES = 6_291_556

TIMED_OUT = "Sandbox.Timedout"
EXIT_ERROR = "Runtime.ExitError"
OUT_OF_MEMORY = "Runtime.OutOfMemory"
INVALID_ENTRYPOINT = "Runtime.InvalidEntrypoint"
UNKNOWN = "Runtime.Unknown"

# The names that Go prints, in which Lambda's supervisor is written.
_SIGNALS = {
    "SIGABRT": "aborted",
    "SIGBUS": "bus error",
    "SIGFPE": "floating point exception",
    "SIGHUP": "hangup",
    "SIGILL": "illegal instruction",
    "SIGINT": "interrupt",
    "SIGKILL": "killed",
    "SIGPIPE": "broken pipe",
    "SIGSEGV": "segmentation fault",
    "SIGTERM": "terminated",
    "SIGTRAP": "trace/breakpoint trap",
}


def timed_out(request_id: str, timeout_s: float) -> bytes:
    """The handler did not answer within the function's timeout."""
    return _error(
        TIMED_OUT, f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f} seconds"
    )


def exited(request_id: str, returncode: int) -> bytes:
    """The process ended by itself; a negative code is the number of the signal that ended it."""
    return _error(EXIT_ERROR, f"RequestId: {request_id} Error: {_exit_reason(returncode)}")


def out_of_memory(request_id: str) -> bytes:
    """The process used more than the function's memory."""
    reason = "Runtime exited with error: signal: killed"
    return _error(OUT_OF_MEMORY, f"RequestId: {request_id} Error: {reason}")


def unsupported_runtime(request_id: str, runtime: str) -> bytes:
    """Ours, not AWS's: only Python functions run in the embedded AWS."""
    return _error(
        INVALID_ENTRYPOINT,
        f"RequestId: {request_id} Error: the runtime {runtime} cannot run in the embedded AWS; "
        "use a python3.x runtime, or deploy to a real account",
    )


def response_too_large() -> bytes:
    """The handler returned more than 6 MB."""
    message = (
        f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
    )
    return json.dumps(
        {"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"},
        separators=(",", ":"),
    ).encode()


def init_error_type(error_type: str) -> str:
    """How log lines name an error of the init phase: exception classes of users are unknown."""
    return error_type if error_type.startswith("Runtime.") else UNKNOWN


def _exit_reason(returncode: int) -> str:
    if returncode == 0:
        return "Runtime exited without providing a reason"
    if returncode > 0:
        return f"Runtime exited with error: exit status {returncode}"
    return f"Runtime exited with error: signal: {_signal_name(-returncode)}"


def _signal_name(number: int) -> str:
    try:
        return _SIGNALS.get(signal.Signals(number).name, f"signal {number}")
    except ValueError:
        return f"signal {number}"


def _error(error_type: str, message: str) -> bytes:
    return json.dumps(
        {"errorType": error_type, "errorMessage": message}, separators=(",", ":")
    ).encode()
