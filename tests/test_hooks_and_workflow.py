"""What runs before a commit and for a pull request is what `start.py test` runs."""

import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml

from tests.stored_files import read
from workshop.cli import test as test_command

PYPROJECT = tomllib.loads(read("pyproject.toml"))
WORKFLOW = read(".github/workflows/test.yml")


def hooks() -> dict[str, dict[str, Any]]:
    (local,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    # Nothing from elsewhere: a repository of hooks brings versions of its own.
    assert local["repo"] == "local"
    return {hook["id"]: hook for hook in local["hooks"]}


def test_hooks_are_commands_of_start_py() -> None:
    entries = {name: shlex.split(hook["entry"]) for name, hook in hooks().items()}
    assert entries == {
        "style": ["python", "start.py", "test", *test_command.STYLE_ALONE],
        "notebooks": ["python", "start.py", "test", "tests/notebooks/test_stored.py"],
    }
    for hook in hooks().values():
        # Whole-project commands: names of files would be taken for pytest's.
        assert hook["pass_filenames"] is False
        # `python` is there on every platform, and no package of the hook's own.
        assert hook["language"] == "python"
        assert "additional_dependencies" not in hook


def test_the_hook_for_notebooks_looks_for_outputs() -> None:
    pattern = re.compile(hooks()["notebooks"]["files"])
    assert pattern.search("notebooks/01-sqs-dead-letter-queue.ipynb")
    checks = read(shlex.split(hooks()["notebooks"]["entry"])[-1])
    assert "def test_it_is_stored_without_outputs" in checks


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--style"], ["ruff check .", "ruff format --check .", "mypy"]),
        ([], ["ruff check .", "ruff format --check .", "mypy beside", "pytest"]),
        (["-k", "sqs"], ["pytest -k sqs"]),
    ],
)
def test_style_alone_is_what_all_tests_begin_with(
    arguments: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    installed: list[str] = []

    def run(check: Any, *_: Any, **__: Any) -> int:
        ran.append(" ".join(check))
        return len(ran) - 1

    @contextmanager
    def beside(check: Any) -> Iterator[Callable[[], int]]:
        ran.append(" ".join([*check, "beside"]))
        yield lambda: 0

    monkeypatch.setattr(test_command, "_run", run)
    monkeypatch.setattr(test_command, "_beside", beside)
    monkeypatch.setattr(test_command.node, "ensure_cdk", lambda: installed.append("cdk"))
    # The first failure is the command's.
    assert test_command.run(arguments) == (1 if len(expected) > 1 else 0)
    assert len(ran) == len(expected)
    assert all(told.startswith(start) for told, start in zip(ran, expected, strict=True))
    # Style needs no Node.js.
    assert installed == ([] if arguments == ["--style"] else ["cdk"])


@pytest.mark.parametrize(("module", "code"), [("platform", 0), ("no.such.module", 1)])
def test_a_check_beside_others_is_told_after_them(
    module: str, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    with test_command._beside([module]) as result:
        sys.stdout.write("what else runs\n")
        sys.stdout.flush()
        assert result() == code
    first, header, said = capfd.readouterr().out.splitlines()[:3]
    assert (first, header) == ("what else runs", f"== {module}")
    assert said


def workflow() -> dict[str, Any]:
    return dict(yaml.safe_load(WORKFLOW))


def steps() -> list[dict[str, Any]]:
    return [step for job in workflow()["jobs"].values() for step in job["steps"]]


def test_the_workflow_runs_all_tests_on_each_platform_with_the_oldest_and_newest_python() -> None:
    job = workflow()["jobs"]["test"]
    matrix = job["strategy"]["matrix"]
    assert {name.partition("-")[0] for name in matrix["system"]} == {"ubuntu", "macos", "windows"}
    assert f">={matrix['python'][0]}" == PYPROJECT["project"]["requires-python"]
    assert job["strategy"]["fail-fast"] is False
    (run,) = [step for step in job["steps"] if "start.py" in step.get("run", "")]
    assert run["run"] == "python start.py test"


def test_the_workflow_fetches_what_contract_tests_replay() -> None:
    job = workflow()["jobs"]["test"]
    (fetch,) = [step for step in job["steps"] if "localstack" in str(step.get("with"))]
    assert re.fullmatch(r"8b9a79f05[0-9a-f]{31}", fetch["with"]["ref"])
    assert fetch["with"]["sparse-checkout"] == "tests/aws/services"
    told = job["steps"][-1]["env"]["FAILURE_WORKSHOP_RECORDINGS"]
    assert told == "${{ github.workspace }}/" + fetch["with"]["path"]
    # Inside a folder that git ignores: ruff checks what git does not.
    assert f"/{fetch['with']['path'].split('/')[0]}/" in read(".gitignore").splitlines()


def test_the_workflow_keeps_the_guides() -> None:
    run, upload = workflow()["jobs"]["guides"]["steps"][-2:]
    assert run["run"] == "python start.py guides --out guides"
    assert upload["with"]["path"] == "guides"


def test_the_workflow_may_read_and_nothing_else() -> None:
    assert workflow()["permissions"] == {"contents": "read"}
    for job in workflow()["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 90
    for step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_actions_are_pinned_by_commit_with_their_version_beside_it() -> None:
    lines = [line for line in WORKFLOW.splitlines() if "uses:" in line]
    assert len(lines) == len([step for step in steps() if "uses" in step])
    for line in lines:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
    assert len({line.strip(" -") for line in lines}) == len(
        {line.partition("@")[0].strip(" -") for line in lines}
    )


def test_what_is_read_as_yaml_is_pinned() -> None:
    assert f"pyyaml=={yaml.__version__}" in PYPROJECT["dependency-groups"]["dev"]
