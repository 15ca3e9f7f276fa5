"""What scenarios share that go through the workshop package, as notebooks do."""

from collections.abc import Iterator

import pytest

import workshop
from workshop import connection
from workshop.lab import Lab
from workshop.target import embedded


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, lateness: int | None) -> Iterator[Lab]:
    """A lab on an embedded AWS of its own, with the patterns deployed."""
    project = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch, embedded.own(project, lateness=lateness):
        patch.setattr(connection, "PROJECT", project)
        yield workshop.connect()
