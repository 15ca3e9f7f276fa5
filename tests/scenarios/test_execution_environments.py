"""Execution environments: what they keep, how they start, what they tell a function."""

import re

from tests.scenarios.account import Account, package_of


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
