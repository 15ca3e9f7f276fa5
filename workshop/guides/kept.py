"""Notebooks that ran to their end for pages that are not there yet.

An export puts its pages in place together, at its end. Whoever stops it, or has a notebook fail,
keeps those that ran: the next one may take them as they are, as long as it would run the same.
"""

import hashlib
import json
import os
import platform
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from workshop.masking.known import Known
from workshop.target.folders import PROJECT
from workshop.target.target import Target

FOLDER = "kept-for-guides"
_PACKAGES = Path(__file__).resolve().parents[2]
# Whatever an executed notebook depends on.
_CODE = (
    *(_PACKAGES / name for name in ("workshop", "localaws")),
    *(PROJECT / name for name in ("infra", "lambda", "app.py", "requirements.txt")),
)


class Kept:
    """What was run for pages, by this code on this target.

    Args:
        folder: where it is kept; made when there is something.
        maker: what runs the notebooks, see `maker_of`.
    """

    def __init__(self, folder: Path, maker: str) -> None:
        self._folder = folder
        self._maker = maker

    def keep(self, path: Path, executed: NotebookNode, known: Sequence[Known] = ()) -> None:
        """Keep one, readable by its owner alone.

        Args:
            path: the notebook, as it is stored.
            executed: the same with its outputs, as it ran.
            known: what a mask has to know for it; nothing that is a secret for longer.
        """
        text = json.dumps({"notebook": executed, "known": [asdict(one) for one in known]})
        # A full disk is told by who writes pages.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._file(path))

    def of(self, path: Path) -> tuple[NotebookNode, list[Known]] | None:
        """What was kept of one; None where it would run differently now, or nothing was kept."""
        try:
            told: Any = json.loads(self._file(path).read_text(encoding="utf-8"))
            return nbformat.from_dict(told["notebook"]), [Known(**one) for one in told["known"]]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def number(self, paths: Sequence[Path]) -> int:
        """Of how many notebooks something is kept that can be used."""
        return sum(self._file(path).exists() for path in paths)

    def forget(self, paths: Sequence[Path]) -> None:
        """Remove what was kept of these notebooks, whatever ran them."""
        with suppress(OSError):
            names = "|".join(re.escape(path.stem) for path in paths)
            for file in self._folder.iterdir():
                if re.fullmatch(rf"(?:{names})-[0-9a-f]{{16}}\.json|tmp\w+", file.name):
                    file.unlink()
            self._folder.rmdir()

    def _file(self, path: Path) -> Path:
        key = hashlib.sha256(self._maker.encode() + path.read_bytes()).hexdigest()[:16]
        return self._folder / f"{path.stem}-{key}.json"


def maker_of(target: Target, lateness: int | None) -> str:
    """What makes an executed notebook what it is, beside itself: code, Python, target."""
    digest = hashlib.sha256(f"{platform.python_version()} {target!r} {lateness}".encode())
    for file in _files():
        digest.update(str(file).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for root in _CODE:
        for file in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if file.is_file() and file.suffix != ".pyc":
                yield file
