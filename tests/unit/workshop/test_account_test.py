"""`test --target aws`: what it is told, what it tells, and what pytest is given."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workshop.cli import account_test
from workshop.errors import TargetError, TargetValueError
from workshop.target import account

ACCOUNT = "123456789012"
WHOLE = ["--target", "aws", "--profile", "p", "--region", "eu-west-1", "--account", ACCOUNT]


@pytest.fixture
def concurrency(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What the account's functions may do side by side; the account is the one that was named."""
    limit = {"ConcurrentExecutions": 1000}
    lambda_ = SimpleNamespace(get_account_settings=lambda: {"AccountLimit": limit})
    session = SimpleNamespace(client=lambda service: lambda_)
    monkeypatch.setattr(account, "open_session", lambda target: session)
    return limit


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    effort = {"scenarios": 200, "waited_s": 36_000, "longest_s": 900, "requests": 5_000}
    file = tmp_path / "embedded.json"
    file.write_text(json.dumps({"effort": effort}), encoding="utf-8")
    monkeypatch.setattr(account_test, "_MEASURED", file)


def run(*arguments: str, code: int = 0) -> tuple[int, list[str]]:
    seen: list[str] = []

    def run_pytest(command: Sequence[str]) -> int:
        seen.extend(command)
        return code

    return account_test.run(arguments, run_pytest), seen


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        ([], False),
        (["tests/unit", "-k", "sqs"], False),
        (["tests/scenarios", "--target", "embedded"], False),
        (["--target=embedded"], False),
        (WHOLE, True),
        (["--target=aws"], True),
        (["--target-file", "aws.toml"], True),
        # Contradictions are told, not passed over
        (["--target", "embedded", "--target-file", "aws.toml"], True),
    ],
)
def test_only_who_names_an_account_means_one(arguments: list[str], meant: bool) -> None:
    assert account_test.is_meant(arguments) is meant


@pytest.mark.usefixtures("concurrency", "measured")
def test_pytest_gets_the_target_and_everything_that_is_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, command = run(*WHOLE, "--yes", ACCOUNT, "-k", "fifo", code=1)
    assert code == 1
    assert command[:2] == ["pytest", "tests/scenarios"]
    assert command[2:10] == WHOLE
    report = ["--fidelity-report", str(account_test.REPORT)]
    assert command[10:] == [*report, "-n8", "--dist=worksteal", "-k", "fifo"]
    told = capsys.readouterr().out
    # 36,000 s by eight; 5,000 requests, and 1.25 for each second
    assert "All 200 of them take about 75 minutes, 8 side by side" in told
    assert "10.0 hours of AWS's time" in told
    assert "About 50,000 requests are made" in told
    assert "0.025 USD" in told
    assert "You named a part of them, which is less." in told
    assert ACCOUNT not in told


@pytest.mark.usefixtures("concurrency")
def test_an_endpoint_and_a_file_of_scenarios_can_be_named() -> None:
    more = ["--endpoint-url", "http://127.0.0.1:1", "--endpoint-name", "other 1.0"]
    wait = ["--longest-wait-s", "60", "--parallel", "3", "tests/scenarios/test_fifo.py"]
    _, command = run(*WHOLE, *more, *wait, "--yes", ACCOUNT)
    assert "tests/scenarios" not in command
    assert command[1:11] == [*WHOLE, "--endpoint-url", "http://127.0.0.1:1"]
    assert command[-3:] == ["-n3", "--dist=worksteal", "tests/scenarios/test_fifo.py"]
    assert command[command.index("--endpoint-name") + 1] == "other 1.0"
    assert command[command.index("--longest-wait-s") + 1] == "60.0"


@pytest.mark.usefixtures("measured")
def test_a_small_account_runs_one_scenario_at_a_time(
    concurrency: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    concurrency["ConcurrentExecutions"] = 10
    assert "-n1" in run(*WHOLE, "--yes", ACCOUNT)[1]
    assert "a part of them" not in capsys.readouterr().out


@pytest.mark.usefixtures("concurrency")
def test_nothing_runs_before_somebody_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    for arguments in (WHOLE, [*WHOLE, "--yes", "999999999999"]):
        with pytest.raises(TargetError, match=r"[Nn]othing was changed"):
            account_test.run(arguments, lambda command: ran.append(command) or 0)
    with pytest.raises(TargetValueError, match="no participant"):
        account_test.run([*WHOLE, "--participant", "ada"], lambda command: ran.append(command) or 0)
    assert ran == []


def test_what_was_not_measured_is_not_claimed() -> None:
    assert "was not measured" in account_test._effort({}, 8)
