"""Set-up makes the project a part of .venv: imported from everywhere, with a kernel of its own."""

import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from setting_up.project import KERNEL, SPEC, write_kernel_spec
from tests.copied_project import copy_templates, end_embedded
from tests.start.project import PROJECT, Project
from workshop.lessons.extensions import EXTENSIONS
from workshop.target.environment import without_accounts
from workshop.target.folders import HOME_VARIABLE


def imported_from(project: Project, folder: Path) -> str:
    """Where the package comes from, for a kernel that runs in this folder."""
    python = project.venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    where = "import importlib.util as u; print(*u.find_spec('workshop').submodule_search_locations)"
    done = subprocess.run(
        [python, "-P", "-c", where],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_packages_are_found_from_any_folder(ready_project: Project, tmp_path: Path) -> None:
    # Given a registry that does not even carry what builds the project
    assert imported_from(ready_project, tmp_path) == str(ready_project.root / "workshop")


def test_a_python_that_leaves_out_the_folder_of_a_script_finds_all(ready_project: Project) -> None:
    done = ready_project.start("doctor", PYTHONSAFEPATH="1")
    assert done.returncode == 0, done.stderr


def test_a_kernel_is_registered_that_runs_this_python(ready_project: Project) -> None:
    file = ready_project.venv / "share" / "jupyter" / "kernels" / KERNEL / "kernel.json"
    spec = json.loads(file.read_text("utf-8"))
    assert spec["display_name"] == "Lambda failure workshop"
    assert Path(spec["argv"][0]).parent.parent == ready_project.venv
    assert spec["argv"][1:] == json.loads(SPEC.read_text("utf-8"))["argv"][1:]


def test_another_kernel_spec_is_registered_by_the_next_start(ready_project: Project) -> None:
    spec = ready_project.root / "setting_up" / "kernel.json"
    before = spec.read_text("utf-8")
    try:
        spec.write_text(before.replace("Lambda failure workshop", "Another"), "utf-8")
        assert ready_project.start("doctor").returncode == 0
        [file] = (ready_project.venv / "share").rglob("kernel.json")
        assert json.loads(file.read_text("utf-8"))["display_name"] == "Another"
    finally:
        spec.write_text(before, "utf-8")
        ready_project.start("doctor")


def test_the_kernel_loads_what_every_kernel_of_ours_loads(tmp_path: Path) -> None:
    spec = json.loads(write_kernel_spec("python3", tmp_path).read_text("utf-8"))
    loaded = [part.partition("=")[2] for part in spec["argv"] if "extra_extensions" in part]
    assert tuple(loaded) == EXTENSIONS


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the project, made without any download."""
    pytest.importorskip("hatchling", reason="start.py installs what builds the project")
    folder = tmp_path_factory.mktemp("wheel")
    alone = ["--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    make = [sys.executable, "-m", "pip", "wheel", "-q", *alone, "-w", str(folder), str(PROJECT)]
    subprocess.run(make, check=True, capture_output=True)
    [made] = folder.glob("*.whl")
    return made


def test_the_wheel_has_all_that_the_packages_read(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for package in ("workshop", "localaws"):
        files = [path for path in (PROJECT / package).rglob("*") if path.is_file()]
        wanted = {path.relative_to(PROJECT).as_posix() for path in files if path.suffix != ".pyc"}
        assert wanted <= names
    for folder in ("images", "infra", "lambda", "notebooks", "docs/policies"):
        files = [path for path in (PROJECT / folder).rglob("*") if path.is_file()]
        wanted = {path.relative_to(PROJECT).as_posix() for path in files if path.suffix != ".pyc"}
        assert {f"workshop/project/{name}" for name in wanted if "checkpoint" not in name} <= names
    assert any(name.endswith(f"share/jupyter/kernels/{KERNEL}/kernel.json") for name in names)
    # And nothing that is nobody's business: tests, what was made here
    assert {name.partition("/")[0] for name in names if ".d" not in name} == {
        "workshop",
        "localaws",
    }


# A person who has installed the wheel, and has the packages of the lock file.
SESSION = """
import json, workshop
from workshop.target.folders import IS_INSTALLED, PROJECT, home_of
lab = workshop.connect()
url = lab.outputs("SqsDlq").SourceQueueUrl
print(json.dumps([IS_INSTALLED, str(PROJECT), str(home_of()), len(lab.deployed()), url, repr(lab)]))
"""


def test_a_wheel_that_is_installed_finds_its_aws(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, home = tmp_path / "site", tmp_path / "home"
    zipfile.ZipFile(wheel).extractall(site)
    copy_templates(site / "workshop" / "project")
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    environment = without_accounts(os.environ) | {"PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", SESSION],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert end_embedded(site)
    is_installed, project, at, stacks, url, shown = json.loads(done.stdout.splitlines()[-1])
    assert is_installed
    assert project == str(site / "workshop" / "project")
    assert at == str(home)
    assert stacks == 7
    assert "SourceQueue" in url
    assert "the embedded AWS on this machine" in shown
    # Nothing was written beside the packages
    assert not (site / "workshop" / "project" / ".workshop" / "embedded.json").exists()
    assert (home / ".workshop").is_dir()


def test_the_venv_that_start_py_made_has_the_project_where_it_lies() -> None:
    if Path(sys.prefix) != PROJECT / ".venv":
        pytest.skip("this environment was not made by the start.py of this folder")
    told = distribution(KERNEL).read_text("direct_url.json")
    assert told is not None
    assert json.loads(told) == {"dir_info": {"editable": True}, "url": PROJECT.as_uri()}
