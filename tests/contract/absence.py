"""Without recordings of AWS the contract tests compare nothing, and are not run."""

import os
from pathlib import Path

import pytest

from tests import absence
from tests.contract import recordings
from tests.public_sources import snapshot_file


class AbsentRecordings:
    """A pytest plugin that skips the contract tests.

    Args:
        folder: where no recordings are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Skip what needs recordings."""
        told = (
            f"contract tests were not run: no recordings of AWS at {self._folder} "
            '(CONTRIBUTING.md, "Recordings of AWS", says how to get them).'
        )
        for item in items:
            if item.path.parts[-3:-1] == ("tests", "contract"):
                item.add_marker(pytest.mark.skip(reason="no recordings of AWS"))
                absence.note(item, told)


def plugin(config: pytest.Config) -> AbsentRecordings | None:
    """Tell all processes of the run where the recordings are; the plugin, if there are none.

    Raises:
        pytest.UsageError: the folder that was named lacks some.
    """
    option = config.getoption("--recordings")
    if option is not None:
        os.environ[recordings.VARIABLE] = str(Path(option).resolve())
    missing = recordings.missing()
    if not missing:
        return None
    if os.environ.get(recordings.VARIABLE):
        raise pytest.UsageError(_incomplete(missing))
    return AbsentRecordings(recordings.folder())


def _incomplete(missing: list[str]) -> str:
    area = missing[0]
    return (
        f"{recordings.folder()}, named by --recordings or {recordings.VARIABLE}, has no recordings "
        f"of {', '.join(missing)}. Of {area}, for instance, they would be in {area}.json or "
        f"{snapshot_file(area)}. CONTRIBUTING.md says how to get them."
    )
