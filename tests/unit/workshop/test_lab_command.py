"""`lab` deploys while JupyterLab starts, and leaves none behind when that fails."""

import argparse
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workshop.cli import lab as lab_command
from workshop.cli import target_use
from workshop.errors import DeploymentError
from workshop.target.target import Target


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command does, in order."""
    found: list[str] = []

    class Server:
        address = "http://127.0.0.1:8888/lab"

        def __init__(self, *_: Any, **__: Any) -> None:
            found.append("JupyterLab starts")

        def wait_until_ready(self) -> None:
            found.append("it answers")

        def wait(self, _: Any) -> None:
            """It ends at once."""

        def stop(self) -> None:
            found.append("it is stopped")

    lab = SimpleNamespace(session=SimpleNamespace(environment=dict, target=Target()))
    monkeypatch.setattr(lab_command, "JupyterServer", Server)
    monkeypatch.setattr(lab_command, "home_of", lambda: tmp_path)
    monkeypatch.setattr(lab_command, "_notebooks", lambda *_: tmp_path / "00.ipynb")
    monkeypatch.setattr(lab_command, "jupyter_environment", lambda **_: {})
    monkeypatch.setattr(lab_command, "announce", lambda _: nullcontext({}))
    monkeypatch.setattr("workshop.cli.health_lines.telling", lambda *_: None)
    monkeypatch.setattr(lab_command, "chosen_target", lambda _: Target())
    monkeypatch.setattr(target_use, "connected", lambda *_: nullcontext(lab))
    return found


def run() -> int:
    parser = argparse.ArgumentParser()
    lab_command.add_arguments(parser)
    return lab_command.run(parser.parse_args(["--no-browser"]))


def test_the_stacks_are_made_while_jupyterlab_starts(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target_use, "deploy_missing", lambda *_: done.append("stacks are made"))
    assert run() == 0
    assert done == ["JupyterLab starts", "stacks are made", "it answers", "it is stopped"]


def test_where_no_stack_can_be_made_jupyterlab_does_not_stay(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise DeploymentError("A stack failed.")

    monkeypatch.setattr(target_use, "deploy_missing", fail)
    with pytest.raises(DeploymentError):
        run()
    assert done == ["JupyterLab starts", "it is stopped"]
