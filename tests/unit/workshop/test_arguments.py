"""Which target the arguments of a command name; none of them is ever passed over."""

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from workshop.__main__ import _guarded
from workshop.cli.arguments import (
    add_share_argument,
    add_target_arguments,
    chosen_target,
    port,
    target_arguments,
)
from workshop.errors import TargetError
from workshop.target.folders import SHARE_VARIABLE, shared_as
from workshop.target.target import Target

ACCOUNT = "123456789012"
AWS = Target("aws", profile="p", region="eu-west-1", account=ACCOUNT)
WHOLE = ["--target", "aws", "--profile", "p", "--region", "eu-west-1", "--account", ACCOUNT]


@pytest.fixture
def file(tmp_path: Path) -> str:
    AWS.save(tmp_path / "aws.toml")
    return str(tmp_path / "aws.toml")


@pytest.fixture(autouse=True)
def no_target_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Target, "chosen", classmethod(lambda cls: Target()))


def chosen(*arguments: str) -> Target:
    parser = argparse.ArgumentParser()
    add_target_arguments(parser)
    add_share_argument(parser)
    return chosen_target(parser.parse_args(arguments))


def test_arguments_or_a_file_name_an_account(file: str) -> None:
    assert chosen() == chosen("--target", "embedded") == Target()
    assert chosen(*WHOLE) == AWS
    assert chosen("--target-file", file) == AWS
    assert chosen("--participant", "ada") == Target(participant="ada")


@pytest.mark.parametrize(
    "target", [Target(), Target(participant="ada"), AWS, replace(AWS, participant="ada")], ids=str
)
def test_a_target_is_chosen_by_the_arguments_that_name_it(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever the project's own target is
    monkeypatch.setattr(Target, "chosen", classmethod(lambda cls: replace(AWS, region="us-east-1")))
    assert chosen(*target_arguments(target)) == target


def test_an_account_is_not_shared_by_name_and_the_embedded_aws_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(SHARE_VARIABLE, "")
    with pytest.raises(TargetError, match="--share pair is for the embedded AWS"):
        chosen(*WHOLE, "--share", "pair")
    assert shared_as() == ""
    assert "shared as 'pair'" in str(chosen("--share", "pair"))


def test_a_file_and_arguments_that_say_the_same_are_fine(file: str) -> None:
    assert chosen("--target-file", file, *WHOLE) == AWS


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("--target", "embedded"),
        ("--profile", "other"),
        ("--region", "us-east-1"),
        ("--account", "999999999999"),
        ("--endpoint-url", "http://127.0.0.1:1"),
    ],
)
def test_what_contradicts_the_file_is_refused(file: str, argument: str, value: str) -> None:
    with pytest.raises(TargetError, match=argument) as caught:
        chosen("--target-file", file, argument, value)
    assert value in str(caught.value)


@pytest.mark.parametrize(
    "alone",
    [
        ["--profile", "p"],
        ["--region", "eu-west-1"],
        ["--account", ACCOUNT],
        ["--endpoint-url", "http://127.0.0.1:1"],
        ["--target", "embedded", "--profile", "p"],
        ["--target", "embedded", "--region", "eu-west-1"],
    ],
    ids=" ".join,
)
def test_what_only_an_account_has_is_refused_without_one(alone: list[str]) -> None:
    with pytest.raises(TargetError, match="the target is the embedded AWS"):
        chosen(*alone)


@pytest.mark.parametrize("text", ["99999", "-1", "http", ""])
def test_what_is_no_port_is_a_usage_error(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=port)
    with pytest.raises(SystemExit) as caught:
        parser.parse_args([f"--port={text}"])
    assert caught.value.code == 2
    assert f"{text!r} is no port" in capsys.readouterr().err
    assert parser.parse_args(["--port=0"]).port == 0


def test_a_command_with_a_wrong_value_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert _guarded(lambda: int(bool(chosen(*WHOLE, "--region", "Region1")))) == 2
    assert "'Region1' is no Region of AWS" in capsys.readouterr().err


def test_what_a_file_does_not_say_is_not_called_none(file: str) -> None:
    with pytest.raises(TargetError, match=r"but the target file .* does not name one"):
        chosen("--target-file", file, "--endpoint-url", "http://127.0.0.1:1")


def test_a_class_has_one_file_and_each_person_a_name(file: str) -> None:
    assert chosen("--target-file", file, "--participant", "ada") == replace(AWS, participant="ada")


def test_a_file_with_a_participant_is_that_persons(tmp_path: Path, file: str) -> None:
    his = tmp_path / "his.toml"
    his.write_text(f'{Path(file).read_text()}\nparticipant = "bob"\n')
    with pytest.raises(TargetError, match=r"--participant says 'ada', but .* says 'bob'"):
        chosen("--target-file", str(his), "--participant", "ada")


@pytest.mark.parametrize(
    ("key", "told"), [("profil", "(did you mean profile?)"), ("x", "'x', which no target has.")]
)
def test_a_misspelt_key_of_a_file_is_told_in_words(tmp_path: Path, key: str, told: str) -> None:
    path = tmp_path / "aws.toml"
    path.write_text(f'kind = "aws"\n{key} = "p"\n')
    with pytest.raises(TargetError) as caught:
        chosen("--target-file", str(path))
    assert told in caught.value.happened
    assert "__init__" not in str(caught.value)
    assert "kind, profile, region, account, participant, endpoint_url" in caught.value.remedy
