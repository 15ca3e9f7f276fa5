"""What a run says that has no recordings of AWS: which tests did not run, and how they would.

Without recordings the contract tests compare nothing. A person may go on without them; CI may not,
or nobody would notice that they have not run for months.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.contract import recordings
from tests.public_sources import snapshot_file

# A test's property, so that the process that distributes tests knows it of those of the others.
_NOT_RUN = "no recordings of AWS"
_YES = ("1", "true", "yes")


class AbsentRecordings:
    """A pytest plugin that skips the contract tests, counts them, and ends the run with a line.

    Args:
        folder: where no recordings are.
        is_ci: their absence fails the run.
    """

    def __init__(self, folder: Path, *, is_ci: bool) -> None:
        self._folder = folder
        self._is_ci = is_ci
        self._not_run = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Skip what needs recordings."""
        for item in items:
            if item.path.parts[-3:-1] == ("tests", "contract"):
                item.add_marker(pytest.mark.skip(reason=_NOT_RUN))
                item.user_properties.append((_NOT_RUN, True))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what was skipped, here or in another process."""
        self._not_run += report.skipped and _NOT_RUN in dict(report.user_properties)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run, if it is CI's and would have passed."""
        if self._is_ci and self._not_run and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say it where nobody overlooks it."""
        if not self._not_run:
            return
        told = (
            f"{self._not_run} contract tests were not run: no recordings of AWS at {self._folder} "
            '(CONTRIBUTING.md, "Recordings of AWS", says how to get them).'
        )
        if self._is_ci:
            terminalreporter.write_line(f"FAILED, because CI is set: {told}", red=True)
        else:
            terminalreporter.write_line(told, yellow=True)


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
    return AbsentRecordings(recordings.folder(), is_ci=os.environ.get("CI", "").lower() in _YES)


def _incomplete(missing: list[str]) -> str:
    area = missing[0]
    return (
        f"{recordings.folder()}, named by --recordings or {recordings.VARIABLE}, has no recordings "
        f"of {', '.join(missing)}. Of {area}, for instance, they would be in {area}.json or "
        f"{snapshot_file(area)}. CONTRIBUTING.md says how to get them."
    )
