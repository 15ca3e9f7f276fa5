"""What tests of every kind share: the target that scenarios run against."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import hypothesis
import pytest

from localaws import EndpointInfo, launch
from tests import absence, disorder, service_models
from tests.contract.absence import plugin as absent_recordings
from tests.copied_project import copy_project, end_embedded
from tests.scenarios import fidelity, on_account
from tests.scenarios.account import Account
from tests.scenarios.timing import PROPAGATION_S, time_of
from workshop.guides import formats
from workshop.target import embedded

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.distribution import BySetUp

# Before the first test reads a notebook.
formats.leave_out_addresses()

# A slow machine is no defect: speed is measured in `benchmarks/`. And the same tests find the same:
# `--hypothesis-profile default` looks elsewhere each time.
hypothesis.settings.register_profile(
    "workshop",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("workshop")

# They run a program for minutes. First, so that no process has one left when the others are done.
LONG = (
    "tests/cli/test_lab.py",
    "tests/guides/test_series_of_guides.py",
    "tests/notebooks/",
    "tests/policies/test_deployment.py",
    "tests/policies/test_series.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workshop")
    on_account.add_options(group)
    group.addoption("--fidelity-report", metavar="FILE", help="write the fidelity report there")
    group.addoption(
        "--recordings",
        metavar="DIR",
        help="what AWS answered, for tests/contract: the checkout that CONTRIBUTING.md tells of, "
        "or a folder with one file per area (default: $FAILURE_WORKSHOP_RECORDINGS, else "
        "../shared/aws-recordings)",
    )
    group.addoption(
        "--lateness",
        type=int,
        metavar="SEED",
        help="scenarios and notebooks meet an embedded AWS that is as late as AWS (docs/lateness)",
    )
    group.addoption(
        "--disorder",
        type=int,
        metavar="SEED",
        help="threads begin and end late at random: finds what depends on how busy a machine is",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Whoever starts the tests in the background (`&` in a script) makes them ignore Ctrl-C, and
    # every process of theirs with them: also those that a test ends with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    service_models.share()
    if (seed := config.getoption("--disorder")) is not None:
        disorder.begin(seed)
    if config.getoption("--target") == "embedded":
        _forget_the_persons_settings()
    config.addinivalue_line(
        "markers",
        "embedded(reason): a scenario for the embedded AWS alone, where AWS documents nothing",
    )
    config.addinivalue_line(
        "markers",
        "punctual(reason): not run with --lateness, which changes the very thing it asserts",
    )
    config.pluginmanager.register(absence.plugin())
    plugins = (on_account.plugin(config), fidelity.plugin(config), absent_recordings(config))
    for plugin in plugins:
        if plugin is not None:
            config.pluginmanager.register(plugin)


def _forget_the_persons_settings() -> None:
    """No profile, endpoint or proxy of this machine may stand between tests and their endpoint."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "BySetUp | None":
    # Imported late: xdist can be switched off.
    from tests.distribution import BySetUp

    return BySetUp(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    if config.getoption("--lateness") is not None:
        _skip_marked(items, "punctual")
    if config.getoption("--target") == "embedded":
        return
    _skip_marked(items, "embedded")
    for item in items:
        if "account" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="starts an embedded AWS of its own"))


def _skip_marked(items: list[pytest.Item], name: str) -> None:
    for item in items:
        if marker := item.get_closest_marker(name):
            item.add_marker(pytest.mark.skip(reason=marker.args[0]))


@pytest.fixture(scope="session")
def lateness(request: pytest.FixtureRequest) -> int | None:
    """The seed with which the embedded AWS is late; None where it is punctual."""
    seed: int | None = request.config.getoption("--lateness")
    return seed


@pytest.fixture(scope="session")
def endpoint(lateness: int | None) -> Iterator[EndpointInfo]:
    """One embedded AWS for the whole run; tests keep apart by the names of what they make."""
    with launch(lateness=lateness) as running:
        yield running.info


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, lateness: int | None) -> Iterator[Path]:
    """One copy of the project, with an embedded AWS of its own, for notebooks and commands."""
    copy = tmp_path_factory.mktemp("project")
    copy_project(copy)
    if lateness is None:
        yield copy
    else:
        with embedded.own(copy, lateness=lateness):
            yield copy
    end_embedded(copy)


@pytest.fixture
def untouched_project(tmp_path: Path) -> Iterator[Path]:
    """A copy of the project for one test: no other one has started or written anything there."""
    copy = tmp_path / "project"
    copy.mkdir()
    copy_project(copy)
    yield copy
    end_embedded(copy)


@pytest.fixture(scope="module")
def browser() -> Iterator["BrowserContext"]:
    """One browser for a file's tests, which must be without event loops; see `tests.browser`."""
    # Those who need no browser need not load its driver.
    from tests.browser import chromium

    with chromium() as context:
        yield context


@pytest.fixture
def page(browser: "BrowserContext") -> Iterator["Page"]:
    """A new tab."""
    with browser.new_page() as page:
        yield page


@pytest.fixture
def stopped(browser: "BrowserContext") -> Iterator["Page"]:
    """A tab in which time passes as a test says; see `tests.browser`."""
    from tests.browser import stopped_page

    assert browser.browser is not None
    with stopped_page(browser.browser) as page:
        yield page


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    """The account of the chosen target; what a test makes in it is removed after the test."""
    target = on_account.target_of(request.config)
    if target is None:
        account = _embedded(request.getfixturevalue("endpoint"))
    else:
        account = on_account.open_account(request.config, target)
    began_s = account.time.now_s()
    try:
        yield account
    finally:
        took_s = account.time.now_s() - began_s + PROPAGATION_S * account.time.spared
        if request.node.get_closest_marker("embedded") is None:
            effort = (fidelity.EFFORT, (took_s, account.requests))
            request.node.user_properties.append(effort)
        account.close()


def _embedded(info: EndpointInfo) -> Account:
    session = boto3.Session(
        aws_access_key_id=info.aws_access_key_id,
        aws_secret_access_key=info.aws_secret_access_key,
        region_name=info.region,
    )
    return Account(session, info.endpoint_url, time_of(info))
