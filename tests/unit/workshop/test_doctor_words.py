"""What `doctor` says in the end, and of what is missing on a new machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from workshop.cli import doctor
from workshop.cli.finding import Finding
from workshop.stacks import node
from workshop.stacks.node import NodeError
from workshop.target.commands import start_command
from workshop.target.target import Target

AWS = Target("aws", profile="p", region="eu-west-1", account="123456789012")
PYTHON = Finding("Python", "ok", "3.13")
STACKS = Finding("stacks", "note", "0 of 7 are there", "deploy")
SETTINGS = Finding("settings", "note", "A is off; B is 5 s", besides="2 settings are different")
BOOTSTRAP = Finding("bootstrap", "blocks", "run it once")


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ([PYTHON], f"everything is ready. Next: `{start_command(AWS, 'lab')}`."),
        (
            [PYTHON, STACKS],
            f"not yet ready for lessons. Next: `{start_command(AWS, 'deploy')}`.",
        ),
        (
            [PYTHON, SETTINGS],
            f"ready, but 2 settings are different. Next: `{start_command(AWS, 'lab')}`.",
        ),
        ([PYTHON, SETTINGS, STACKS], "not yet ready for lessons. Next: "),
        ([PYTHON, BOOTSTRAP, STACKS], "1 thing to put right first"),
    ],
    ids=["all there", "no stacks", "changed", "changed, and no stacks", "not prepared"],
)
def test_the_last_line_says_what_is_ready_and_what_comes_next(
    findings: list[Finding], told: str
) -> None:
    assert doctor.summary(findings, lambda: AWS).startswith(told)


@pytest.mark.parametrize("on_path", [None, "18.0.0"])
def test_a_missing_node_needs_no_action_and_is_explained(
    monkeypatch: pytest.MonkeyPatch, on_path: str | None
) -> None:
    monkeypatch.setattr(node, "find_node", lambda: None)
    monkeypatch.setattr(node, "path_node_version", lambda: on_path)
    found = doctor.nodejs()
    assert found.state == "note"
    assert "You need not do anything" in found.found
    assert (on_path or "not installed on this machine") in found.found


def test_a_node_that_cannot_be_installed_is_told_with_both_ways_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    failed = subprocess.CompletedProcess([], 1, stdout="ERROR: no route to host")
    monkeypatch.setattr(node, "find_node", lambda: None)
    monkeypatch.setattr(node.children, "run_telling", lambda *_, **__: failed)  # type: ignore[attr-defined]
    told: list[str] = []
    with pytest.raises(NodeError, match="no route to host") as caught:
        node.ensure_node(told.append, tmp_path)
    assert "the CDK, which makes the stacks, runs on it" in told[0]
    assert "package registry" in caught.value.remedy
    assert "Install Node.js" in caught.value.remedy


def test_modules_of_somebody_else_are_named_with_the_folder_they_come_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Given the workshop's own packages alone
    assert list(doctor.modules()) == []
    # When another pandas stands before it
    (tmp_path / "pandas").mkdir()
    (tmp_path / "pandas" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    # Then that blocks
    [found] = doctor.modules()
    assert (found.state, found.about) == ("blocks", "modules")
    assert f"pandas is imported from {tmp_path}" in found.found
    assert "PYTHONPATH" in found.found


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        ("aws-cli/1.45.11 Python/3.11.7 Linux/6 botocore/1.43", "note", "--endpoint-url"),
        ("aws-cli/2.27.1 Python/3.13 Linux/6", "ok", "2.27.1"),
        ("something else", None, ""),
    ],
)
def test_an_aws_cli_that_would_leave_this_machine_is_named(
    monkeypatch: pytest.MonkeyPatch, answer: str, state: str | None, told: str
) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda _: "/usr/bin/aws")
    asked = subprocess.CompletedProcess([], 0, stdout=answer, stderr="")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *_, **__: asked)

    found = list(doctor.aws_cli())

    assert [one.state for one in found] == ([state] if state else [])
    assert all(told in one.found for one in found)


def test_without_an_aws_cli_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert list(doctor.aws_cli()) == []


def test_the_pythons_of_functions(tmp_path: Path) -> None:
    own = "run on the workshop's own Python, "
    assert doctor.handlers(tmp_path).found.startswith(own)
    # Given what set-up found, one of them removed since
    for runtime, python in (("python3.12", sys.executable), ("python3.13", "/nowhere/python")):
        listed = tmp_path / "handlers" / runtime / "interpreters"
        listed.parent.mkdir(parents=True)
        listed.write_text(f"/nowhere/{runtime}\n{python}\n")
    told = doctor.handlers(tmp_path).found
    assert told.startswith(
        f"of python3.12 ({sys.executable}) run on a Python of that version; others {own}"
    )
