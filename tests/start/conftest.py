"""One project that is set up, for all tests that do not need a fresh one: a .venv takes seconds."""

import pytest

from tests.start.project import Project


@pytest.fixture(scope="session")
def project_of_all(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Set up once; every test leaves it so that the next start works."""
    folder = tmp_path_factory.mktemp("start")
    project = Project(folder / "my project", folder / "registry")
    first = project.start("doctor")
    assert first.returncode == 0, first.stderr
    return project


@pytest.fixture
def ready_project(project_of_all: Project) -> Project:
    """That project, asking for the first version of its package whatever tests ran before."""
    project_of_all.lock("1.0")
    return project_of_all
