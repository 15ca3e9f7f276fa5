"""What a run says of tests that were not run, because something that they need is not there.

A person may go on without it; CI may not, or nobody would notice that they have not run for months.
"""

import os
from collections import Counter
from typing import Any

import pytest

# A test's property, so that the process that distributes tests knows it of those of the others.
_NOT_RUN = "not run"
_YES = ("1", "true", "yes")


def note(test: pytest.Item, told: str) -> None:
    """Have it counted once it is skipped.

    Args:
        told: what comes after the number, such as "tests of X were not run: no Y (do Z).".
    """
    test.user_properties.append((_NOT_RUN, told))


class Absences:
    """A pytest plugin that counts such tests, and ends the run with a line for each kind.

    Args:
        is_ci: their absence fails the run.
    """

    def __init__(self, *, is_ci: bool) -> None:
        self._is_ci = is_ci
        self._not_run = Counter[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what was skipped, here or in another process."""
        told = dict(report.user_properties).get(_NOT_RUN)
        if report.skipped and told is not None:
            self._not_run[str(told)] += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run, if it is CI's and would have passed."""
        if self._is_ci and self._not_run and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say it where nobody overlooks it."""
        for told, count in self._not_run.items():
            if self._is_ci:
                terminalreporter.write_line(f"FAILED, because CI is set: {count} {told}", red=True)
            else:
                terminalreporter.write_line(f"{count} {told}", yellow=True)


def plugin() -> Absences:
    """The plugin; `CI` in the environment says whose run it is."""
    return Absences(is_ci=os.environ.get("CI", "").lower() in _YES)
