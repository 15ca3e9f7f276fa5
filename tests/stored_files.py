"""The project's files as they are stored, without what git ignores."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    """The text of one file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def text_files(*suffixes: str) -> list[Path]:
    """All files with one of these endings."""
    ignored = {line.strip("/") for line in read(".gitignore").splitlines()} | {".git"}
    return sorted(path for path in _below(ROOT, ignored) if path.suffix in suffixes)


def _below(folder: Path, ignored: set[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in ignored:
            continue
        if path.is_dir():
            yield from _below(path, ignored)
        else:
            yield path
