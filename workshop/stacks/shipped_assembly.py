"""The cloud assembly that the project brings along: a first start needs no CDK app, nor Node.js.

`infra/assembly/` holds what the app makes where no participant and no account is named: the
templates, the lists of assets, and of what each asset is made. It is used while it is of what the
app is now. Whoever changes the app has it run, and writes this one anew (`prepare --assembly`).
"""

import filecmp
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workshop.stacks import children

FOLDER = Path("infra", "assembly")
# A file that tells of which app an assembly is.
STAMP = "fingerprint"
# Asset -> the folder of which it is a copy, or the module of the CDK app that writes it.
_ORIGINS = "origins.json"
_LAYER = "infra.powertools_files"
_MANIFEST = "manifest.json"
# Of the manifest, what `cloud_assembly` reads: the rest is for the CDK CLI, which never gets this.
_READ = ("type", "properties", "dependencies")
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc")


def unpack(folder: Path, project: Path, on_progress: Callable[[str], None]) -> bool:
    """Make the assembly's folder of what the project brings along, but for its stamp.

    Returns:
        Whether that could be done; False where packages are missing of which an asset is made.
    """
    shipped = project / FOLDER
    for name, origin in json.loads((shipped / _ORIGINS).read_text(encoding="utf-8")).items():
        shutil.rmtree(folder / name, ignore_errors=True)
        if (project / origin).is_dir():
            shutil.copytree(project / origin, folder / name, ignore=_NOT_COPIED)
            continue
        written = children.run_telling(
            [sys.executable, "-m", origin, str(folder / name)],
            f"writing what {origin} makes",
            on_progress,
            folder=project,
            environment=os.environ,
        )
        if written.returncode != 0:
            return False
    for file in _files(shipped):
        shutil.copy(file, folder)
    return True


def pack(assembly: Path, project: Path) -> None:
    """Write what the project brings along, of an assembly that its app has just made."""
    shipped = project / FOLDER
    shutil.rmtree(shipped, ignore_errors=True)
    shipped.mkdir(parents=True)
    shutil.copy(assembly / STAMP, shipped)
    for file in _files(assembly):
        content = json.loads(file.read_text(encoding="utf-8"))
        if file.name == _MANIFEST:
            content["artifacts"] = {name: _read(one) for name, one in content["artifacts"].items()}
        _write(shipped / file.name, content)
    assets = sorted(one for one in assembly.iterdir() if one.is_dir())
    _write(shipped / _ORIGINS, {one.name: _origin(one, project) for one in assets})


def _files(folder: Path) -> list[Path]:
    """The files of an assembly that are read from it."""
    found = [*folder.glob("*.template.json"), *folder.glob("*.assets.json"), folder / _MANIFEST]
    return sorted(found)


def _read(artifact: dict[str, Any]) -> dict[str, Any]:
    return {name: artifact[name] for name in _READ if name in artifact}


def _origin(asset: Path, project: Path) -> str:
    for folder in sorted((project / "lambda").iterdir()):
        names = [one.name for one in folder.glob("*.py")]
        is_of = sorted(names) == sorted(one.name for one in asset.iterdir())
        if is_of and not any(filecmp.cmpfiles(folder, asset, names, shallow=False)[1:]):
            return folder.relative_to(project).as_posix()
    return _LAYER


def _write(file: Path, content: dict[str, Any]) -> None:
    """Write it as the project's other files are: what CloudFormation reads of it is the same."""
    file.write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
