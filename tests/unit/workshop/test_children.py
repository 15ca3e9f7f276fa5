"""What is said of a program that works for a while without a word."""

import queue
import subprocess
from pathlib import Path
from typing import Any

import pytest

from workshop.stacks import children


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
