"""What the JSON log format shows of an invocation: platform events, and the function's own."""

import json
import re
from typing import Any

from tests.scenarios.account import Account

JSON = {"LoggingConfig": {"LogFormat": "JSON", "SystemLogLevel": "DEBUG"}}


def events_of(account: Account, do: str, **settings: Any) -> list[Any]:
    """What one invocation logged: JSON values, or text where it is none."""
    function = account.function("misbehave", **(JSON | settings))
    account.invoke(function, {"do": do, "sleep_s": 10})

    def whole() -> bool:
        return any('"platform.report"' in line for line in account.lines(function))

    account.time.until(whole)
    return [_parsed(line) for line in account.lines(function)]


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line


def platform(events: list[Any], kind: str) -> Any:
    """The record of the one platform event of a kind."""
    [event] = [e for e in events if isinstance(e, dict) and e.get("type") == f"platform.{kind}"]
    return event["record"]


def application(events: list[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, dict) and "type" not in event]


def test_the_platform_events_of_an_invocation(account: Account) -> None:
    """E23."""
    events = events_of(account, "answer")
    kinds = [event["type"] for event in events if isinstance(event, dict) and "type" in event]
    assert kinds == [
        "platform.initStart", "platform.initRuntimeDone", "platform.initReport", "platform.start",
        "platform.runtimeDone", "platform.report",
    ]  # fmt: skip
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
        for event in events
        if isinstance(event, dict) and "type" in event
    )
    start = platform(events, "initStart")
    assert (start["initializationType"], start["phase"]) == ("on-demand", "init")
    assert start["instanceMaxMemory"] == 128 * 1024 * 1024
    assert platform(events, "initReport")["status"] == "success"
    done, report = platform(events, "runtimeDone"), platform(events, "report")
    assert [span["name"] for span in done["spans"]] == [
        "responseLatency", "responseDuration", "runtimeOverhead",
    ]  # fmt: skip
    assert report["status"] == "success"
    assert set(report["metrics"]) == {
        "durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs",
    }  # fmt: skip


def test_system_events_below_the_level_are_left_out(account: Account) -> None:
    """E23, E28."""
    events = events_of(account, "answer", LoggingConfig={"LogFormat": "JSON"})
    kinds = [event["type"] for event in events if isinstance(event, dict) and "type" in event]
    assert kinds == ["platform.initStart", "platform.start", "platform.report"]


def test_an_exception_is_a_success_of_the_platform(account: Account) -> None:
    """E24, E27, J67."""
    events = events_of(account, "fail")
    assert platform(events, "report")["status"] == "success"
    done = platform(events, "runtimeDone")
    assert (done["status"], done["metrics"]["producedBytes"]) == ("success", 0)
    assert "spans" not in done
    [error] = [event for event in application(events) if "errorType" in event]
    assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "some error occurred")
    # Runtimes differ in the name of this key
    assert (error.get("log_level") or error["level"]) == "ERROR"
    assert error["stackTrace"][0].startswith('  File "/var/task/orders.py", line ')
    assert error["requestId"] == platform(events, "start")["requestId"]


def test_a_timeout_in_figures(account: Account) -> None:
    """E25, J68."""
    events = events_of(account, "sleep", Timeout=2)
    report = platform(events, "report")
    assert report["status"] == "timeout"
    assert report["metrics"]["durationMs"] == 2000.0
    cold_ms = report["metrics"].get("initDurationMs", 0)
    assert 0 <= report["metrics"]["billedDurationMs"] - (2000 + cold_ms) <= 1
    assert platform(events, "runtimeDone")["status"] == "timeout"


def test_logged_and_printed_lines(account: Account) -> None:
    """E26, E28."""
    events = events_of(account, "chatter")
    [logged] = [event for event in application(events) if event.get("logger")]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", logged["timestamp"])
    assert logged["level"] == "WARNING"
    assert logged["message"] == "about to chatter"
    assert logged["logger"] == "root"
    assert logged["requestId"] == platform(events, "start")["requestId"]
    # What is printed stays as it is
    assert [event for event in events if isinstance(event, str)] == [
        "a\n",
        "b\n",
        "another\rline\n",
    ]


def test_a_logged_exception_has_its_own_keys(account: Account) -> None:
    """E26."""
    events = events_of(account, "log exception")
    [logged] = [event for event in application(events) if event.get("message") == "caught"]
    assert (logged["errorType"], logged["errorMessage"]) == ("RuntimeError", "some error occurred")
    assert logged["location"].startswith("/var/task/orders.py:log_exception:")
    assert logged["stackTrace"]
