"""Where no registry answers, what needs the tools is not run, and the run says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop.target.folders import HOME_VARIABLE
from workshop.target.target import PROJECT

ONE = "tests/clients/test_aws_cli.py::test_live_tail_is_refused_by_us"


@pytest.mark.parametrize(
    ("is_ci", "begins", "code"),
    [
        ("false", "", pytest.ExitCode.OK),
        ("true", "FAILED, because CI is set: ", pytest.ExitCode.TESTS_FAILED),
    ],
)
def test_a_run_without_a_registry_ends_with_one_line_about_it(
    tmp_path: Path, is_ci: str, begins: str, code: int
) -> None:
    # Given a machine on which nothing has been installed, and nothing can be
    nothing = {"UV_OFFLINE": "1", "UV_NO_CACHE": "1", HOME_VARIABLE: str(tmp_path)}
    # When a scenario of the tools is run
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", ONE],
        cwd=PROJECT,
        env={**os.environ, **nothing, "CI": is_ci},
        capture_output=True,
        text=True,
    )
    # Then it is skipped, told with the reason, and on CI a failure
    assert done.returncode == code, done.stdout
    told = [line for line in done.stdout.splitlines() if "not run" in line]
    begin = f"{begins}1 scenarios of AWS's tools were not run: they could not be installed from a"
    assert [line.startswith(begin) for line in told] == [True], done.stdout
