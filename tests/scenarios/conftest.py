"""What scenarios share that go through the workshop package, as notebooks do."""

from collections.abc import Iterator

import pytest

import workshop
from localaws import EndpointInfo
from tests.other_account import other_account
from tests.scenarios.timing import Time, time_of
from workshop import connection
from workshop.lab import Lab
from workshop.target import embedded
from workshop.target.target import Target

UNUSED = "111111111111"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, lateness: int | None) -> Iterator[Lab]:
    """A lab on an embedded AWS of its own, with the patterns deployed."""
    project = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch, embedded.own(project, lateness=lateness):
        patch.setattr(connection, "PROJECT", project)
        yield workshop.connect()


@pytest.fixture(scope="module")
def unused(lateness: int | None) -> Iterator[EndpointInfo]:
    """An account that nobody has used yet."""
    with other_account(UNUSED, lateness) as running:
        yield running.info


@pytest.fixture
def time(unused: EndpointInfo) -> Time:
    """The time of that account."""
    return time_of(unused)


@pytest.fixture
def target(unused: EndpointInfo, monkeypatch: pytest.MonkeyPatch) -> Target:
    """That account as somebody's own, with an administrator's keys in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", unused.aws_access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", unused.aws_secret_access_key)
    return Target(
        "aws",
        profile="environment",
        region=unused.region,
        account=UNUSED,
        endpoint_url=unused.endpoint_url,
    )
