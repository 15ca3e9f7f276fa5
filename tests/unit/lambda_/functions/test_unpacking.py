"""A machine that is full is no fault of a package's."""

import errno
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from localaws.lambda_.errors import InvalidParameterValueException, ServiceException
from localaws.lambda_.functions import unpacking
from localaws.words.errors import AwsError


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("handler.py", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("number", "expected", "told"),
    [
        (errno.ENOSPC, ServiceException, "No space left on device"),
        (errno.EFBIG, ServiceException, "File too large"),
        (errno.EACCES, ServiceException, "Permission denied"),
        (errno.EMFILE, ServiceException, "Too many open files"),
        (errno.ENAMETOOLONG, InvalidParameterValueException, "Could not unzip uploaded file"),
    ],
)
def test_who_is_at_fault(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    expected: type[AwsError],
    told: str,
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(number, told)

    monkeypatch.setattr(unpacking, "_extract", fail)
    with pytest.raises(expected, match=told):
        unpacking.unpack(archive(), tmp_path / "code")
    assert list(tmp_path.iterdir()) == []
