"""What is said of a program that works for a while without a word."""

import queue
import subprocess
from pathlib import Path
from typing import Any

import pytest

from workshop.stacks import children, cloud_assembly
from workshop.target.target import Target


class Silent:
    """A program that ends at the third question, having printed one line."""

    returncode = 0
    is_terminated = False

    def __init__(self, ends: type[BaseException] | None = None) -> None:
        self.asked, self._ends = 0, ends

    def __enter__(self) -> "Silent":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def communicate(self, timeout: float) -> tuple[str, None]:
        self.asked += 1
        if self._ends:
            raise self._ends
        if self.asked < 3:
            raise subprocess.TimeoutExpired("x", timeout)
        return "made", None

    def terminate(self) -> None:
        self.is_terminated = True


def ran(monkeypatch: pytest.MonkeyPatch, program: Silent) -> tuple[str, list[str]]:
    monkeypatch.setattr(children.subprocess, "Popen", lambda *_, **__: program)  # type: ignore[attr-defined]
    said: list[str] = []
    done = children.run_telling(["x"], "making", said.append, folder=Path(), environment={})
    return done.stdout, said


def test_it_is_said_that_it_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ran(monkeypatch, Silent()) == ("made", ["making: 0 s so far"] * 2)


def test_ctrl_c_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Silent(ends=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        ran(monkeypatch, program)
    assert program.is_terminated


def test_lines_come_with_a_sign_where_there_are_none() -> None:
    hands: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    process: Any = type("Process", (), {"stdout": iter(hands.get, None)})()
    lines = children.lines_of(process, silent_s=0.001)
    assert next(lines) is None
    hands.put("one")
    assert next(line for line in lines if line) == "one"
    hands.put(None)
    assert [line for line in lines if line] == []


def test_what_takes_long_is_explained_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(command: object, what: str, say: Any, **_: Any) -> subprocess.CompletedProcess[str]:
        say(children.so_far(what, 10))
        (tmp_path / "cdk.out").mkdir()
        return subprocess.CompletedProcess("x", 0, "")

    for name in ("app.py", "cdk.json", "requirements.txt"):
        (tmp_path / name).touch()
    monkeypatch.setattr(cloud_assembly, "state_of", lambda _: tmp_path)
    monkeypatch.setattr(cloud_assembly.node, "ensure_node", lambda *_: None)
    monkeypatch.setattr(cloud_assembly.node, "cdk_environment", lambda *_: {})
    monkeypatch.setattr(children, "run_telling", ran)
    said: list[str] = []
    cloud_assembly.synthesized(Target(), tmp_path, said.append)
    assert said[0].startswith("synthesizing the CDK app: it writes the templates of the stacks")
    assert "kept for the next time" in said[0]
    assert said[1:] == ["synthesizing the CDK app: 10 s so far"]
