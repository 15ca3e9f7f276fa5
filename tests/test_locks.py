"""One set of pins: pyproject.toml says it, the lock files and environment.yml repeat it."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = {
    "requirements.txt": "dependencies",
    "requirements-dev.txt": "dev",
    "requirements-node.txt": "node",
    "requirements-setup.txt": "setup",
    "tests/clients/requirements.txt": "clients",
}
NPM_LOCKS = ("package-lock.json", "tests/clients/package-lock.json")
# Where a package comes from is the business of each person's settings.
ADDRESS = re.compile(r"https?://|^--?(?:extra-)?index|^--find-links|\"resolved\"", re.MULTILINE)


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared(group: str) -> dict[str, str]:
    """Name -> version that pyproject.toml pins."""
    told = pyproject()
    pins = (
        told["project"]["dependencies"]
        if group == "dependencies"
        else told["dependency-groups"][group]
    )
    return dict(pin.partition(";")[0].strip().split("==") for pin in pins)


def locked(lock: str) -> dict[str, set[str]]:
    """Name -> versions in a lock file; several where platforms or Pythons differ."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", line):
            versions.setdefault(match.group(1), set()).add(match.group(2))
    return versions


@pytest.mark.parametrize(("lock", "group"), LOCKS.items())
def test_the_lock_holds_what_pyproject_pins(lock: str, group: str) -> None:
    assert {name: {version} for name, version in declared(group).items()}.items() <= locked(
        lock
    ).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    text = re.sub(r"^\s*#.*$", "", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_two_locks_agree_where_both_name_a_package() -> None:
    runtime, dev = locked("requirements.txt"), locked("requirements-dev.txt")
    shared = runtime.keys() & dev.keys()
    assert {name: dev[name] for name in shared} == {name: runtime[name] for name in shared}


@pytest.mark.parametrize("file", [*LOCKS, *NPM_LOCKS, "environment.yml", ".npmrc"])
def test_no_file_names_a_registry(file: str) -> None:
    assert ADDRESS.findall((ROOT / file).read_text(encoding="utf-8")) == []


def test_the_npm_lock_holds_the_pinned_cdk_cli() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    cli = lock["packages"]["node_modules/aws-cdk"]
    assert package["devDependencies"] == {"aws-cdk": cli["version"]}
    assert cli["integrity"].startswith("sha512-")
    # npm's tag `latest` is a 3.0.0 that does not read what aws-cdk-lib 2 writes.
    assert cli["version"].startswith("2.")


def test_the_npm_lock_of_the_clients_holds_what_is_pinned_beside_it() -> None:
    folder = ROOT / "tests" / "clients"
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found = {name: lock[f"node_modules/{name}"]["version"] for name in package["dependencies"]}
    assert found == package["dependencies"]
    others = [one for name, one in lock.items() if name]
    assert [one for one in others if not one["integrity"].startswith("sha512-")] == []


def test_start_py_and_what_it_sets_up_ask_for_the_same_python() -> None:
    asked = {
        re.search(r"^MINIMUM = \((\d+), (\d+)\)$", (ROOT / file).read_text(), re.M)
        for file in ("start.py", "setting_up/venv.py")
    }
    told = {".".join(found.groups()) for found in asked if found}
    assert told == {pyproject()["project"]["requires-python"].removeprefix(">=")}


def test_conda_users_get_the_same_pins() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    node = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["engines"]["node"]
    assert "- -r requirements.txt" in text
    assert f"- python={pyproject()['project']['requires-python'].removeprefix('>=')}\n" in text
    # How repo2docker reads it: a `>=` would leave it with a Python of its own choice.
    # https://github.com/jupyterhub/repo2docker/blob/main/repo2docker/buildpacks/conda/__init__.py
    assert re.search(r"^  - python\s*=+\s*3\.\d+$", text, re.MULTILINE)
    assert f"- nodejs{node}" in text
    # No version of its own that could differ from the lock's.
    assert "==" not in text
