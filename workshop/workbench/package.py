"""A function's package: its own code, and the Python packages that it brings along."""

import importlib.metadata
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from workshop.errors import DataError
from workshop.handlers import FOLDER

# The name that a line such as `jmespath<2.0.0,>=1.0.1` begins with; others name an extra.
_REQUIRED = re.compile(r"[\w.-]+")
_COMPILED = (".so", ".pyd", ".dylib")


def package(folder: str, *libraries: str) -> bytes:
    """A zip file with the code of a folder of `lambda/`, as Lambda takes it.

    Args:
        folder: of `lambda/`.
        libraries: Python packages that go into it, with what they need: the versions that
            requirements.txt pins, with their licences, as `pip install --target` would put them.

    Raises:
        DataError: a library is missing, or is compiled for this machine and not for Lambda's.
    """
    own = {path.name: path for path in (FOLDER / folder).glob("*.py")}
    files = own | dict(_files(*libraries))
    return packed({name: path.read_bytes() for name, path in sorted(files.items())})


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip file as Lambda takes it; name in the package -> content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            _put(archive, name, content)
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # Readable for Lambda's user.
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _files(*libraries: str) -> Iterator[tuple[str, Path]]:
    """Name in the package -> file, of some libraries and all that they need."""
    for library in libraries:
        try:
            found = importlib.metadata.distribution(library)
        except importlib.metadata.PackageNotFoundError:
            raise DataError(
                f"The Python package {library} is missing.", "Install requirements.txt again."
            ) from None
        for one in found.files or []:
            if one.suffix in _COMPILED:
                raise DataError(
                    f"{library} is compiled for this machine ({one.name}).",
                    "Take the wheel for Lambda's Linux: such a package is not made here.",
                )
            if one.suffix != ".pyc" and ".." not in one.parts:
                yield one.as_posix(), Path(str(one.locate()))
        needed = [one for one in found.requires or [] if "extra ==" not in one]
        yield from _files(*(_name(one) for one in needed))


def _name(requirement: str) -> str:
    match = _REQUIRED.match(requirement)
    return match[0] if match else requirement
