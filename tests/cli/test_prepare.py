"""`prepare`: a start after it needs no network, nor does set-up in a folder that it made."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from setting_up import handler_pythons
from tests.copied_project import environment_of
from workshop.cli import carried, prepare
from workshop.errors import UsageError, WorkshopError
from workshop.stacks import cloud_assembly, node
from workshop.target.folders import HOME_VARIABLE, PROJECT

# Nobody listens there.
NOWHERE = "http://127.0.0.1:9"
REFUSED = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE),
    "PIP_INDEX_URL": NOWHERE,
    "PIP_NO_INDEX": "1",
    "npm_config_registry": NOWHERE,
}
LOCK = """# made by a tool
a-package==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
    # via another
new-one==2.0 ; python_full_version >= '3.11.5' \\
    --hash=sha256:bb
new-one==1.9 ; python_full_version < '3.11.5' \\
    --hash=sha256:cc
elsewhere==1.0 ; sys_platform == 'beos' \\
    --hash=sha256:dd
"""
CONNECT = "import workshop; lab = workshop.connect(); print(len(lab.deployed()))"


def run_in(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=project,
        env=environment_of(project) | REFUSED,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_a_start_after_it_needs_no_network(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a project whose templates are made, on a machine without a network
    for _ in range(2):
        prepared = run_in(project, "-m", "workshop", "prepare")
        assert prepared.returncode == 0, prepared.stderr
        assert "synthesizing" not in prepared.stderr
    assert list((project / "workshop" / "target" / "__pycache__").glob("folders.*.pyc"))
    connected = run_in(project, "-c", CONNECT)
    assert connected.returncode == 0, connected.stderr
    assert connected.stdout.strip() == "7"


def test_node_and_the_cdk_cli_are_brought_for_those_who_ask(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    brought = list[str]()
    monkeypatch.setattr(cloud_assembly, "synthesized", lambda *_: tmp_path)
    monkeypatch.setattr(prepare, "compile_modules", lambda _: None)
    monkeypatch.setattr(prepare, "_import_once", lambda _: None)
    monkeypatch.setattr(node, "ensure_cdk", lambda _: brought.append("both"))
    parser = argparse.ArgumentParser()
    prepare.add_arguments(parser)
    for given, expected in (([], []), (["--cdk"], ["both"])):
        assert prepare.run(parser.parse_args(given)) == 0
        assert brought == expected


def test_a_hub_can_bring_the_notebooks_of_somebody_who_only_reads_the_code(
    untouched_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home" / "workshop"
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    for _ in range(2):
        brought = run_in(untouched_project, "-m", "workshop", "prepare", "--notebooks")
        assert brought.returncode == 0, brought.stderr
        assert brought.stdout == f"Your notebooks are in {home / 'workspace'}\n"
    assert (home / "workspace" / "00-start-here.ipynb").exists()
    assert (home / "images").is_dir()
    assert not (untouched_project / "workspace").exists()
    assert home.stat().st_mode & 0o077 == 0


def test_byte_code_is_made_of_what_is_imported_wherever_that_lies(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "packages"
    for name in ("one/a.py", "one/tests/b.py", "aws_cdk/c.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n")
    prepare.compile_modules(lambda _: None, (folder,))
    assert [path.name.partition(".")[0] for path in folder.rglob("*.pyc")] == ["a"]


def test_the_kernel_of_this_python_is_registered_for_all_jupyters(tmp_path: Path) -> None:
    spec = tmp_path / "share" / "jupyter" / "kernels" / "lambda-failure-workshop" / "kernel.json"
    with pytest.raises(WorkshopError, match=r"has no kernel of the workshop.\nInstall the project"):
        prepare.kernel_spec(tmp_path)
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["python", "-m", "ipykernel_launcher"]}))
    assert prepare.kernel_spec(tmp_path) == spec
    written = prepare.register(spec, tmp_path / "home" / "jupyter")
    told = json.loads(written.read_text())
    assert told["argv"] == [sys.executable, "-m", "ipykernel_launcher"]
    assert written.relative_to(tmp_path / "home").parts[1:3] == (
        "kernels",
        "lambda-failure-workshop",
    )


@pytest.mark.parametrize(("version", "new"), [("3.11.2", "1.9"), ("3.11.7", "2.0")])
def test_the_pins_of_another_release_of_this_python(version: str, new: str) -> None:
    one, other = carried.pins(LOCK, version).splitlines()
    assert one == "a-package==1.0 --hash=sha256:aa --hash=sha256:ab"
    assert other.startswith(f"new-one=={new} --hash=sha256:")


def test_a_carried_folder_is_the_project_without_what_was_made_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, to = tmp_path / "source", tmp_path / "to"
    for name in (
        *("start.py", "workshop/a.py", "setting_up/b.py", ".github/c.yml"),
        *("workshop/guides/d.py", "guides/index.html", "guides-clean/index.html"),
        *(".venv/x", ".workshop/embedded.json", "workspace/00.ipynb", "workshop/__pycache__/x.pyc"),
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("")
    for lock in carried.LOCKS:
        (source / lock).write_text(LOCK)
    assembly = source / ".workshop" / "cdk.out"
    assembly.mkdir()
    (assembly / "fingerprint").write_text("made")
    fetched = list[str]()

    def download(lock: Path, wheels: Path) -> None:
        wheels.mkdir(exist_ok=True)
        (wheels / "one.whl").write_text("wheel")
        fetched.append(lock.read_text())

    monkeypatch.setattr(carried, "_download", download)
    told = list[str]()
    for _ in range(2):
        carried.carry(to, assembly, source, told.append)
    files = {path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file()}
    assert files == {
        *("start.py", "workshop/a.py", "setting_up/b.py", ".github/c.yml", *carried.LOCKS),
        "workshop/guides/d.py",
        *(".workshop/cdk.out/fingerprint", "wheels/one.whl"),
    }
    # Of each release of this Python what it needs, once
    assert len(fetched) == len(set(fetched)) * 2 * len(carried.LOCKS)
    assert "1 package" in told[-1]


def test_what_functions_of_other_runtimes_need_is_carried_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a registry without the packages of one version
    lock = tmp_path / "requirements.txt"
    lock.write_text(LOCK + "time-machine==3.6.0 \\\n    --hash=sha256:aa\n")
    fetched, told = dict[str, str](), list[str]()

    def download(lock: Path, wheels: Path, *options: str) -> None:
        if options[-1] == "3.14":
            raise WorkshopError("nothing there", "")
        fetched[options[-1]] = lock.read_text()

    monkeypatch.setattr(carried, "_download", download)
    monkeypatch.setattr(carried.platform, "python_version_tuple", lambda: ("3", "11", "7"))  # type: ignore[attr-defined]
    carried._fetch_for_functions(lock, tmp_path / "wheels", told.append)
    pin = "time-machine==3.6.0 --hash=sha256:aa"
    assert fetched == {"3.12": pin, "3.13": pin}
    assert [line.partition(" will")[0] for line in told] == ["functions of python3.14"]


def test_set_up_and_a_carried_folder_mean_the_same_packages() -> None:
    assert carried.COMPILED == handler_pythons.COMPILED
    assert carried.RUNTIMES == handler_pythons.RUNTIMES


def test_nothing_that_belongs_to_the_project_is_left_behind() -> None:
    # Whatever a file or folder of it is called
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=PROJECT, text=True)
    made, left_behind = carried.made_in(PROJECT), set[str]()
    for name in listed.rstrip("\0").split("\0"):
        for path in (PROJECT / name, *(PROJECT / name).parents):
            if path.is_relative_to(PROJECT) and path != PROJECT:
                left_behind |= made(str(path.parent), [path.name])
    assert left_behind == set()


def test_a_package_that_cannot_be_fetched_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "ERROR: Ignored the following yanked versions: 3.0\nERROR: No matching a-package==1.0\n"
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr=told)
    monkeypatch.setattr(carried.subprocess, "run", lambda *_, **__: failed)  # type: ignore[attr-defined]
    with pytest.raises(WorkshopError, match=r"could not be fetched: ERROR: No matching a-package"):
        carried._download(tmp_path / "requirements.txt", tmp_path)


@pytest.mark.parametrize("place", ["project", "project/in", "foreign", "file"])
def test_a_folder_that_cannot_be_carried_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.txt").write_text("")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError):
        carried.carry(tmp_path / place, tmp_path, tmp_path / "project", print)
    assert [path.name for path in (tmp_path / "foreign").iterdir()] == ["thesis.txt"]
