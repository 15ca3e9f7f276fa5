"""What AWS answered is read in both forms, and a run says when there is none of it."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract import recordings
from tests.public_sources import LOCALSTACK, code_file, snapshot_file

ROOT = Path(__file__).parents[1]
REPLAYED = "tests/contract/test_sqs_move_tasks.py"
INDEPENDENT = "tests/test_fidelity.py::test_ranges_and_sentences_in_docstrings"
NAMES = "TestLambdaFunction::test_function_name_and_qualifier_validation"


def publish(folder: Path, area: str, contents: dict[str, Any]) -> None:
    """Write answers as the public repository keeps them, with some of a file that was moved."""
    moved = f"tests/elsewhere/{Path(code_file(area)).name}"
    path = folder / snapshot_file(area)
    path.parent.mkdir(parents=True, exist_ok=True)
    answers = {
        f"{file}::{name}": {"recorded-date": "24-11-2025, 23:28:05", "recorded-content": content}
        for file, all_of_it in ((code_file(area), contents), (moved, dict.fromkeys(contents)))
        for name, content in all_of_it.items()
    }
    path.write_text(json.dumps(answers), encoding="utf-8")


def run_pytest(
    project: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run tests of a project as somebody does who has set nothing else."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("CI", recordings.VARIABLE) and not name.startswith("PYTEST_")
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        env={**kept, "PYTHONPATH": str(project), **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_both_forms_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given one answer in each form
    monkeypatch.setenv(recordings.VARIABLE, str(tmp_path))
    content = {"step": {"Messages": []}}
    publish(tmp_path, "sqs", {"TestSqsProvider::test_it[sqs]": content})
    kept = {"TestSnsCrud::test_it": {"recorded": "30-04-2024, 13:32:56", "content": content}}
    (tmp_path / "sns.json").write_text(json.dumps(kept), encoding="utf-8")
    # Then tests find them by the same kind of name, and nothing of a file that was moved
    assert recordings.load("sqs") == {"TestSqsProvider::test_it[sqs]": content}
    assert recordings.load("sns") == {"TestSnsCrud::test_it": content}
    assert recordings.read("sqs")["TestSqsProvider::test_it[sqs]"][1] == "24-11-2025, 23:28:05"
    # And what is not there is missing
    assert recordings.load("lambda") == {}
    assert set(recordings.AREAS) - set(recordings.missing()) == {"sqs", "sns"}


@pytest.mark.skipif(bool(recordings.missing()), reason="no recordings of AWS")
def test_a_checkout_runs_what_is_known_by_name(tmp_path: Path) -> None:
    # Given a checkout, which has recordings that nobody here knows
    for area in recordings.AREAS:
        unknown = {"TestOther::test_unknown": {}, f"{NAMES}[unknown-get_function]": {}}
        publish(tmp_path, area, {**recordings.load(area), **unknown})
    # When tests run with it
    files = ("tests/contract/test_logs.py", "tests/contract/test_lambda_names.py")
    done = run_pytest(ROOT, *files, "--recordings", str(tmp_path))
    # Then all of them compare, and nothing else is tried
    assert done.returncode == 0, done.stdout
    assert re.fullmatch(r"\d+ passed", result(done))


def result(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.splitlines()[-1].partition(" in ")[0]


@pytest.fixture(scope="module")
def without_recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the tests need, with no recordings beside it."""
    copy = tmp_path_factory.mktemp("alone") / "project"
    for folder in ("tests", "localaws", "workshop"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.mark.parametrize("distributed", [(), ("-n1",)])
def test_a_run_without_recordings_ends_with_one_line_about_it(
    without_recordings: Path, distributed: tuple[str, ...]
) -> None:
    done = run_pytest(without_recordings, REPLAYED, INDEPENDENT, *distributed, CI="false")
    assert done.returncode == 0, done.stdout
    told = [line for line in done.stdout.splitlines() if "recordings" in line]
    beside = without_recordings.parent / "shared" / "aws-recordings"
    assert told == [
        f"6 contract tests were not run: no recordings of AWS at {beside} "
        '(CONTRIBUTING.md, "Recordings of AWS", says how to get them).'
    ]
    assert result(done) == "1 passed, 6 skipped"


def test_their_absence_fails_ci(without_recordings: Path) -> None:
    done = run_pytest(without_recordings, REPLAYED, INDEPENDENT, "-n1", CI="true")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "\nFAILED, because CI is set: 6 contract tests were not run: " in done.stdout


def test_ci_may_run_tests_that_need_none(without_recordings: Path) -> None:
    done = run_pytest(without_recordings, INDEPENDENT, CI="true")
    assert done.returncode == 0, done.stdout
    assert "recordings" not in done.stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_way_that_contributing_tells_leads_to_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the commands of the section that the messages name
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("\n## Recordings of AWS\n")[2].partition("\n## ")[0]
    commands = [line for line in section.splitlines() if line.startswith("git ")]
    assert recordings.VARIABLE in section
    # And a repository that goes on after the commit that they name
    published = tmp_path / "published"
    publish(published, "lambda_integration_sqs", {"test_it": {}})
    (published / "README.md").write_text("text", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for setting in ("allowFilter", "allowAnySHA1InWant"):
        git(published, "init", "--quiet")
        git(published, "config", f"uploadpack.{setting}", "true")
    commit(published)
    wanted = git(published, "rev-parse", "HEAD").strip()
    (published / snapshot_file("lambda_integration_sqs")).write_text("{}", encoding="utf-8")
    commit(published)
    # When somebody types them
    project = tmp_path / "project"
    project.mkdir()
    for command in commands:
        typed = command.replace(f"{LOCALSTACK.address}.git", published.as_uri())
        git(project, *shlex.split(typed.replace(LOCALSTACK.commit, wanted))[1:])
    # Then the folder has the recordings of that commit, and nothing else
    monkeypatch.setenv(recordings.VARIABLE, str(tmp_path / "aws-recordings"))
    assert recordings.load("lambda_integration_sqs") == {"test_it": {}}
    assert not (tmp_path / "aws-recordings" / "README.md").exists()
    assert published.as_uri() in git(tmp_path / "aws-recordings", "remote", "get-url", "origin")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    somebody = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    git(folder, *somebody, "commit", "--quiet", "--message", "text")


@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_folder_without_recordings_is_refused(tmp_path: Path, how: str) -> None:
    if how == "option":
        done = run_pytest(ROOT, REPLAYED, "--recordings", str(tmp_path))
    else:
        done = run_pytest(ROOT, REPLAYED, **{recordings.VARIABLE: str(tmp_path)})
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {tmp_path}, named by --recordings or {recordings.VARIABLE}, " in done.stderr
    assert "sqs_move_task" in done.stderr
