"""What the invoker gets for each way in which an invocation can end."""

import json

import pytest

from localaws.lambda_.runtime.endings import judge
from localaws.lambda_.runtime.error_payloads import MAX_RESPONSE_BYTES, unsupported_runtime
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

ID = "11111111-2222-3333-4444-555555555555"
SEEN = f"RequestId: {ID} Error: "


@pytest.mark.parametrize(
    ("outcome", "error_type", "message", "status", "shown"),
    [
        (TimedOut(), "Sandbox.Timedout", "Task timed out after 1.00 seconds", "timeout", None),
        (
            Exited(0),
            "Runtime.ExitError",
            "Runtime exited without providing a reason",
            "error",
            "Runtime.ExitError",
        ),
        (
            Exited(127),
            "Runtime.ExitError",
            "Runtime exited with error: exit status 127",
            "error",
            "Runtime.ExitError",
        ),
        (
            Exited(-9),
            "Runtime.ExitError",
            "Runtime exited with error: signal: killed",
            "error",
            "Runtime.ExitError",
        ),
        (
            OutOfMemory(),
            "Runtime.OutOfMemory",
            "Runtime exited with error: signal: killed",
            "error",
            "Runtime.OutOfMemory",
        ),
    ],
)
def test_endings_that_the_handler_cannot_tell(
    outcome: Outcome, error_type: str, message: str, status: str, shown: str | None
) -> None:
    ending = judge(outcome, ID, 1)
    assert ending.payload.decode() == (
        f'{{"errorType":"{error_type}","errorMessage":"{SEEN}{message}"}}'
    )
    assert (ending.function_error, ending.status, ending.error_type) == (
        "Unhandled",
        status,
        shown,
    )


def test_a_handlers_exception_is_no_error_of_the_platform() -> None:
    ending = judge(Failed(b'{"errorMessage": "no"}'), ID, 3)
    assert ending.payload == b'{"errorMessage": "no"}'
    assert (ending.function_error, ending.status, ending.error_type) == (
        "Unhandled",
        "success",
        None,
    )


@pytest.mark.parametrize(
    ("error_type", "shown"),
    [("Runtime.ImportModuleError", "Runtime.ImportModuleError"), ("KeyError", "Runtime.Unknown")],
)
def test_the_log_knows_no_exception_classes_of_users(error_type: str, shown: str) -> None:
    assert judge(InitFailed(b"{}", error_type), ID, 3).error_type == shown


def test_a_response_may_be_six_megabytes_and_not_a_byte_more() -> None:
    fits = judge(Responded(b"x" * MAX_RESPONSE_BYTES), ID, 3)
    assert fits.function_error is None
    too_large = judge(Responded(b"x" * (MAX_RESPONSE_BYTES + 1)), ID, 3)
    assert too_large.function_error == "Unhandled"
    assert too_large.payload.decode() == (
        '{"errorMessage":"Response payload size exceeded maximum allowed payload size '
        '(6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}'
    )


def test_an_invocation_cannot_end_by_becoming_ready() -> None:
    with pytest.raises(AssertionError):
        judge(Ready(), ID, 3)


def test_other_runtimes_say_what_to_do() -> None:
    error = json.loads(unsupported_runtime(ID, "nodejs22.x"))
    assert error["errorType"] == "Runtime.InvalidEntrypoint"
    assert "nodejs22.x" in error["errorMessage"]
    assert "use a python3.x runtime" in error["errorMessage"]
