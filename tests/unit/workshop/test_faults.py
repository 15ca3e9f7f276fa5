"""Errors of the machine: a sentence, an exit code, and no traceback."""

import errno
import shutil
from collections.abc import Callable

import pytest

from workshop import __main__ as main
from workshop.cli.faults import told


def failing(error: BaseException) -> Callable[[], int]:
    def run() -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x/a.html"), "no room left for /x/a"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "/x/a.html"), "Free some space"),
        (OSError(errno.EROFS, "Read-only file system", "/x"), "WORKSHOP_HOME"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "You may not use /x"),
        (OSError(errno.EFBIG, "File too large", "/x/a.html"), "ulimit -f unlimited"),
        (OSError(errno.EMFILE, "Too many open files"), "ulimit -n 1024"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "too little memory"),
        (
            shutil.Error([("/from", "/x/a.png", "[Errno 28] No space left on device: '/from'")]),
            "no room left for /x/a.png (No space left on device)",
        ),
        (MemoryError(), "too little memory (out of memory)"),
    ],
)
def test_a_fault_of_the_machine_is_told_with_what_to_do(
    error: BaseException, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main._guarded(failing(error)) == 1
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("errors", [[], [("/from", "/to", "an odd one")]])
def test_a_copy_that_failed_for_another_reason_stays_a_defect(
    errors: list[tuple[str, str, str]],
) -> None:
    assert told(shutil.Error(errors)) is None


def test_a_defect_of_ours_stays_one() -> None:
    missing = FileNotFoundError(errno.ENOENT, "No such file", "workshop/gone.py")
    assert told(missing) is None
    with pytest.raises(FileNotFoundError):
        main._guarded(failing(missing))
