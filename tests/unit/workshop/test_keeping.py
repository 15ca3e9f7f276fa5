"""What the keeper of the embedded AWS says where it cannot start it."""

import errno
from pathlib import Path

import pytest

import localaws
from workshop import keeping
from workshop.errors import WorkshopError
from workshop.target import keeper


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (localaws.LaunchError("Port 1 cannot be opened."), "Port 1 cannot be opened"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/x/embedded.tmp"),
            "/x/embedded.tmp cannot be written (No space left on device)",
        ),
        (OSError(errno.EMFILE, "Too many open files"), "a file of it cannot be written (Too many "),
        (WorkshopError("Another one is busy.", "Wait."), "Another one is busy. Wait"),
    ],
)
def test_the_reason_is_one_line(
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    def keep(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(keeper, "keep", keep)
    assert keeping.main(str(tmp_path), "0", "", "") == 1
    told = capsys.readouterr().out
    assert told.startswith(said)
    assert told.count("\n") == 1
