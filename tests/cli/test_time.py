"""How time passes under `start.py local` and `python -m localaws`."""

import argparse
import json
import os
import shlex
import subprocess
import sys
import urllib.request

import pytest

from localaws import EndpointInfo
from localaws.time.mode import checked
from tests.stored_files import ROOT
from workshop.cli import local
from workshop.target.clock import EmbeddedClock
from workshop.target.embedded import own

_ENDS = 60


@pytest.mark.parametrize(("told", "mode"), [("flow", "flow"), ("skip", "skip"), ("60", 60)])
def test_a_mode_may_be_written(told: str, mode: object) -> None:
    assert checked(told) == mode


@pytest.mark.parametrize("told", ["fast", "0", "-1", "100000", ""])
def test_what_is_no_mode_is_refused_with_the_ones_that_are(told: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "localaws", "--time", told],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_ENDS,
    )
    assert run.returncode == 2
    assert 'is not "skip", "flow", "real" or a factor' in run.stderr


def test_local_flows_unless_notebooks_share_it(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path_factory.mktemp("project")
    with own(project) as info:
        # Given an embedded AWS that others use, too
        monkeypatch.setattr("workshop.target.embedded.is_shared", lambda: True)
        # Then it stays as it is, in words
        assert local._set_time(info, None).startswith("Time stands")
        # And else it flows, or as it was asked
        monkeypatch.setattr("workshop.target.embedded.is_shared", lambda: False)
        assert local._set_time(info, None).startswith("Time runs as yours does; notebooks")
        assert local._set_time(info, "60") == "Time runs 60 times as fast as yours."


def test_the_line_that_skips_an_hour_does(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given the line that `local` prints and the guide shows, in a shell with what `local` prints
    assert local._SKIP_AN_HOUR in (ROOT / "docs" / "tools.md").read_text("utf-8")
    with own(tmp_path_factory.mktemp("project")) as info:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", info["aws_secret_access_key"])
        monkeypatch.setenv("AWS_ENDPOINT_URL", info["endpoint_url"])
        program, _, header, _, body, url = shlex.split(os.path.expandvars(local._SKIP_AN_HOUR))
        name, _, value = header.partition(": ")
        clock = EmbeddedClock(info["clock_url"], info["aws_secret_access_key"])
        before = clock.now()
        # When what it asks for is asked for
        asked = urllib.request.Request(url, body.encode(), {name: value})
        with urllib.request.urlopen(asked) as answer:
            now_s = json.load(answer)["now"]
        # Then an hour has passed
        assert (program, round((now_s - before.timestamp()) / 3600)) == ("curl", 1)


def test_the_command_takes_a_mode() -> None:
    parser = argparse.ArgumentParser()
    local.add_arguments(parser)
    assert parser.parse_args([]).time is None
    assert parser.parse_args(["--time", "real"]).time == "real"


def test_an_endpoint_is_told_as_lines_for_a_shell_of_the_commands_of_an_account() -> None:
    info = EndpointInfo("http://127.0.0.1:4566", "", "us-east-1", "1" * 12, "KEY", "a secret")
    assert info.as_exports().splitlines() == [
        "export AWS_ACCESS_KEY_ID=KEY",
        "export AWS_SECRET_ACCESS_KEY='a secret'",
        "export ENDPOINT=http://127.0.0.1:4566",
        "unset AWS_SESSION_TOKEN",
    ]


def test_the_command_tells_them_in_place_of_its_json() -> None:
    command = [sys.executable, "-m", "localaws", "--owned", "--exports"]
    run = subprocess.run(
        command, cwd=ROOT, input="", capture_output=True, text=True, timeout=_ENDS, check=True
    )
    assert run.stdout.startswith("export AWS_ACCESS_KEY_ID=")
    assert "\nexport ENDPOINT=http://127.0.0.1:" in run.stdout
