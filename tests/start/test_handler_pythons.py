"""start.py brings what functions of another runtime need, where the machine has its Python."""

import os
import sys
from pathlib import Path

import pytest

from setting_up.handler_pythons import candidates, pins
from tests.start.project import Project, locked, make_wheel

pytestmark = pytest.mark.skipif(os.name == "nt", reason="interpreters here are scripts")

OTHER = "python3.14" if sys.version_info[:2] != (3, 14) else "python3.13"
NEEDED = "localaws/lambda_/runtime/child/trial.py"

# Stands for the trial: the interpreter is the version that its script says.
TRIAL = """
import json, os, pathlib, sys
own = "python%d.%d" % sys.version_info[:2]
told = {"runtime": os.environ.get("PLAYS", own), "executable": os.environ.get("IS", sys.executable)}
if sys.argv[1] == "compile":
    assert pathlib.Path(sys.argv[2], "time_machine.py").exists(), sys.argv
    assert not os.environ.get("CANNOT")
print(json.dumps(told))
"""


def program(path: Path, text: str = "exit 127", mode: int = 0o755) -> Path:
    """A script under an interpreter's name; by itself one that fails, as launchers can."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(mode)
    return path


def other_python(path: Path, more: str = "") -> Path:
    """An interpreter of the other version."""
    return program(path, f"PLAYS={OTHER} IS='{path}' {more} exec '{sys.executable}' \"$@\"")


class Machine:
    """A project, and a person's folder in which other Pythons may be."""

    def __init__(self, folder: Path) -> None:
        self.project = Project(folder / "project", folder / "registry")
        trial = self.project.root / NEEDED
        trial.parent.mkdir(parents=True)
        trial.write_text(TRIAL)
        self.lock = self.project.root / "requirements.txt"
        self.digest = self.publish("1.0")
        self.lock.write_text(
            self.lock.read_text() + locked("time-machine", "1.0", self.digest) + "    # via x\n"
        )
        self.python = self.project.root / "home/.pyenv/versions/3.14.2/bin" / OTHER
        self.listed = self.project.venv / "handlers" / OTHER / "interpreters"

    def publish(self, version: str) -> str:
        """Let the registry have the package."""
        module = {"time_machine.py": f"VERSION = '{version}'"}
        return make_wheel(self.project.registry, "time_machine", version, module)

    def start(self, command: str = "doctor", **variables: str) -> list[str]:
        """Lines of start.py that are none of the command's own; it must not fail."""
        self.project.root.joinpath("bin").mkdir(exist_ok=True)
        path = {"PATH": str(self.project.root / "bin")}
        done = self.project.start(command, **{**path, **variables})
        assert done.returncode == 0, done.stderr
        return [line for line in done.stdout.splitlines() if line.startswith("Functions of")]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    assert machine.start() == []
    return machine


@pytest.fixture
def machine(ready: Machine) -> Machine:
    """Set up, as if no other Python had ever been there."""
    for path in (ready.python, ready.listed, ready.project.venv / "handlers" / "tried"):
        path.unlink(missing_ok=True)
    ready.publish("1.0")
    return ready


def test_a_python_that_came_later_is_found_once_and_told(machine: Machine) -> None:
    other_python(machine.python)
    assert machine.start() == [f"Functions of {OTHER} run on {machine.python}"]
    assert machine.listed.read_text() == f"{machine.python}\n"
    # And no later start has anything to do: what is installed needs no registry
    assert machine.start(PIP_FIND_LINKS="/nowhere") == []
    assert machine.listed.exists()


def test_a_second_one_is_added(machine: Machine) -> None:
    other_python(machine.python)
    machine.start()
    second = other_python(machine.project.root / "bin" / OTHER)
    try:
        assert machine.start(PIP_FIND_LINKS="/nowhere") == [f"Functions of {OTHER} run on {second}"]
    finally:
        second.unlink()
    assert machine.listed.read_text().splitlines() == [str(second), str(machine.python)]


def test_what_cannot_be_fetched_is_no_failure_and_tried_again_by_prepare(machine: Machine) -> None:
    other_python(machine.python)
    missing = (
        f"Functions of {OTHER} run on the Python of .venv: its packages could not be fetched "
        "(`start.py prepare` tries again)"
    )
    assert machine.start(PIP_FIND_LINKS="/nowhere") == [missing]
    assert not machine.listed.parent.exists()
    # Nor does each start try again
    assert machine.start() == []
    assert machine.start("prepare") == [f"Functions of {OTHER} run on {machine.python}"]


def test_a_file_without_the_locks_hash_is_none(machine: Machine) -> None:
    other_python(machine.python)
    make_wheel(machine.project.registry, "time_machine", "1.0", {"time_machine.py": "evil = 1"})
    [told] = machine.start()
    assert "could not be fetched" in told
    assert not machine.listed.parent.exists()


def test_a_launcher_that_fails_is_silence(machine: Machine) -> None:
    program(machine.python)
    assert machine.start() == []
    assert not machine.listed.exists()


def test_one_that_cannot_load_its_packages_is_said(machine: Machine) -> None:
    other_python(machine.python, "CANNOT=1")
    told = f"Functions of {OTHER} run on the Python of .venv: {machine.python} cannot load"
    assert machine.start() == [f"{told} its packages"]
    assert not machine.listed.exists()


def test_where_they_are_looked_for(tmp_path: Path) -> None:
    home, opt = tmp_path / "home", tmp_path / "elsewhere"
    wanted = [
        program(tmp_path / "bin" / "python3.12"),
        program(home / ".pyenv/versions/3.12.10/bin/python3.12"),
        program(home / ".pyenv/versions/3.12.9/bin/python3.12"),
        program(home / ".local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3.12"),
    ]
    program(home / ".pyenv/versions/3.13.1/bin/python3.13")
    program(opt / "python3.12", mode=0o644)
    (tmp_path / "folder" / "python3.12").mkdir(parents=True)
    folders = (opt, "", "bin", tmp_path / "folder", tmp_path / "bin", tmp_path / "nowhere")
    told = {"PATH": os.pathsep.join(map(str, folders)), "HOME": str(home)}
    assert list(candidates("python3.12", told)) == [str(path) for path in wanted]
    # And where a person keeps them elsewhere
    told |= {"PYENV_ROOT": str(home / "none"), "UV_PYTHON_INSTALL_DIR": str(home / "none")}
    assert list(candidates("python3.12", told)) == [str(wanted[0])]


def test_the_lock_files_own_hashes_are_asked_for() -> None:
    lock = Path(__file__).parents[2].joinpath("requirements.txt").read_text("utf-8")
    lines = pins(lock).splitlines()
    assert [line.partition("==")[0] for line in lines if "==" in line] == [
        "simplejson",
        "time-machine",
    ]
    assert all(line.startswith("    --hash=sha256:") for line in lines if "==" not in line)
