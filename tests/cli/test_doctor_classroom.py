"""`doctor --classroom`: what stands in the way of a class is told the day before."""

import argparse
import shutil
import socket
import sys
import tempfile
import webbrowser
from pathlib import Path

import pytest

from workshop.cli import doctor, doctor_classroom
from workshop.cli.machine import Machine, this_machine
from workshop.stacks import cloud_assembly
from workshop.target.target import Target

LAPTOP = Machine(cores=4, memory_mb=16_000, free_mb=9_000)


@pytest.mark.parametrize(
    ("free_mb", "people", "state", "told"),
    [
        (9_000, 1, "ok", "for 1 person 1 GB are needed"),
        (9_000, 9, "ok", "9.0 of 16.0 GB are free"),
        (9_000, 12, "note", "end other programs"),
        (9_000, 30, "blocks", "let 9 people share it"),
        (500, 30, "blocks", "end other programs, or take another machine"),
    ],
)
def test_memory_is_counted_by_heads(free_mb: int, people: int, state: str, told: str) -> None:
    found = doctor_classroom.memory(Machine(4, 16_000, free_mb), people)
    assert found.state == state
    assert told in found.found


def test_a_machine_that_is_too_small_for_one_is_told_so() -> None:
    found = doctor_classroom.memory(Machine(1, 512, 400), 1)
    assert found.state == "blocks"
    assert "take another machine" in found.found


@pytest.mark.parametrize(("people", "state"), [(1, "ok"), (16, "ok"), (17, "note")])
def test_a_crowd_on_few_cores_is_noted(people: int, state: str) -> None:
    assert doctor_classroom.cores(LAPTOP, people).state == state


def test_a_container_has_what_it_may_have_and_not_what_its_host_has(tmp_path: Path) -> None:
    whole = this_machine(tmp_path)
    (tmp_path / "memory.max").write_text("400000000\n")
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    part = this_machine(tmp_path)
    assert (part.cores, part.memory_mb) == (0.5, 400)
    assert part.free_mb <= 400 < whole.memory_mb
    # And one without limits says so in a word
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert this_machine(tmp_path).cores == whole.cores
    assert this_machine(tmp_path).memory_mb == whole.memory_mb


def test_a_proxy_is_named_and_its_address_is_not() -> None:
    found = doctor_classroom.proxy({"https_proxy": "http://ada:secret@proxy:8080"})
    assert found.state == "note"
    assert "HTTPS_PROXY" in found.found
    assert "secret" not in found.found
    assert doctor_classroom.proxy({"HTTPS_PROXY": ""}).state == "ok"


def test_a_port_that_somebody_has_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(doctor_classroom, "USUAL_PORT", taken.getsockname()[1])
        assert doctor_classroom.jupyter_port(1).state == "note"
    assert doctor_classroom.jupyter_port(30).state == "ok"


def test_a_browser_is_told_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "netfox"
    program.write_text("#!/bin/sh\necho Netfox 42.0 built for tests\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    if sys.platform != "win32":
        assert doctor_classroom.browser(1, ("netfox",)).found == f"Netfox 42.0 ({program})"
    monkeypatch.setattr(webbrowser, "get", _no_browser)
    assert doctor_classroom.browser(1, ()).state == "note"


def _no_browser() -> None:
    raise webbrowser.Error


def test_code_or_a_python_that_others_cannot_read_block_a_hub(tmp_path: Path) -> None:
    # Given all of it in folders that are open, in one that is open as well
    open_to_all, closed = Path(tempfile.mkdtemp(dir="/tmp")), tmp_path / "closed"
    project, environment, python = (open_to_all / name for name in ("code", "venv", "python"))
    for folder in (open_to_all, project, environment, python, closed):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    try:
        found = doctor_classroom.shared(project, environment, python / "python3")
        assert (found.state, str(project) in found.found) == ("ok", True)
        # When the Python is a link into somebody's home
        closed.chmod(0o700)
        (python / "python3").symlink_to(closed / "bin" / "python3")
        (closed / "bin").mkdir()
        found = doctor_classroom.shared(project, environment, python / "python3")
        assert found.state == "blocks"
        assert f"{closed / 'bin'}" in found.found
        assert "is closed to them" in found.found
        # Or the code lies in one
        open_to_all.chmod(0o700)
        found = doctor_classroom.shared(project, environment, python / "other")
        assert (found.state, f"{open_to_all} is closed" in found.found) == ("blocks", True)
    finally:
        shutil.rmtree(open_to_all)


def test_templates_that_are_not_made_block_and_those_that_are_need_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a project whose app was never synthesized
    (tmp_path / "app.py").write_text("")
    monkeypatch.setattr(doctor_classroom, "PROJECT", tmp_path)
    monkeypatch.setattr(cloud_assembly, "state_of", lambda project: project / ".workshop")
    found = doctor_classroom.prepared()
    assert found.state == "blocks"
    assert "prepare`" in found.found
    # When it was
    made = tmp_path / ".workshop" / "cdk.out"
    made.mkdir(parents=True)
    (made / "fingerprint").write_text(cloud_assembly._fingerprint(tmp_path))
    assert doctor_classroom.prepared().state == "ok"
    assert cloud_assembly.synthesized(Target(), tmp_path, pytest.fail) == made
    # And then changed
    (tmp_path / "app.py").write_text("changed")
    assert doctor_classroom.prepared().state == "blocks"


@pytest.mark.parametrize("people", ["0", "-3", "many", "2.5"])
def test_what_is_no_number_of_people_is_refused(people: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no number of people"):
        doctor.people(people)
    assert doctor.people("30") == 30


def test_the_report_tells_of_the_class_what_it_tells_of_commands_and_no_more_unasked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "aws_cli", lambda: iter(()))
    monkeypatch.setattr(doctor_classroom, "this_machine", lambda: LAPTOP)
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    doctor.run(parser.parse_args([]))
    plain = _about(capsys)
    doctor.run(parser.parse_args(["--classroom"]))
    alone = _about(capsys)
    doctor.run(parser.parse_args(["--classroom", "30"]))
    room = _about(capsys)
    more = ["machine", "memory", "cores", "room", "address", "proxy", "browser", "kernel"]
    # A class has its own reckoning of the memory
    assert alone == [*(one for one in plain[:-1] if one != "memory"), *more, "prepared", "target"]
    assert sorted(room) == sorted([*alone, "shared"])


def _about(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line[8:].split("  ")[0].strip() for line in capsys.readouterr().out.splitlines()[:-1]]
