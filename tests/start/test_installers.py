"""uv installs the packages, with what the person has set up for pip; where it cannot, pip does."""

import json
import os
import shutil
from pathlib import Path

import pytest

from setting_up.tools import for_uv
from tests.start.project import Project

# Nobody listens there.
NOWHERE = "http://127.0.0.1:9"

# Stands for uv: tells how it was called, and lets pip do the work, or fails.
UV = """
import json, os, subprocess, sys
if sys.argv[1:] == ["--version"]:
    sys.exit()
names = ("UV_FIND_LINKS", "UV_NO_INDEX", "UV_INDEX_STRATEGY")
told = {"arguments": sys.argv[1:], "settings": {name: os.environ.get(name) for name in names}}
open(os.environ["UV_TOLD"], "w").write(json.dumps(told))
if os.environ.get("UV_FAILS"):
    print("error: something only uv says")
    sys.exit(2)
lock = sys.argv[sys.argv.index("-r") + 1]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "-q", "-r", lock]))
"""


def test_uv_installs_with_pips_settings(ready_project: Project, tmp_path: Path) -> None:
    # Given a registry that has the pinned uv, and pip that is set up for that registry
    ready_project.bring_uv(UV, "1.0")
    ready_project.lock("4.0")
    # When something is to be installed
    done = ready_project.start("doctor", UV_TOLD=str(tmp_path / "told"))
    # Then uv does it, from there, and by the hashes of the lock
    assert '"morsel": "4.0"' in done.stdout, done.stderr
    told = json.loads((tmp_path / "told").read_text())
    assert told["settings"] == {
        "UV_FIND_LINKS": str(ready_project.registry),
        "UV_NO_INDEX": "1",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert "--require-hashes" in told["arguments"]
    assert str(ready_project.venv / "bin" / "python") in told["arguments"]


def test_what_uv_cannot_install_pip_does(ready_project: Project, tmp_path: Path) -> None:
    ready_project.bring_uv(UV, "2.0")
    ready_project.lock("5.0")
    done = ready_project.start("doctor", UV_TOLD=str(tmp_path / "told"), UV_FAILS="1")
    assert (tmp_path / "told").exists()
    assert '"morsel": "5.0"' in done.stdout
    assert done.stderr == ""


def test_a_registry_without_uv_is_no_obstacle_and_is_asked_again(
    ready_project: Project, tmp_path: Path
) -> None:
    # Given a lock of the tools that names a uv which the registry does not have
    ready_project.bring_uv(UV, "3.0")
    [wheel] = ready_project.registry.glob("uv-3.0-*")
    elsewhere = wheel.rename(tmp_path / wheel.name)
    ready_project.lock("6.0")
    assert '"morsel": "6.0"' in ready_project.start("doctor").stdout
    assert not list(ready_project.venv.rglob("uv-3.0.dist-info"))
    # When it has come there, then the next installation begins with it
    elsewhere.rename(wheel)
    ready_project.lock("7.0")
    assert '"morsel": "7.0"' in ready_project.start("doctor", UV_TOLD=str(tmp_path / "t")).stdout
    assert list(ready_project.venv.rglob("uv-3.0.dist-info"))


@pytest.mark.parametrize(
    ("lines", "variables"),
    [
        ([], {}),
        (
            ["global.index-url='https://m.example/simple'"],
            {"UV_DEFAULT_INDEX": "https://m.example/simple"},
        ),
        # A variable beats the section of `pip install`, which beats the general one.
        (
            [
                "global.timeout='10'",
                "install.timeout='20'",
                ":env:.timeout='30'",
            ],
            {"UV_HTTP_TIMEOUT": "30"},
        ),
        (
            ["global.extra-index-url='https://a.example https://b.example'"],
            {"UV_INDEX": "https://a.example https://b.example"},
        ),
        (
            [r"global.find-links='https://a.example/\nhttps://b.example/'"],
            {"UV_FIND_LINKS": "https://a.example/,https://b.example/"},
        ),
        # pip goes past a folder that is not there; uv would stop.
        (["global.find-links='/not/there'", "global.extra-index-url='file:///not/there'"], {}),
        (["global.no-index='false'"], {}),
        # pip passes over the registries then; uv would refuse to be told both.
        (
            [":env:.no-index='1'", "global.index-url='https://m.example/simple'"],
            {"UV_NO_INDEX": "1"},
        ),
        (
            ["global.proxy='http://p.example:3128'"],
            {"HTTPS_PROXY": "http://p.example:3128", "HTTP_PROXY": "http://p.example:3128"},
        ),
        (["WARNING: something else", "global.quiet='1'"], {}),
    ],
)
def test_what_pip_is_set_up_for_is_told_to_uv(lines: list[str], variables: dict[str, str]) -> None:
    assert for_uv(lines) == variables


def test_a_folder_that_is_there_is_told(tmp_path: Path) -> None:
    lines = [f"global.find-links='{tmp_path}'", f"global.extra-index-url='{tmp_path.as_uri()}'"]
    assert for_uv(lines) == {"UV_FIND_LINKS": os.fspath(tmp_path), "UV_INDEX": tmp_path.as_uri()}


def test_a_carried_folder_is_set_up_from_its_own_wheels_alone(tmp_path: Path) -> None:
    # Such as on a stick that has a name
    project = Project(tmp_path / "carried, by Ada", tmp_path / "registry")
    shutil.copytree(project.registry, project.root / "wheels")
    done = project.start(
        "doctor", PIP_NO_INDEX="", PIP_FIND_LINKS="/nowhere", PIP_INDEX_URL=NOWHERE
    )
    assert done.returncode == 0, done.stderr
    # And what is not among them is looked for nowhere else
    project.lock("2.0")
    done = project.start("doctor", PIP_NO_INDEX="")
    assert done.returncode == 1
    assert "lacks a package for this machine or this Python" in done.stderr
    assert "or remove the folder" in done.stderr
