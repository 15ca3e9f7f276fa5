"""Scenarios on an account: which one was named, how it is reached, and what is left of a run.

`start.py test --target aws ...` is the way for people: it says before what will be done and asks.
"""

import uuid
from collections.abc import Generator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.scenarios import leftovers
from tests.scenarios.account import Account
from tests.scenarios.timing import Time
from workshop.errors import WorkshopError
from workshop.target.account import open_session
from workshop.target.target import Target

_ID_DIGITS = 12


def add_options(group: Any) -> None:
    """Pytest's options that name an account, or another endpoint that is used as one."""
    group.addoption(
        "--target",
        choices=["embedded", "aws"],
        default="embedded",
        help="where scenarios run: the embedded AWS, or a real account (costs cents, takes hours)",
    )
    group.addoption("--profile", help="--target aws: the AWS profile, or environment")
    group.addoption("--region", help="--target aws: the Region")
    group.addoption("--account", help="--target aws: the account id that the profile must have")
    group.addoption("--endpoint-url", help="--target aws: an endpoint that is used instead of AWS")
    group.addoption("--endpoint-name", help="what that endpoint is, with its version")
    group.addoption(
        "--longest-wait-s",
        type=float,
        help="--target aws: give up each wait after so many seconds (default: as scenarios say)",
    )


def target_of(config: pytest.Config) -> Target | None:
    """The account that the command line names; None for the embedded AWS."""
    if config.getoption("--target") == "embedded":
        return None
    names = ("profile", "region", "account", "endpoint_url")
    given = {name: config.getoption(f"--{name.replace('_', '-')}") for name in names}
    return Target("aws", **given)


def run_id(config: pytest.Config) -> str:
    """The id of this run, the same in every process of it."""
    workerinput = getattr(config, "workerinput", None)
    if workerinput is not None:
        return str(workerinput["testrunuid"])[:_ID_DIGITS]
    if not getattr(config.option, "testrunuid", None):
        config.option.testrunuid = uuid.uuid4().hex
    return str(config.option.testrunuid)[:_ID_DIGITS]


def open_account(config: pytest.Config, target: Target) -> Account:
    """The account of the target, compared with the one that was named; called once a scenario.

    So a session of an hour may be renewed while the scenarios run.
    """
    session = open_session(target)
    keys = session.credentials()
    boto = boto3.Session(
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token or None,
        region_name=target.region,
    )
    time = Time(longest_wait_s=config.getoption("--longest-wait-s"))
    return Account(boto, target.endpoint_url, time, run_id(config))


class Removal:
    """A pytest plugin of the process that began the run: removes what is left in the end.

    Args:
        config: pytest's.
        target: the account.
        folder: where runs are written down.
    """

    def __init__(
        self, config: pytest.Config, target: Target, folder: Path = leftovers.FOLDER
    ) -> None:
        self._target = target
        self._run = run_id(config)
        self._folder = folder
        self._told: list[str] = []
        self._is_begun = False

    def pytest_sessionstart(self) -> None:
        """Remove what earlier runs left; write down that this one begins."""
        try:
            session = open_session(self._target)
        except WorkshopError as error:
            pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
        for run in leftovers.earlier(self._target, self._folder):
            self._tell(run, leftovers.remove(session, run, self._folder))
        leftovers.begin(self._target, self._run, self._folder)
        self._is_begun = True

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Once no scenario runs any more, also after an interruption, remove what is left."""
        yield
        if not self._is_begun:
            return
        left = leftovers.remove(open_session(self._target), self._run, self._folder)
        self._tell(self._run, left)
        if left.resources and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say how much is left."""
        for line in self._told:
            terminalreporter.write_line(line)

    def _tell(self, run: str, left: leftovers.Left) -> None:
        self._told.append(f"{len(left.resources)} left of the run {run}")
        self._told += [f"  {one.kind}: {one.name}" for one in left.resources]
        if left.unknown:
            self._told.append(f"  not listed here: {', '.join(left.unknown)}")


def plugin(config: pytest.Config) -> Removal | None:
    """The plugin, if the scenarios run on an account and this process began the run."""
    target = None if hasattr(config, "workerinput") else target_of(config)
    return None if target is None else Removal(config, target)
