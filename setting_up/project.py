"""Makes the project itself a part of .venv: its packages can be imported, its kernel be chosen.

Then a notebook that is opened in VS Code, in a JupyterLab of the person's own, or by nbconvert
finds the workshop from whatever folder, and not only in the JupyterLab that start.py starts.
"""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from setting_up.packages import QUIET
from setting_up.telling import ROOT

# How Jupyter calls the kernel; what a person reads is in the file itself.
KERNEL = "lambda-failure-workshop"
SPEC = Path(__file__).with_name("kernel.json")
# What makes another installation of the project necessary.
SOURCES = ("pyproject.toml", "setting_up/kernel.json")


def install_project(python: str, venv: Path, environment: Mapping[str, str]) -> None:
    """Install the project where it lies, without any download, and register its kernel.

    Args:
        python: the interpreter of the .venv.
        venv: the folder of the .venv.
        environment: what pip runs with.
    """
    alone = ["--no-deps", "--no-index", "--no-build-isolation"]
    install = [python, "-m", "pip", "install", *QUIET[1:], *alone, "--editable", str(ROOT)]
    if not _is_done([python, "-c", "import hatchling.build"], environment) or not _is_done(
        install, environment
    ):
        # Some registries do not carry what builds it. All that Python needs is the folder's name.
        packages = packages_of(python, environment)
        packages.joinpath(f"{KERNEL}.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    write_kernel_spec(python, venv / "share" / "jupyter")


def write_kernel_spec(python: str, jupyter: Path) -> Path:
    """Let the Jupyters that look into a data folder list the kernel of this interpreter.

    Args:
        python: the interpreter; by its whole path, for a Jupyter of another environment.
        jupyter: the data folder.
    """
    spec = json.loads(SPEC.read_text(encoding="utf-8"))
    spec["argv"][0] = python
    file = jupyter / "kernels" / KERNEL / "kernel.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(spec, indent=1), encoding="utf-8")
    return file


def _is_done(command: list[str], environment: Mapping[str, str]) -> bool:
    done = subprocess.run(command, capture_output=True, env=dict(environment))
    return done.returncode == 0


def packages_of(python: str, environment: Mapping[str, str]) -> Path:
    """The folder into which an interpreter's packages are installed."""
    where = [python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.check_output(where, text=True, env=dict(environment)).strip())
