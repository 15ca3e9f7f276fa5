"""A process tree has one target: the one that was announced when it was started."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from tests.unit.workshop.test_waiting import FakeClock
from workshop import palette
from workshop.errors import TargetError
from workshop.lab import Lab
from workshop.target.announcement import announce, announced, bound
from workshop.target.session import Session
from workshop.target.target import PROJECT, Target

AWS = Target("aws", profile="workshop", region="eu-west-1", account="123456789012")
ENDPOINT = replace(AWS, endpoint_url="http://127.0.0.1:4566")


def enter(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    """Be a kernel that was started with these variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_without_an_announcement_the_projects_own_target_counts(tmp_path: Path) -> None:
    assert announced() is None
    assert bound(None, tmp_path) == Target()
    assert bound(AWS, tmp_path) == AWS


def test_two_commands_of_one_folder_do_not_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a lab on the embedded AWS, and then guides on an account, in one folder
    with announce(Target(), tmp_path) as of_lab, announce(AWS, tmp_path) as of_guides:
        # Then a kernel of each has its own, now and after a restart
        for _ in range(2):
            enter(monkeypatch, of_lab)
            assert bound(None, tmp_path) == Target()
            enter(monkeypatch, of_guides)
            assert bound(None, tmp_path) == AWS
    # And a target file that is written meanwhile changes neither
    with announce(Target(), tmp_path) as of_lab:
        AWS.save(tmp_path / ".workshop" / "target.toml")
        enter(monkeypatch, of_lab)
        assert bound(None, tmp_path) == Target()


def test_a_kernel_cannot_change_its_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with announce(Target(), tmp_path) as variables:
        enter(monkeypatch, variables)
        assert bound(Target(), tmp_path) == Target()
        with pytest.raises(TargetError, match="belongs to the embedded AWS") as caught:
            bound(AWS, tmp_path)
    assert "********9012" in str(caught.value)
    assert "123456789012" not in str(caught.value)
    with announce(AWS, tmp_path) as variables:
        enter(monkeypatch, variables)
        with pytest.raises(TargetError, match="another account whose id ends in the same four"):
            bound(replace(AWS, account="999999999012"), tmp_path)


def test_what_was_announced_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with announce(Target(), tmp_path) as variables:
        enter(monkeypatch, variables)
        # When somebody writes another target into the file
        [file] = (tmp_path / ".workshop" / "targets").iterdir()
        AWS.save(file)
        with pytest.raises(TargetError, match="changed after the kernel had been started"):
            bound(None, tmp_path)


def test_a_kernel_that_outlives_its_command_connects_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with announce(AWS, tmp_path) as variables:
        enter(monkeypatch, variables)
    with pytest.raises(TargetError, match="has ended"):
        bound(None, tmp_path)
    assert list((tmp_path / ".workshop" / "targets").iterdir()) == []


@pytest.mark.parametrize(
    ("target", "told", "colour"),
    [
        (Target(), "✓ Embedded AWS", palette.GREEN),
        (AWS, "⚠ Real account", palette.VERMILLION),
        (ENDPOINT, "⚠ Endpoint used as an account", palette.VERMILLION),
    ],
)
def test_a_notebook_begins_with_its_target_in_words_and_colour(
    target: Target, told: str, colour: str
) -> None:
    sts = SimpleNamespace(meta=SimpleNamespace(region_name="eu-west-1"))
    page = Lab(Session(target, lambda _: sts, FakeClock()))._repr_html_()
    text = " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())
    assert text.startswith(told)
    assert colour in page
    assert "123456789012" not in page
    # And nobody is told that AWS is paid where it is not AWS
    assert ("because it is AWS" in text) is ("which pays" in text) is (target == AWS)


def test_every_notebook_shows_its_target_first() -> None:
    for path in sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        first = next(c for c in cells if "workshop.connect()" in "".join(c["source"]))
        assert "".join(first["source"]).rstrip().splitlines()[-1] == "lab", path.name


def test_a_lab_says_when_waits_are_not_skipped_and_what_to_do() -> None:
    # Given an endpoint whose time somebody let run as it does, and went away
    clock = FakeClock()
    sts = SimpleNamespace(meta=SimpleNamespace(region_name="us-east-1"))
    lab = Lab(Session(Target(), lambda _: sts, clock))
    assert "waits are skipped" in repr(lab)
    for mode, pace in (("real", "as fast as yours"), ("60", "60 times as fast as yours")):
        clock.mode = mode
        # Then no header says that waits are skipped
        for shown in (repr(lab), BeautifulSoup(lab._repr_html_(), "html.parser").get_text(" ")):
            assert "waits are skipped" not in shown
            assert f"runs {pace}: waits are not skipped, in no notebook" in shown
        assert 'lab.clock.set_mode("skip")' in repr(lab)
