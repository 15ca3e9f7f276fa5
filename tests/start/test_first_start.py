"""start.py sets up what is missing, once, wherever it is started from."""

import json
from pathlib import Path
from typing import Any

from tests.start.project import Project


def told(output: str) -> dict[str, Any]:
    """What the stand-in for the workshop package printed."""
    line = next(line for line in output.splitlines() if line.startswith("ECHO "))
    return dict(json.loads(line.removeprefix("ECHO ")))


def test_sets_up_in_a_path_with_spaces_and_runs_inside_venv(ready_project: Project) -> None:
    done = ready_project.start("guides", "--out", "some folder", "--notebook", "01")
    assert told(done.stdout)["arguments"] == ["guides", "--out", "some folder", "--notebook", "01"]
    assert Path(told(done.stdout)["prefix"]) == ready_project.venv
    assert told(done.stdout)["morsel"] == "1.0"


def test_a_second_start_does_nothing_but_run(ready_project: Project) -> None:
    # Given a registry that is gone: installing anything would fail
    done = ready_project.start("doctor", PIP_FIND_LINKS="/nowhere")
    assert done.returncode == 0
    assert [line[:4] for line in done.stdout.splitlines()] == ["ECHO"]


def test_byte_code_is_kept_also_where_python_is_told_to_keep_none(ready_project: Project) -> None:
    [module] = ready_project.venv.rglob("morsel.py")
    for kept in module.parent.glob("__pycache__/morsel.*"):
        kept.unlink()
    done = ready_project.start("doctor", PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stderr
    assert list(module.parent.glob("__pycache__/morsel.*"))


def test_no_command_is_lab(ready_project: Project) -> None:
    assert told(ready_project.start().stdout)["arguments"] == ["lab"]
    assert told(ready_project.start("--no-browser").stdout)["arguments"] == ["lab", "--no-browser"]


def test_forwards_the_exit_code(ready_project: Project) -> None:
    assert ready_project.start("doctor", ECHO_EXIT="7").returncode == 7


def test_stays_in_the_folder_it_was_started_from(ready_project: Project, tmp_path: Path) -> None:
    # Given a folder with a file that hides a standard module
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    done = ready_project.start("doctor", cwd=tmp_path)
    assert told(done.stdout)["folder"] == str(tmp_path)


def test_works_without_a_home(ready_project: Project) -> None:
    assert ready_project.start("doctor", HOME="").returncode == 0


def test_another_lock_is_installed_over_the_old_one(ready_project: Project) -> None:
    ready_project.lock("2.0")
    assert told(ready_project.start("doctor").stdout)["morsel"] == "2.0"
    ready_project.lock("1.0")
    assert told(ready_project.start("doctor").stdout)["morsel"] == "1.0"


def test_only_the_tests_pay_for_their_packages(ready_project: Project) -> None:
    ready_project.start("test")
    stamps = {path.name for path in ready_project.venv.glob("installed-*")}
    assert stamps == {
        "installed-project",
        "installed-requirements.txt",
        "installed-requirements-dev.txt",
        "installed-requirements-setup.txt",
    }


def test_an_interrupted_install_is_repaired(ready_project: Project) -> None:
    # Given a .venv in which pip was stopped half-way: files are missing, the stamp was not written
    (ready_project.venv / "installing").write_text("requirements.txt")
    (ready_project.venv / "installed-requirements.txt").unlink()
    next(ready_project.venv.rglob("morsel.py")).unlink()
    # When it is started again, Then it is complete
    done = ready_project.start("doctor")
    assert told(done.stdout)["morsel"] == "1.0", done.stderr
    assert not (ready_project.venv / "installing").exists()


def test_a_half_made_venv_is_made_anew(ready_project: Project) -> None:
    # Given a .venv whose Python is gone, as after an update of the system's Python
    for python in (ready_project.venv / "bin").glob("python*"):
        python.unlink()
    assert told(ready_project.start("doctor").stdout)["morsel"] == "1.0"


def test_somebody_elses_venv_is_used_not_emptied(ready_project: Project) -> None:
    # Given a .venv that start.py did not set up (cdk init makes one), with a file of its owner
    for stamp in ready_project.venv.glob("installed-*"):
        stamp.unlink()
    (ready_project.venv / "mine.txt").write_text("keep")
    assert ready_project.start("doctor").returncode == 0
    assert (ready_project.venv / "mine.txt").exists()
