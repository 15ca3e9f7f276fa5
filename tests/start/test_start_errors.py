"""What goes wrong at the first start is one sentence and a remedy, never a traceback."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.robustness.processes import wait_for_writer
from tests.start.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project", tmp_path / "registry")


def patch(project: Project, module: str, code: str) -> None:
    """Put a module where PYTHONPATH=<project>/stub finds it before the real one."""
    (project.root / "stub").mkdir()
    (project.root / "stub" / module).write_text(code)


def assert_explained(done: "subprocess.CompletedProcess[str]", happened: str, remedy: str) -> None:
    assert done.returncode == 1
    assert happened in done.stderr
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.10"])
def test_python_too_old(project: Project, version: str) -> None:
    old = _python(version)
    if old is None:
        pytest.skip(f"no Python {version} here")
    done = project.start("doctor", python=old)
    assert_explained(done, f"this is Python {version}", "Install a newer Python")


def test_python_too_old_is_looked_at_first(project: Project) -> None:
    # Given this Python claiming to be an old one, whatever Pythons this machine has
    script = "import runpy, sys; sys.version_info = (3, 9, 1); runpy.run_path('start.py')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project.root, capture_output=True, text=True
    )
    assert_explained(done, "this is Python 3.9", "Install a newer Python")


def test_no_venv_module(project: Project) -> None:
    # Given Debian's Python without its venv package, which says so and creates nothing
    patch(
        project,
        "venv.py",
        "print('The virtual environment was not created successfully because ensurepip is not '"
        "'available.'); raise SystemExit(1)",
    )
    done = project.start("doctor", PYTHONPATH=str(project.root / "stub"))
    assert_explained(done, "has no venv module", "apt install python3-venv")


def test_no_network(ready_project: Project) -> None:
    # Given something to install, and a registry behind a port on which nobody listens
    ready_project.lock("3.0")
    done = ready_project.start(
        "doctor",
        PIP_NO_INDEX="",
        PIP_FIND_LINKS="",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_RETRIES="0",
    )
    assert_explained(done, "The package registry cannot be reached.", "Check the network")
    # And the next start, with the network back, needs no help
    assert ready_project.start("doctor").returncode == 0


def test_a_file_with_another_hash_is_refused(ready_project: Project) -> None:
    ready_project.lock("1.0", digest="0" * 64)
    done = ready_project.start("doctor")
    assert_explained(done, "is not the one that the lock file names", "Start again")
    ready_project.lock("1.0")
    assert ready_project.start("doctor").returncode == 0


def test_disk_full(project: Project) -> None:
    # Given a disk with 5 MB left
    patch(
        project,
        "sitecustomize.py",
        "import shutil, types\n"
        "shutil.disk_usage = lambda path: types.SimpleNamespace(free=5_000_000)\n",
    )
    done = project.start("doctor", PYTHONPATH=str(project.root / "stub"))
    assert_explained(done, "The disk has 5 MB left", "Free some space")


def test_read_only_folder(project: Project) -> None:
    # Given a folder that refuses new files (permissions would not stop a test that runs as root)
    patch(
        project,
        "sitecustomize.py",
        "import os\n"
        "def refuse(*_, **__): raise OSError(30, 'Read-only file system')\n"
        "os.mkdir = refuse\n",
    )
    done = project.start("doctor", PYTHONPATH=str(project.root / "stub"))
    assert_explained(done, "cannot be written to", "Copy the project into a folder of your own")


def test_folder_without_locks(project: Project) -> None:
    # Given a network folder that knows no locks
    patch(
        project,
        "sitecustomize.py",
        "import fcntl\n"
        "def refuse(*_): raise OSError(37, 'No locks available')\n"
        "fcntl.flock = refuse\n",
    )
    done = project.start("doctor", PYTHONPATH=str(project.root / "stub"))
    assert_explained(done, "has no file locks (No locks available)", "Copy the project")


def test_unknown_command_changes_nothing(project: Project) -> None:
    done = project.start("labs")
    assert done.returncode == 2
    assert "there is no command 'labs'" in done.stderr
    assert not project.venv.exists()


@pytest.mark.parametrize("arguments", [["--help"], ["lab", "--help"], ["-h"], ["doctor", "-h"]])
def test_help_needs_no_setup(project: Project, arguments: list[str]) -> None:
    (project.root / "workshop" / "__main__.py").write_text("print('about lab and doctor')")
    done = project.start(*arguments)
    assert done.returncode == 0
    assert "doctor" in done.stdout
    assert not project.venv.exists()


def test_ctrl_c_during_setup_ends_at_once_and_the_next_start_goes_on(project: Project) -> None:
    # Given a set-up that has begun to make .venv, and is about to put pip into it
    os.mkfifo(begun := project.root / "begun")
    patch(
        project,
        "sitecustomize.py",
        "import sys\n"
        "if 'venv' in sys.orig_argv:\n"
        "    import signal, venv\n"
        "    def wait(*_):\n"
        f"        open({str(begun)!r}, 'w').close()\n"
        "        signal.pause()\n"
        "    venv.EnvBuilder._setup_pip = wait\n",
    )
    process = subprocess.Popen(
        [sys.executable, str(project.root / "start.py"), "doctor"],
        env=project.environment() | {"PYTHONPATH": str(project.root / "stub")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for_writer(begun)
    assert (project.venv / "pyvenv.cfg").exists()
    # When the person presses Ctrl-C, which reaches the whole group
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert project.start("doctor").returncode == 0


def _python(version: str) -> str | None:
    """An old Python of this machine, also one that pyenv keeps off the PATH."""
    pyenv = Path.home() / ".pyenv" / "versions"
    kept = sorted(pyenv.glob(f"{version}.*/bin/python")) if pyenv.is_dir() else []
    found = str(kept[0]) if kept else shutil.which(f"python{version}")
    # What is found may be a version manager's shim without a Python behind it.
    runs = (
        found is not None and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0
    )
    return found if runs else None


@pytest.mark.parametrize("module", ["typing.py", "json.py", "asyncio/__init__.py", "queue.py"])
def test_a_module_in_the_place_of_pythons_own(project: Project, module: str) -> None:
    # Given a folder in PYTHONPATH with an old copy of one
    folder = project.root / "foreign"
    (folder / module).parent.mkdir(parents=True)
    (folder / module).write_text("raise RuntimeError('made for Python 2')\n")
    # When anything is started, --help too, for which nothing is installed
    done = project.start("doctor", "--help", PYTHONPATH=str(folder))
    name = Path(module).parts[0].partition(".")[0]
    assert_explained(done, f"{name} in {folder} is taken for Python's own module", "PYTHONPATH")


def test_other_folders_in_pythonpath_are_no_matter(project: Project, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "orders.py").touch()
    paths = os.pathsep.join([str(tmp_path / "mine"), "", str(tmp_path / "not there")])
    done = project.start("doctor", "--help", PYTHONPATH=paths)
    assert "taken for Python's own" not in done.stderr
