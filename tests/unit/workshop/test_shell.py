"""`shell` needs one."""

import pytest

from workshop.__main__ import main


def test_a_shell_that_is_none_is_told_before_anything_is_set_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("SHELL", "COMSPEC"):
        monkeypatch.setenv(variable, "/nope/zsh")
    assert main(["shell"]) == 2
    shown = capsys.readouterr().err
    assert "names /nope/zsh, which is no program here." in shown
    assert "setting up" not in shown
