"""What tests of every kind share: the target that scenarios run against."""

import signal
from collections.abc import Iterator

import boto3
import hypothesis
import pytest

from localaws import EndpointInfo, launch
from tests import fidelity
from tests.scenarios.account import Account
from tests.scenarios.timing import Time

# A slow machine is no defect: speed is measured in `benchmarks/`.
hypothesis.settings.register_profile("workshop", deadline=None)
hypothesis.settings.load_profile("workshop")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workshop")
    group.addoption(
        "--target",
        choices=["embedded", "aws"],
        default="embedded",
        help="where scenarios run: the embedded AWS, or a real account (costs cents, takes hours)",
    )
    group.addoption("--profile", help="--target aws: the AWS profile")
    group.addoption("--region", help="--target aws: the Region")
    group.addoption("--fidelity-report", metavar="FILE", help="write the fidelity report there")
    group.addoption("--account", help="--target aws: the account id that the profile must have")


def pytest_configure(config: pytest.Config) -> None:
    # Whoever starts the tests in the background (`&` in a script) makes them ignore Ctrl-C, and
    # every process of theirs with them: also those that a test ends with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line(
        "markers",
        "embedded(reason): a scenario for the embedded AWS alone, where AWS documents nothing",
    )
    if report := fidelity.plugin(config):
        config.pluginmanager.register(report)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--target") == "embedded":
        return
    for item in items:
        if marker := item.get_closest_marker("embedded"):
            item.add_marker(pytest.mark.skip(reason=marker.args[0]))


@pytest.fixture(scope="session")
def endpoint() -> Iterator[EndpointInfo]:
    """One embedded AWS for the whole run; tests keep apart by the names of what they make."""
    with launch() as running:
        yield running.info


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    """The account of the chosen target; what a test makes in it is removed after the test."""
    account = _real(request.config) or _embedded(request.getfixturevalue("endpoint"))
    try:
        yield account
    finally:
        account.close()


def _embedded(info: EndpointInfo) -> Account:
    session = boto3.Session(
        aws_access_key_id=info.aws_access_key_id,
        aws_secret_access_key=info.aws_secret_access_key,
        region_name=info.region,
    )
    return Account(session, info.endpoint_url, Time(info.clock_url, info.aws_secret_access_key))


def _real(config: pytest.Config) -> Account | None:
    if config.getoption("--target") == "embedded":
        return None
    wanted = config.getoption("--account")
    session = boto3.Session(
        profile_name=config.getoption("--profile"), region_name=config.getoption("--region")
    )
    found = session.client("sts").get_caller_identity()["Account"]
    if not wanted or found != wanted:
        pytest.exit("--account must name the account of --profile; nothing was changed")
    return Account(session, None, Time())
