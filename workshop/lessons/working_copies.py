"""The notebooks that a learner works in: copies in `workspace/`, which git does not look at.

What autosave writes, and what a learner tries, then changes nothing of the workshop itself. The
folder stands beside `notebooks/`, so pictures and links of a copy lead where the original's do.
A copy knows what it was copied from: one in which nothing was changed follows the workshop when
that is updated, one that was is kept.
"""

import datetime as dt
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop.errors import UsageError
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE
from workshop.target.commands import start_command
from workshop.target.folders import PROJECT, home_of
from workshop.target.target import Target

FOLDER = "workspace"
# Beside the notebooks: helps a kernel in which the workshop is not installed.
GUARD = "workshop.py"
# Where a copy keeps the digest of the original, in the notebook's metadata.
_ORIGIN = "workshop_original"


@dataclass(frozen=True)
class Fresh:
    """A notebook that is as it was at first.

    Attributes:
        notebook: the copy.
        kept: where the one before it is now; None if there was none that somebody had changed.
    """

    notebook: Path
    kept: Path | None

    def __repr__(self) -> str:
        before = f" Yours is kept as {self.kept.name}." if self.kept else ""
        return (
            f"{self.notebook.name} is as it was at first.{before}\n"
            "If it is open: File > Reload Notebook from Disk, then Kernel > Restart Kernel."
        )


class WorkingCopies:
    """The copies of one project.

    Args:
        project: the folder with `notebooks/`.
    """

    def __init__(self, project: Path = PROJECT) -> None:
        self._originals = project / "notebooks"
        self._project, self._home = project, home_of(project)
        self.folder = self._home / FOLDER

    @property
    def first(self) -> Path:
        """The copy of the first notebook; not one that was kept, whose name begins alike."""
        return self.folder / min(self._originals.glob("[0-9]*.ipynb")).name

    def bring(self, target: Target | None = None) -> list[str]:
        """Make what is missing, renew what nobody changed.

        Args:
            target: what the notebooks will work on; default the embedded AWS.

        Returns:
            A sentence for each copy that was renewed, or that the workshop has a newer one of.
        """
        self.folder.mkdir(exist_ok=True)
        self._bring_what_they_need()
        originals = sorted(self._originals.glob("*.ipynb"))
        told = [self._bring(original, target or Target()) for original in originals]
        return [sentence for sentence in told if sentence]

    def fresh(self, name: str, now: dt.datetime) -> Fresh:
        """Make one notebook as it was at first; a copy that somebody changed is kept beside it.

        Args:
            name: the notebook's name or the beginning of it: `"01"`.
            now: goes into the name of the one that is kept.

        Raises:
            UsageError: no notebook has that name, or several do.
        """
        original = self._named(name)
        copy, kept = self.folder / original.name, None
        self.folder.mkdir(exist_ok=True)
        if copy.exists() and not _is_unchanged(_read(copy)):
            kept = _unused(copy.with_stem(f"{copy.stem}-{now:%Y-%m-%d-%H%M%S}"))
            copy.rename(kept)
        _copy(original, copy)
        return Fresh(copy, kept)

    def _bring_what_they_need(self) -> None:
        """The pictures beside the copies' folder, and what says which kernel to choose."""
        if self._home != self._project:
            pictures = self._home / "images"
            shutil.copytree(self._project / "images", pictures, dirs_exist_ok=True)
        guard = self._originals / GUARD
        if guard.exists():
            shutil.copy(guard, self.folder)

    def _bring(self, original: Path, target: Target) -> str:
        copy = self.folder / original.name
        if not copy.exists():
            _copy(original, copy)
            return ""
        mine, newest = _read(copy), _digest(_read(original))
        if mine.get("metadata", {}).get(_ORIGIN) == newest or _digest(mine) == newest:
            return ""
        if _is_unchanged(mine):
            _copy(original, copy)
            return f"{copy.name} is newer now: the workshop was updated, and yours was unchanged."
        return (
            f"{copy.name}: the workshop has a newer one, and you changed yours, which is kept. "
            f"`{start_command(target, 'lab', '--fresh', copy.stem[:2])}` takes the new one and "
            "keeps yours beside it."
        )

    def _named(self, name: str) -> Path:
        names = [path.stem for path in sorted(self._originals.glob("*.ipynb"))]
        found = [known for known in names if known.startswith(beginning(name))] if name else []
        if len(found) != 1:
            raise UsageError(
                f"{name!r} is the beginning of {len(found)} notebooks.",
                f"There are: {', '.join(names)}.",
            )
        return self._originals / f"{found[0]}.ipynb"


def beginning(name: str) -> str:
    """How the name of a notebook begins that somebody means: 1 is 01, and not all from 10 on."""
    return name.zfill(2) if name.isdecimal() else name


def fresh_copy(name: str = "", project: Path = PROJECT) -> Fresh:
    """Make a notebook of `workspace/` as it was at first, and keep the one before it.

    Args:
        name: the notebook's name or the beginning of it, such as "01"; default: the one that this
            is called in.
        project: the project folder.

    Raises:
        UsageError: no notebook has that name, or several do.
    """
    here = Path(os.environ.get(NOTEBOOK_VARIABLE, "")).stem
    return WorkingCopies(project).fresh(name or here, dt.datetime.now().astimezone())


def _read(path: Path) -> dict[str, Any]:
    """A notebook; of a file that is none, an empty one, which is like no other."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _digest(notebook: dict[str, Any]) -> str:
    """Of what a person writes: the cells' texts, not what running them adds."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook.get("cells", [])]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _is_unchanged(copy: dict[str, Any]) -> bool:
    """Whether nobody wrote into it; it may have been run."""
    return bool(_digest(copy) == copy.get("metadata", {}).get(_ORIGIN))


def _copy(original: Path, copy: Path) -> None:
    notebook = _read(original)
    notebook["metadata"] = {**notebook["metadata"], _ORIGIN: _digest(notebook)}
    # In one step: JupyterLab may be reading it.
    draft = copy.with_suffix(f".{os.getpid()}.tmp")
    text = json.dumps(notebook, ensure_ascii=False, indent=1)
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.replace(copy)


def _unused(path: Path) -> Path:
    """The path, or one like it that nothing has."""
    number = 1
    while path.exists():
        number += 1
        path = path.with_stem(f"{path.stem.partition('~')[0]}~{number}")
    return path
