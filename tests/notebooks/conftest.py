"""One copy of the project, with an embedded AWS of its own, for all notebooks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keeping import end_embedded

from .running import PROJECT

PARTS = ("app.py", "cdk.json", "requirements.txt", "images", "infra", "lambda", "localaws")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project: its embedded AWS is not the one that a person may be working with."""
    copy = tmp_path_factory.mktemp("project")
    for part in (*PARTS, "notebooks", "workshop"):
        source, target = PROJECT / part, copy / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    yield copy
    end_embedded(copy)
