"""Environment variables for Jupyter servers and kernels that the workshop starts."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from workshop.lessons.extensions import EXTENSIONS
from workshop.stacks.node import cdk_environment
from workshop.target.environment import without_accounts
from workshop.target.folders import PROJECT, state_of


def jupyter_environment(
    project: Path = PROJECT, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What a kernel needs, and nothing of the person's own Jupyter and IPython settings.

    Their start-up scripts, kernels and server settings (such as a password) would make the
    workshop behave differently from machine to machine; and a first start in an empty home
    directory should not fill it.

    Args:
        project: the project folder; everything is kept in this person's `.workshop/`.
        base: the variables that lead to the target (`lab.session.environment()`); default those of
            this process without any that lead to an account.
    """
    state = state_of(project) / "jupyter"
    _write_profile(state / "ipython")
    environment = cdk_environment(base=without_accounts(os.environ) if base is None else base)
    paths = [str(project), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    environment |= {
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(state / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "IPYTHONDIR": str(state / "ipython"),
        "MPLCONFIGDIR": str(state / "matplotlib"),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(path for path in paths if path)),
        # A debugger's warning about frozen modules would end up in notebooks and guides.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return environment


def python_command(*arguments: str) -> list[str]:
    """A command for this interpreter that does not import from the current folder."""
    return [sys.executable, "-P", *arguments]


def _write_profile(folder: Path) -> None:
    """IPython's settings for kernels, and nothing for an IPython in a terminal."""
    file = folder / "profile_default" / "ipython_kernel_config.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"InteractiveShellApp": {"extensions": list(EXTENSIONS)}})
    # Only when it differs: another command's kernel may be reading it.
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")
