"""What a synchronous invocation answers when the function fails, and what outlives a failure."""

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .account import Account, package_of


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
    payload = failing(account, code, Handler=handler)["Payload"]
    assert payload["errorType"] == error_type
    assert payload["errorMessage"] == message
    assert payload["requestId"] == ""
    if error_type != "Runtime.UserCodeSyntaxError":
        assert payload["stackTrace"] == []


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


def test_what_a_warm_environment_keeps(account: Account) -> None:
    """E30."""
    function = account.function("misbehave")

    def invocations() -> int:
        return int(account.invoke(function, {"do": "answer"})["Payload"]["invocations"])

    assert [invocations(), invocations()] == [1, 2]
    # A handler's exception keeps it too
    account.invoke(function, {"do": "fail"})
    assert invocations() == 4
    # A new configuration does not
    lambda_ = account.client("lambda")
    lambda_.update_function_configuration(FunctionName=function, Description="new")
    account.await_updated(function)
    assert invocations() == 1


def test_what_a_timeout_leaves(account: Account) -> None:
    """E29, J62."""
    function = account.function("misbehave", Timeout=1)
    account.invoke(function, {"do": "answer"})
    account.invoke(function, {"do": "sleep", "sleep_s": 5})
    answer = account.invoke(function, {"do": "answer"})
    # Globals are fresh, files are not
    assert answer["Payload"] == {"invocations": 1, "tmp": True}
    account.time.until(lambda: len(account.attempts(function)) == 3)
    attempts = account.attempts(function)
    assert ["Init Duration" in attempt.report for attempt in attempts] == [True, False, False]


def test_a_new_function_is_pending_first(account: Account) -> None:
    """E32."""
    lambda_, name = account.client("lambda"), account.unique("function")
    settings = {
        "Runtime": "python3.13", "Handler": "orders.handler", "Role": account.role(),
        "Code": {"ZipFile": package_of("def handler(event, context): return 1\n")},
    }  # fmt: skip
    account.time.propagate()
    made = lambda_.create_function(FunctionName=name, **settings)
    account.on_close(lambda: lambda_.delete_function(FunctionName=name))
    assert (made["State"], made["StateReasonCode"]) == ("Pending", "Creating")
    assert made["StateReason"] == "The function is being created."
    assert (made["Timeout"], made["MemorySize"]) == (3, 128)
    account.time.until(
        lambda: lambda_.get_function_configuration(FunctionName=name)["State"] == "Active"
    )
    found = lambda_.get_function_configuration(FunctionName=name)
    assert found["LastUpdateStatus"] == "Successful"


def test_an_init_that_takes_too_long_is_repeated_at_the_first_invocation(account: Account) -> None:
    """E18, E31."""
    code = "import time\ntime.sleep(12)\ndef handler(event, context): return 1\n"
    function = account.function(Code={"ZipFile": package_of(code)}, Timeout=30)
    assert account.invoke(function)["Payload"] == 1
    account.time.until(lambda: account.attempts(function))
    [report] = [line for line in account.lines(function) if line.startswith("INIT_REPORT")]
    assert report.endswith("\tPhase: init\tStatus: timeout\n")
    # The second one took place within the invocation
    [duration_ms] = re.findall(r"\tDuration: ([\d.]+) ms", account.attempts(function)[0].report)
    assert float(duration_ms) >= 12_000


def test_the_platforms_environment_variables(account: Account) -> None:
    """E33."""
    code = "import os\ndef handler(event, context): return dict(os.environ)\n"
    function = account.function(Code={"ZipFile": package_of(code)})
    variables = account.invoke(function)["Payload"]
    expected = {
        "_HANDLER": "orders.handler",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function}",
        "AWS_REGION": account.session.region_name,
        "TZ": ":UTC",
    }
    assert {name: variables.get(name) for name in expected} == expected


def test_the_code_is_in_var_task(account: Account) -> None:
    """E33."""
    code = "import os\ndef handler(event, context): return os.environ['LAMBDA_TASK_ROOT']\n"
    function = account.function(Code={"ZipFile": package_of(code)})
    assert account.invoke(function)["Payload"] == "/var/task"
