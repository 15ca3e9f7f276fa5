"""The command line: what it offers, and how it says that something is wrong."""

import argparse
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workshop import __main__ as main_module
from workshop.cli import doctor, local, shell, target_use
from workshop.cli.arguments import chosen_target
from workshop.cli.lateness import expect_embedded
from workshop.errors import TargetError, UsageError
from workshop.target.environment import of_embedded
from workshop.target.target import PROJECT, Target

ACCOUNT = ["--target", "aws", "--profile", "p", "--account", "123456789012"]
INFO = {
    "endpoint_url": "http://127.0.0.1:4566",
    "clock_url": "http://127.0.0.1:4566/_clock",
    "region": "us-east-1",
    "account_id": "000000000000",
    "aws_access_key_id": "LKIAEXAMPLE",
    "aws_secret_access_key": "a'b$c",
}


def workshop(
    *arguments: str, flags: Sequence[str] = (), **variables: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *flags, "-m", "workshop", *arguments],
        cwd=PROJECT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
    )


def start_module() -> Any:
    spec = importlib.util.spec_from_file_location("start", PROJECT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_start_offers_the_commands_that_there_are() -> None:
    start = start_module()
    assert set(start.COMMANDS) == set(main_module.COMMANDS)
    described = set(re.findall(r"^    ([a-z]+) {2,}", start.__doc__, re.MULTILINE))
    assert described == set(start.COMMANDS)


@pytest.mark.parametrize("command", main_module.COMMANDS)
def test_every_command_explains_itself_without_any_package(command: str) -> None:
    done = workshop(command, "--help", flags=("-S",))
    assert done.returncode == 0, done.stderr
    assert ("pytest" if command == "test" else "usage: start.py") in done.stdout


@pytest.mark.parametrize("port", ["80000", "-1", "http", ""])
@pytest.mark.parametrize("command", ["lab", "local"])
def test_a_port_that_there_is_not_is_told_at_once(command: str, port: str) -> None:
    done = workshop(command, f"--port={port}")
    assert done.returncode == 2
    assert f"{port!r} is no port: those are 1 to 65535" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["guides", "--notebook", "99"], "There is no notebook '99'."),
        (["bootstrap"], "The embedded AWS needs no bootstrapping."),
    ],
    ids=["no notebook", "nothing to prepare"],
)
def test_a_mistake_is_told_without_traceback(arguments: list[str], told: str) -> None:
    done = workshop(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "given",
    [["--target", "aws"], ["--target-file", "nowhere.toml"], [*ACCOUNT, "--region", "Region1"]],
    ids=["incomplete", "no file", "no region"],
)
@pytest.mark.parametrize("command", sorted(main_module.COMMANDS.keys() - {"local", "prepare"}))
def test_every_command_ends_with_2_for_what_cannot_be_a_target(
    command: str, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_module._run([command, *given]) == 2
    said = capsys.readouterr()
    # `doctor` tells it among what else it finds
    assert "Traceback" not in said.err
    assert "target" in (said.out if command == "doctor" else said.err) or "Region1" in said.err


def test_lateness_is_for_the_embedded_aws() -> None:
    account = Target("aws", profile="p", region="eu-west-1", account="123456789012")
    with pytest.raises(UsageError, match="--lateness 7 is for the embedded AWS"):
        expect_embedded(account, 7)


def test_export_lines_reach_a_shell_unharmed(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"AWS_PROFILE": "mine", "AWS_SESSION_TOKEN": "old", "PATH": os.environ["PATH"]}
    elsewhere = {"AWS_ENDPOINT_URL_SQS": "http://x", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    environment |= elsewhere
    for name, value in elsewhere.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NO_PROXY", "intranet,127.0.0.1")
    script = local.shell_lines(INFO) + "\nenv"
    seen = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True)
    variables = dict(line.split("=", 1) for line in seen.stdout.splitlines() if "=" in line)
    assert variables["AWS_SECRET_ACCESS_KEY"] == INFO["aws_secret_access_key"]
    assert variables["AWS_ENDPOINT_URL"] == INFO["endpoint_url"]
    # No proxy sees the calls, and what else it was not to see stays so
    assert variables["NO_PROXY"] == variables["no_proxy"] == "intranet,127.0.0.1"
    assert "AWS_PROFILE" not in variables
    assert "AWS_SESSION_TOKEN" not in variables
    assert not elsewhere.keys() & variables.keys()


def parse(*arguments: str) -> Any:
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    return parser.parse_args(arguments)


def test_the_embedded_aws_unless_somebody_names_an_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a shell that holds credentials of a real account
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    assert chosen_target(parse()).is_embedded


def test_a_real_account_needs_profile_region_and_account() -> None:
    with pytest.raises(TargetError, match="without region, account"):
        chosen_target(parse("--target", "aws", "--profile", "p"))
    with pytest.raises(TargetError, match="the target is the embedded AWS"):
        chosen_target(parse("--profile", "p"))
    complete = ["--target", "aws", "--profile", "p", "--region", "eu-west-1"]
    target = chosen_target(parse(*complete, "--account", "123456789012", "--participant", "ada"))
    assert (target.account, target.participant) == ("123456789012", "ada")


def test_doctor_reports_each_thing_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not every machine has one, nor the same Pythons
    monkeypatch.setattr(doctor, "aws_cli", lambda: iter(()))
    assert doctor.run(parse()) == 0
    lines = capsys.readouterr().out.splitlines()
    about = [line[8:].split("  ")[0].strip() for line in lines[:-1]]
    assert about == [
        *("Python", "packages", "handlers", "Node.js", "CDK CLI"),
        *("port", "disk", "yours", "files", "memory", "target"),
    ]


def test_doctor_fails_when_something_blocks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given what cannot be a target, then that is a usage error, and all the rest is told as well
    assert doctor.run(parse("--target", "aws")) == 2
    told = capsys.readouterr().out
    assert "BLOCKS  target" in told
    assert "ok      disk" in told
    # And something on the machine is none
    monkeypatch.setattr(doctor, "NEEDED_MB", 10**9)
    assert doctor.run(parse()) == 1


def test_doctor_does_not_show_a_whole_account_id(capsys: pytest.CaptureFixture[str]) -> None:
    real = ["--target", "aws", "--profile", "p", "--region", "eu-west-1"]
    real += ["--account", "123456789012"]
    # A profile that does not exist: nothing is asked of anybody
    assert doctor.run(parse(*real)) == 1
    told = capsys.readouterr().out
    assert "account ********9012" in told
    assert "123456789012" not in told


def test_a_shell_reaches_the_target_and_the_pinned_cdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a shell that writes down what it was started with, and a person who is logged in
    told = tmp_path / "told"
    script = tmp_path / "shell"
    script.write_text(f"#!/bin/sh\nenv > {told}\ncommand -v cdk >> {told}\nexit 7\n")
    script.chmod(0o755)
    monkeypatch.setenv("SHELL", str(script))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATHEIRS")
    lab = SimpleNamespace(
        session=SimpleNamespace(environment=lambda: of_embedded(INFO, os.environ))
    )
    monkeypatch.setattr(target_use, "ready", lambda *_: nullcontext(lab))
    # When it is opened
    assert shell.run(parse()) == 7
    # Then it reaches the embedded AWS, and says which target it works on
    found = told.read_text()
    assert f"AWS_ENDPOINT_URL={INFO['endpoint_url']}" in found
    assert "AKIATHEIRS" not in found
    assert found.splitlines()[-1] == str(PROJECT / "node_modules" / ".bin" / "cdk")
    assert "the embedded AWS on this machine" in capsys.readouterr().out


def test_whoever_stops_reading_gets_no_traceback() -> None:
    # Given a command whose reader has gone before it says anything
    reading, writing = os.pipe()
    os.close(reading)
    # When it prints its report
    done = subprocess.run(
        [sys.executable, "-m", "workshop", "doctor"],
        cwd=PROJECT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    # Then it ends, and that is all
    assert (done.returncode, done.stderr) == (1, "")
