"""Tests on a machine on which nobody can count on being first: `--disorder SEED`."""

import os
from pathlib import Path

_SEED = "WORKSHOP_DISORDER"


def begin(seed: int) -> None:
    """From now on, in this process and in every Python that it starts."""
    if _SEED in os.environ:
        return  # a process of pytest-xdist has it from its parent
    path = os.environ.get("PYTHONPATH")
    os.environ[_SEED] = str(seed)
    folder = str(Path(__file__).parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([folder, *([path] if path else [])])
    from tests.disorder import sitecustomize  # noqa: F401
