"""What a synchronous invocation answers when the function fails."""

import io
import sys
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.scenarios.account import Account, package_of


def failing(account: Account, code: str, **settings: Any) -> Any:
    """The answer of a function with this code."""
    function = account.function(Code={"ZipFile": package_of(code)}, **settings)
    return account.invoke(function)


def misbehaving(account: Account, do: str, timeout_s: int = 5, **event: Any) -> Any:
    """The answer of a function that is told to end in this way."""
    function = account.function("misbehave", Timeout=timeout_s)
    return account.invoke(function, {"do": do} | event)


def request_id_of(answer: Any) -> str:
    request_id: str = answer["ResponseMetadata"]["RequestId"]
    return request_id


def test_an_exception_is_answered_with_its_traceback(account: Account) -> None:
    """E1, E2."""
    answer = misbehaving(account, "fail", message="Handler fails")
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert answer["ExecutedVersion"] == "$LATEST"
    trace = answer["Payload"].pop("stackTrace")
    assert answer["Payload"] == {
        "errorMessage": "Handler fails",
        "errorType": "RuntimeError",
        "requestId": request_id_of(answer),
    }
    # One text per frame of the handler's own, none of the runtime's
    assert all(frame.startswith('  File "/var/task/orders.py", line ') for frame in trace)
    assert trace[-1].endswith('raise RuntimeError(event.get("message", "some error occurred"))\n')


def test_an_exception_at_import(account: Account) -> None:
    """E3."""
    answer = failing(account, "raise Exception('not today')\n")
    payload = answer["Payload"]
    assert answer["FunctionError"] == "Unhandled"
    assert (payload["errorMessage"], payload["errorType"]) == ("not today", "Exception")
    assert payload["requestId"] == ""
    assert "importlib" in payload["stackTrace"][0]


@pytest.mark.parametrize(
    ("code", "handler", "error_type", "message"),
    [
        (
            "import no_such_module\n", "orders.handler", "Runtime.ImportModuleError",
            "Unable to import module 'orders': No module named 'no_such_module'",
        ),
        (
            "x = 1\n", "orders.missing", "Runtime.HandlerNotFound",
            "Handler 'missing' missing on module 'orders'",
        ),
        (
            "def handler(event, context):\n    return (\n", "orders.handler",
            "Runtime.UserCodeSyntaxError",
            "Syntax error in module 'orders': '(' was never closed (orders.py, line 2)",
        ),
        (
            "x = 1\n", "nodot", "Runtime.MalformedHandlerName",
            "Bad handler 'nodot': not enough values to unpack (expected 2, got 1)",
        ),
    ],
    ids=["import", "handler", "syntax", "name"],
)  # fmt: skip
def test_code_that_cannot_be_started(
    account: Account, code: str, handler: str, error_type: str, message: str
) -> None:
    """E4, J64."""
    # Of another version's interpreter the embedded AWS tells more: docs/not-imitated.md.
    runtime = f"python3.{sys.version_info.minor}"
    payload = failing(account, code, Handler=handler, Runtime=runtime)["Payload"]
    assert payload["errorType"] == error_type
    assert payload["errorMessage"] == message
    assert payload["requestId"] == ""
    if error_type != "Runtime.UserCodeSyntaxError":
        assert payload["stackTrace"] == []


# What the workshop itself is built on, and what people expect to be there.
FOREIGN = ["pandas", "numpy", "requests", "yaml", "ministack", "jinja2", "localaws"]


def test_a_handler_imports_what_awss_runtime_brings_and_nothing_else(account: Account) -> None:
    """E35."""
    code = (
        "import importlib\n"
        "def handler(event, context):\n"
        "    found = {}\n"
        "    for name in event:\n"
        "        try:\n"
        "            importlib.import_module(name)\n"
        "            found[name] = 'there'\n"
        "        except ModuleNotFoundError as error:\n"
        "            found[name] = str(error)\n"
        "    return found\n"
    )
    function = account.function(Code={"ZipFile": package_of(code)}, Timeout=20)
    runtimes = ["boto3", "botocore.session", "urllib3", "dateutil.parser", "sqlite3"]
    answer = account.invoke(function, [*runtimes, *FOREIGN])["Payload"]
    assert answer == dict.fromkeys(runtimes, "there") | {
        name: f"No module named '{name}'" for name in FOREIGN
    }


def test_what_a_package_brings_along_goes_before_the_runtimes_own(account: Account) -> None:
    """E35."""
    archive = io.BytesIO(package_of("import boto3\nhandler = lambda *_: boto3.it\n"))
    with zipfile.ZipFile(archive, "a") as code:
        code.writestr("boto3.py", "it = 'mine'\n")
    function = account.function(Code={"ZipFile": archive.getvalue()})
    assert account.invoke(function)["Payload"] == "mine"


def test_an_answer_that_is_no_json(account: Account) -> None:
    """E4."""
    payload = misbehaving(account, "answer a set")["Payload"]
    assert payload["errorType"] == "Runtime.MarshalError"
    assert payload["errorMessage"] == (
        "Unable to marshal response: Object of type set is not JSON serializable"
    )


def test_an_answer_that_is_too_large(account: Account) -> None:
    """E8, J66."""
    answer = misbehaving(account, "answer too much")
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"] == {
        "errorMessage": (
            "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
        ),
        "errorType": "Function.ResponseSizeTooLarge",
    }


def test_a_timeout_is_answered_with_two_keys(account: Account) -> None:
    """E5, J60."""
    answer = misbehaving(account, "sleep", timeout_s=1, sleep_s=5)
    assert answer["FunctionError"] == "Unhandled"
    assert list(answer["Payload"].items()) == [
        ("errorType", "Sandbox.Timedout"),
        (
            "errorMessage",
            f"RequestId: {request_id_of(answer)} Error: Task timed out after 1.00 seconds",
        ),
    ]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(0, "exited without providing a reason"), (127, "exited with error: exit status 127")],
)
def test_a_process_that_exits(account: Account, status: int, reason: str) -> None:
    """E6, E37, J63."""
    answer = misbehaving(account, "exit", status=status)
    assert answer["Payload"] == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request_id_of(answer)} Error: Runtime {reason}",
    }


def test_a_process_that_runs_out_of_memory(account: Account) -> None:
    """E7, E15."""
    function = account.function("misbehave", Timeout=30)
    answer = account.invoke(function, {"do": "hoard"})
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorMessage"] == (
        f"RequestId: {request_id_of(answer)} Error: Runtime exited with error: signal: killed"
    )
    account.time.until(lambda: account.attempts(function))
    report = account.attempts(function)[0].report
    assert "\tMax Memory Used: 128 MB\t" in report
    assert report.endswith("\tStatus: error\tError Type: Runtime.OutOfMemory\n")


def test_requests_that_reach_no_function(account: Account) -> None:
    """E9."""
    lambda_, function = account.client("lambda"), account.function()
    with pytest.raises(ClientError) as refused:
        lambda_.invoke(FunctionName=function, Payload=b"{no json")
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidRequestContentException"
    assert error["Message"].startswith(
        "Could not parse request body into json: Could not parse payload into json: "
    )
    missing = account.function_arn(function) + "-missing"
    with pytest.raises(ClientError) as refused:
        lambda_.invoke(FunctionName=missing, Payload=b"{}")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert refused.value.response["Message"] == f"Function not found: {missing}:$LATEST"
    assert account.attempts(function) == []
