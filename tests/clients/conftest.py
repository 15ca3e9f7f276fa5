"""What the scenarios of the tools share: the tools, and an embedded AWS as `local` starts it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from localaws import EndpointInfo, launch
from tests import absence
from tests.clients import installed, programs
from tests.clients.installed import Installed, NotInstalled
from tests.clients.programs import Programs


@pytest.fixture(scope="session")
def endpoint() -> Iterator[EndpointInfo]:
    """Time flows, for tools that sleep between two looks; tests skip what they wait for."""
    with launch(time="flow") as running:
        yield running.info


@pytest.fixture(scope="session")
def found() -> Installed | NotInstalled:
    """The tools, or why there are none."""
    try:
        return installed.install()
    except NotInstalled as error:
        return error


@pytest.fixture
def tools(
    request: pytest.FixtureRequest,
    found: Installed | NotInstalled,
    endpoint: EndpointInfo,
    tmp_path: Path,
) -> Iterator[Programs]:
    """The tools; none of them asks for anything outside this machine."""
    if isinstance(found, NotInstalled):
        absence.note(request.node, f"scenarios of AWS's tools were not run: {found}")
        pytest.skip("AWS's tools could not be installed")
    with programs.outside() as witness:
        yield Programs(found, endpoint, witness.address, tmp_path)
    assert witness.asked == []
