"""What the Text log format shows of an invocation, line by line."""

import base64
import re
from typing import Any

from tests.scenarios.account import Account, package_of
from tests.scenarios.evidence import Attempt

NBSP = "\u00a0"
ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def one_attempt(account: Account, do: str, **settings: Any) -> tuple[str, Attempt]:
    """A function that was told to do something once, and what it logged."""
    function = account.function("misbehave", **settings)
    account.invoke(function, {"do": do, "sleep_s": 10})
    account.time.until(lambda: account.attempts(function))
    account.time.until(lambda: account.attempts(function)[0].lines[-1].startswith("REPORT"))
    return function, account.attempts(function)[0]


def test_the_lines_of_an_invocation(account: Account) -> None:
    """E12, E13, E21."""
    function, attempt = one_attempt(account, "answer")
    init_start = account.lines(function)[0]
    start, warning, end, report = attempt.lines
    assert re.fullmatch(
        r"INIT_START Runtime Version: python:3\.13\.v\d+\t"
        r"Runtime Version ARN: arn:aws:lambda:[a-z0-9-]+::runtime:[0-9a-f]{64}\n",
        init_start,
    )
    assert re.fullmatch(rf"START RequestId: {ID} Version: \$LATEST\n", start)
    request_id = attempt.request_id
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"\[WARNING\]\t{time}\t{request_id}\tabout to answer\n", warning)
    assert end == f"END RequestId: {request_id}\n"
    figures = re.fullmatch(
        rf"REPORT RequestId: {request_id}\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms\t"
        r"Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: ([\d.]+) ms\t\n",
        report,
    )
    assert figures
    duration_ms, billed_ms, init_ms = map(float, figures.groups())
    assert 0 <= billed_ms - (duration_ms + init_ms) <= 1
    # All of it in one stream, named after day, version and environment
    [stream] = {event["logStreamName"] for event in account.log_events(function)}
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)


def test_a_warm_invocation_reports_no_init(account: Account) -> None:
    """E13."""
    function, _ = one_attempt(account, "answer")
    account.invoke(function, {"do": "answer"})
    account.time.until(lambda: len(account.attempts(function)) == 2)
    report = account.attempts(function)[1].report
    assert "Init Duration" not in report
    assert report.endswith(" MB\t\n")


def test_an_exception_is_one_event(account: Account) -> None:
    """E14, J65."""
    _, attempt = one_attempt(account, "fail")
    [error] = [line for line in attempt.lines if line.startswith("[ERROR]")]
    lines = error.split("\n")
    assert lines[0] == "[ERROR] RuntimeError: some error occurred"
    assert lines[1] == "Traceback (most recent call last):"
    assert all(re.match(rf"{NBSP}{{2}}File|{NBSP}{{4}}\S", line) for line in lines[2:])
    assert not error.endswith("\n")
    assert "Status" not in attempt.report


def test_a_timeout_shows_in_the_report_alone(account: Account) -> None:
    """E15, E16, J61."""
    _, attempt = one_attempt(account, "sleep", Timeout=2)
    assert attempt.lines[-2].startswith("END RequestId: ")
    assert attempt.report.endswith("Status: timeout\n")
    assert "\tDuration: 2000.00 ms\t" in attempt.report
    assert not any("Task timed out" in line for line in attempt.lines)


def test_an_exit_shows_in_the_report(account: Account) -> None:
    """E15."""
    _, attempt = one_attempt(account, "exit")
    assert attempt.report.endswith("\tStatus: error\tError Type: Runtime.ExitError\n")


def test_an_init_that_fails_is_reported_and_repeated(account: Account) -> None:
    """E18, E19."""
    function = account.function(Code={"ZipFile": package_of("import no_such_module\n")})
    account.invoke(function)
    account.time.until(lambda: account.attempts(function))
    lines = account.lines(function)
    reports = [line for line in lines if line.startswith("INIT_REPORT")]
    assert re.fullmatch(
        r"INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\t"
        r"Error Type: Runtime\.ImportModuleError\n",
        reports[0],
    )
    assert "\tPhase: invoke\tStatus: error\t" in reports[1]
    warning = lines.index(next(line for line in lines if "LAMBDA_WARNING" in line))
    assert lines[warning + 1].startswith("[ERROR] Runtime.ImportModuleError: Unable to import")


def test_each_printed_line_is_an_event(account: Account) -> None:
    """E20, J69."""
    _, attempt = one_attempt(account, "chatter")
    first = attempt.lines.index("a\n")
    assert attempt.lines[first : first + 3] == ["a\n", "b\n", "another\rline\n"]


def test_a_long_log_has_only_its_end_in_the_answer(account: Account) -> None:
    """E22."""
    code = "def handler(event, context):\n    for n in range(1000): print('line', n)\n"
    function = account.function(Code={"ZipFile": package_of(code)})
    answer = account.invoke(function, LogType="Tail")
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert 3900 <= len(tail) <= 4096
    assert "line 999\n" in tail
    assert "line 100\n" not in tail
    event = account.invoke(function, InvocationType="RequestResponse")
    assert "LogResult" not in event


def test_the_tail_of_the_log_comes_with_the_answer(account: Account) -> None:
    """E22."""
    function = account.function("misbehave")
    answer = account.invoke(function, {"do": "answer"}, LogType="Tail")
    tail = base64.b64decode(answer["LogResult"]).decode()
    assert f"START RequestId: {answer['ResponseMetadata']['RequestId']} Version: $LATEST\n" in tail
    assert tail.rstrip().splitlines()[-1].startswith("REPORT RequestId: ")
    assert len(tail) <= 4096
