"""A tiny project with the real start.py, whose lock file needs one tiny wheel from a folder."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

# Stands for the workshop package: tells what it was started with.
ECHO = """
import json, os, sys
import morsel
told = {"arguments": sys.argv[1:], "folder": os.getcwd(), "prefix": sys.prefix}
print("ECHO", json.dumps({**told, "morsel": morsel.VERSION}))
sys.exit(int(os.environ.get("ECHO_EXIT", "0")))
"""


class Project:
    """A folder with start.py, a lock file, and a package registry that is a folder.

    Args:
        root: the project's folder; made here.
        registry: a folder for wheels; made here.
    """

    def __init__(self, root: Path, registry: Path) -> None:
        self.root, self.registry = root, registry
        registry.mkdir(parents=True, exist_ok=True)
        (root / "workshop").mkdir(parents=True)
        for file in ("start.py", "pyproject.toml"):
            shutil.copy(PROJECT / file, root)
        shutil.copytree(PROJECT / "setting_up", root / "setting_up")
        # A whole package: the one that is installed where the tests run would win over less.
        (root / "workshop" / "__init__.py").write_text("")
        (root / "workshop" / "__main__.py").write_text(ECHO)
        self.lock("1.0")
        for empty in ("requirements-dev.txt", "requirements-setup.txt"):
            (root / empty).write_text("")

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def lock(self, version: str, *, digest: str | None = None) -> None:
        """Make the lock file ask for this version of the package."""
        module = {"morsel.py": f'VERSION = "{version}"\n'}
        digest = digest or make_wheel(self.registry, "morsel", version, module)
        (self.root / "requirements.txt").write_text(locked("morsel", version, digest))

    def bring_uv(self, main: str, version: str) -> None:
        """Let the registry have a uv, which is this `__main__` alone."""
        files = {"uv/__init__.py": "", "uv/__main__.py": main}
        digest = make_wheel(self.registry, "uv", version, files)
        (self.root / "requirements-setup.txt").write_text(locked("uv", version, digest))

    def start(
        self,
        *arguments: str,
        python: str = sys.executable,
        cwd: Path | None = None,
        **variables: str,
    ) -> "subprocess.CompletedProcess[str]":
        """Run start.py; variables are added to a bare environment."""
        return subprocess.run(
            [python, str(self.root / "start.py"), *arguments],
            cwd=cwd or self.root,
            env=self.environment() | variables,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def environment(self) -> dict[str, str]:
        """Nothing of the person's own but the PATH; packages come from the folder alone."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.registry),
            "PIP_CONFIG_FILE": os.devnull,
        }


def locked(name: str, version: str, digest: str) -> str:
    """A line of a lock file."""
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def make_wheel(folder: Path, name: str, version: str, modules: Mapping[str, str]) -> str:
    """Write a wheel of these modules (path -> text); returns its SHA-256."""
    info = f"{name}-{version}.dist-info"
    files = {
        **modules,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},sha256={_digest(text)},{len(text)}\n" for file, text in files.items())
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, text in {**files, f"{info}/RECORD": record + f"{info}/RECORD,,\n"}.items():
            # A fixed date: the same version has the same hash whenever it is made.
            wheel.writestr(zipfile.ZipInfo(file, (2024, 1, 1, 0, 0, 0)), text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
