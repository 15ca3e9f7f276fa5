"""A first start takes the assembly that the project brings along, where it is of the app."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from workshop.stacks import cloud_assembly, shipped_assembly
from workshop.stacks.shipped_assembly import FOLDER, STAMP
from workshop.target.target import Target

HANDLER = "lambda/orders/handler.py"
MODULE = "infra.layer"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an app, and what it makes: a template, and two assets."""
    for name in ("app.py", "cdk.json", "requirements.txt", "infra/settings.py", HANDLER):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / FOLDER).mkdir()
    for name in ("A.template.json", "A.assets.json", "manifest.json"):
        (tmp_path / FOLDER / name).write_text("{}")
    origins = {"asset.1": "lambda/orders", "asset.2": MODULE}
    (tmp_path / FOLDER / "origins.json").write_text(json.dumps(origins))
    (tmp_path / FOLDER / STAMP).write_text(cloud_assembly._fingerprint(tmp_path))
    return tmp_path


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is run: a module that writes an asset, or the app, which writes another template."""
    found: list[str] = []

    def run(command: list[str], *_: Any, **given: Any) -> "subprocess.CompletedProcess[str]":
        found.append(command[-1] if command[1] == "app.py" else command[2])
        if command[1] == "app.py":
            folder = Path(given["environment"]["CDK_OUTDIR"])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "A.template.json").write_text("of the app")
        else:
            Path(command[3]).mkdir()
        return subprocess.CompletedProcess(command, 0 if MODULE in found else 1, "")

    monkeypatch.setattr(cloud_assembly.children, "run_telling", run)
    monkeypatch.setattr(cloud_assembly.node, "ensure_node", lambda *_: None)
    return found


def synthesized(project: Path, target: Target | None = None) -> Path:
    return cloud_assembly.synthesized(target or Target(), project, lambda _: None)


def test_what_is_shipped_is_taken_and_no_app_runs(project: Path, ran: list[str]) -> None:
    assert cloud_assembly.is_made(Target(), project)
    folder = synthesized(project)
    assert ran == [MODULE]
    assert (folder / "A.template.json").read_text() == "{}"
    assert (folder / "asset.1" / "handler.py").read_text() == HANDLER
    assert (folder / "asset.2").is_dir()
    # And it is not unpacked again
    assert synthesized(project) == folder
    assert ran == [MODULE]


def test_byte_code_of_a_handler_that_ran_is_no_part_of_an_asset(
    project: Path, ran: list[str]
) -> None:
    (project / "lambda/orders/__pycache__").mkdir()
    (project / "lambda/orders/__pycache__/handler.pyc").write_text("")
    assert [one.name for one in (synthesized(project) / "asset.1").iterdir()] == ["handler.py"]


@pytest.mark.parametrize("name", ["app.py", "requirements.txt", "infra/settings.py", HANDLER])
def test_after_a_change_of_the_app_it_runs(project: Path, ran: list[str], name: str) -> None:
    (project / name).write_text("changed")
    assert not cloud_assembly.is_made(Target(), project)
    ran.append(MODULE)
    assert (synthesized(project) / "A.template.json").read_text() == "of the app"
    assert ran[1:] == ["app.py"]


def test_a_participants_stacks_are_made_by_the_app(project: Path, ran: list[str]) -> None:
    ran.append(MODULE)
    synthesized(project, Target(participant="ada"))
    assert ran[1:] == ["app.py"]


def test_where_an_asset_cannot_be_written_the_app_is_asked(
    project: Path, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given packages that are not there, of which an asset is made
    monkeypatch.setattr(shipped_assembly, "unpack", lambda *_: False)
    ran.append(MODULE)
    assert (synthesized(project) / "A.template.json").read_text() == "of the app"
    assert cloud_assembly.is_made(Target(), project)


def test_what_writes_an_asset_and_fails_ships_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1, "")
    monkeypatch.setattr(shipped_assembly.children, "run_telling", lambda *_, **__: failed)
    (tmp_path / "to").mkdir()
    assert not shipped_assembly.unpack(tmp_path / "to", project, print)
