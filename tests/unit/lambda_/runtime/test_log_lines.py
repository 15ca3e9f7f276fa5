"""The platform's log lines are AWS's, to the last tab."""

import json
from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.model import LATEST, FunctionVersion, LoggingConfig
from localaws.lambda_.runtime.log_lines import (
    ON_DEMAND,
    InitReport,
    InvocationReport,
    PlatformLines,
    platform_lines,
)

ID = "11111111-2222-3333-4444-555555555555"
AT_MS = 1_790_098_374_233  # 2026-09-22T17:32:54.233Z
ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"


def lines(log_format: str = "Text", system_log_level: str | None = None) -> PlatformLines:
    logging = LoggingConfig("/aws/lambda/fn", log_format, None, system_log_level)
    return platform_lines(
        FunctionVersion(
            "fn", ARN, LATEST, "python3.13", "h.h", "role", 3, 128, Path(), "r", logging
        ),
        ON_DEMAND,
    )


def report(**changes: Any) -> InvocationReport:
    facts = {
        "request_id": ID,
        "duration_s": 0.00203,
        "memory_mb": 128,
        "max_memory_mb": 37,
        **changes,
    }
    return InvocationReport(**facts)


def test_a_cold_start_bills_its_init() -> None:
    end, line = lines().end(AT_MS, report(init_s=0.07922))
    assert end == f"END RequestId: {ID}\n"
    assert line == (
        f"REPORT RequestId: {ID}\tDuration: 2.03 ms\tBilled Duration: 82 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 37 MB\tInit Duration: 79.22 ms\t\n"
    )


def test_a_warm_invocation_has_no_init_duration() -> None:
    line = lines().end(AT_MS, report())[1]
    assert line.endswith("Billed Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 37 MB\t\n")


@pytest.mark.parametrize(
    ("facts", "ending"),
    [
        ({"status": "timeout"}, "Max Memory Used: 37 MB\tStatus: timeout\n"),
        (
            {"status": "timeout", "init_s": 3.439},
            "\tInit Duration: 3439.00 ms\tStatus: timeout\n",
        ),
        (
            {"status": "error", "error_type": "Runtime.ExitError"},
            "\tStatus: error\tError Type: Runtime.ExitError\n",
        ),
    ],
)
def test_an_abnormal_end_is_the_last_word_of_the_report(facts: Any, ending: str) -> None:
    assert lines().end(AT_MS, report(**facts))[1].endswith(ending)


def test_a_timeout_is_billed_in_full() -> None:
    line = lines().end(AT_MS, report(duration_s=2.0, status="timeout"))[1]
    assert "\tDuration: 2000.00 ms\tBilled Duration: 2000 ms\t" in line


def test_init_lines_in_text() -> None:
    (start,) = lines().init_start(AT_MS, "init", "stream")
    assert start.startswith(
        "INIT_START Runtime Version: python:3.13.v64\t"
        "Runtime Version ARN: arn:aws:lambda:us-east-1::runtime:"
    )
    assert len(start.rpartition(":")[2]) == 64 + len("\n")
    failed = InitReport("init", 0.22904, "error", "Runtime.ImportModuleError")
    assert lines().init_end(AT_MS, failed) == [
        "INIT_REPORT Init Duration: 229.04 ms\tPhase: init\tStatus: error\t"
        "Error Type: Runtime.ImportModuleError\n"
    ]
    assert lines().init_end(AT_MS, InitReport("init", 9.999, "timeout")) == [
        "INIT_REPORT Init Duration: 9999.00 ms\tPhase: init\tStatus: timeout\n"
    ]


def test_text_says_nothing_of_an_init_that_succeeds_or_is_repeated() -> None:
    assert lines().init_end(AT_MS, InitReport("init", 0.1)) == []
    assert lines().init_start(AT_MS, "invoke", "stream") == []


def test_json_init_start() -> None:
    (line,) = lines("JSON").init_start(AT_MS, "init", "2026/09/22/[$LATEST]0f")
    version_arn = json.loads(line)["record"]["runtimeVersionArn"]
    assert line == (
        '{"time":"2026-09-22T17:32:54.233Z","type":"platform.initStart","record":{'
        '"initializationType":"on-demand","phase":"init","runtimeVersion":"python:3.13.v64",'
        f'"runtimeVersionArn":"{version_arn}","functionName":"fn","functionVersion":"$LATEST",'
        '"instanceId":"2026/09/22/[$LATEST]0f","instanceMaxMemory":134217728}}\n'
    )


def test_json_start_and_report() -> None:
    assert lines("JSON").start(AT_MS, ID, ARN) == [
        '{"time":"2026-09-22T17:32:54.233Z","type":"platform.start","record":{'
        f'"requestId":"{ID}","functionArn":"{ARN}","version":"$LATEST"}}}}\n'
    ]
    facts = report(duration_s=0.019698, init_s=0.07196)
    assert lines("JSON").end(AT_MS, facts) == [
        '{"time":"2026-09-22T17:32:54.233Z","type":"platform.report","record":{'
        f'"requestId":"{ID}","metrics":{{"durationMs":19.698,"billedDurationMs":92,'
        '"memorySizeMB":128,"maxMemoryUsedMB":37,"initDurationMs":71.96},"status":"success"}}\n'
    ]


def kinds(messages: list[str]) -> list[str]:
    return [json.loads(message)["type"].removeprefix("platform.") for message in messages]


def test_debug_shows_the_runtime_done_events() -> None:
    debug = lines("JSON", "DEBUG")
    assert kinds(debug.init_end(AT_MS, InitReport("init", 0.1))) == [
        "initRuntimeDone",
        "initReport",
    ]
    done = json.loads(debug.end(AT_MS, report(responded=False))[0])["record"]
    assert done == {
        "requestId": ID,
        "status": "success",
        "metrics": {"durationMs": 2.03, "producedBytes": 0},
    }


def test_warn_shows_only_what_went_wrong() -> None:
    warn = lines("JSON", "WARN")
    assert warn.start(AT_MS, ID, ARN) == []
    assert warn.end(AT_MS, report()) == []
    timed_out = report(duration_s=2.0, status="timeout", responded=False)
    assert kinds(warn.end(AT_MS, timed_out)) == ["runtimeDone", "report"]
    record = json.loads(warn.end(AT_MS, timed_out)[1])["record"]
    assert record["status"] == "timeout"
    assert record["metrics"]["durationMs"] == 2000.0
    assert record["metrics"]["billedDurationMs"] == 2000


def test_a_response_has_three_spans_in_json() -> None:
    done = json.loads(lines("JSON", "DEBUG").end(AT_MS, report())[0])
    assert done["type"] == "platform.runtimeDone"
    assert [span["name"] for span in done["record"]["spans"]] == [
        "responseLatency",
        "responseDuration",
        "runtimeOverhead",
    ]
