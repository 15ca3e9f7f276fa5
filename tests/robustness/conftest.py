"""One endpoint for each file of tests; its own words are looked at when the file is done."""

from collections.abc import Iterator

import pytest

from localaws import launch
from tests.robustness.client import Target


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A running endpoint, which in the end has nothing to complain of and told no secret."""
    log = tmp_path_factory.mktemp("endpoint") / "log"
    with launch(log=log) as running:
        target = Target(running.info, log, running.process.pid)
        yield target
        assert target.is_alive()
    said = log.read_text()
    assert "Traceback" not in said
    assert running.info.aws_secret_access_key not in said
