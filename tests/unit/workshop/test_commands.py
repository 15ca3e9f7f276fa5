"""A command that a sentence names works on the target that the sentence is about."""

import argparse
import shlex
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeParameters, fake_lab
from workshop.cli import arguments, guide_stacks, lab, target_line
from workshop.cli.arguments import add_target_arguments, chosen_target
from workshop.errors import NotDeployedError, TargetValueError
from workshop.stacks import ownership
from workshop.target.commands import start_command
from workshop.target.outputs import read_outputs
from workshop.target.target import TARGET_FILE, Target

ID = "123456789012"
AWS = Target("aws", profile="my own", region="eu-west-1", account=ID)
ADA = Target("aws", "environment", "us-east-1", ID, "ada", "http://127.0.0.1:4566")


def typed(command: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """The target of a command that somebody types in a folder, with the account id filled in."""
    parser = argparse.ArgumentParser()
    add_target_arguments(parser)
    program, script, _, *rest = shlex.split(command)
    assert (program, script) == ("python3", "start.py")
    monkeypatch.setattr(arguments.Target, "chosen", lambda: own(project))
    return chosen_target(parser.parse_args([ID if one == "ID" else one for one in rest]))


def own(project: Path) -> Target:
    file = project / TARGET_FILE
    return Target.load(file) if file.exists() else Target()


@pytest.mark.parametrize("of_folder", [None, AWS, ADA], ids=["none", "an account", "another"])
@pytest.mark.parametrize("target", [Target(), Target(participant="ada"), AWS, ADA], ids=str)
def test_it_leads_to_its_target_whatever_the_folders_own_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: Target, of_folder: Target | None
) -> None:
    if of_folder:
        of_folder.save(tmp_path / TARGET_FILE)
    command = start_command(target, "destroy", project=tmp_path)
    assert typed(command, tmp_path, monkeypatch) == target
    # And no account id is on a screen because of it
    assert ID not in command


def test_it_is_as_short_as_it_can_be(tmp_path: Path) -> None:
    assert start_command(Target(), "deploy", project=tmp_path) == "python3 start.py deploy"
    AWS.save(tmp_path / TARGET_FILE)
    assert start_command(AWS, "lab", project=tmp_path) == "python3 start.py lab"
    (tmp_path / TARGET_FILE).write_text("kind = 7")
    assert "--target aws" in start_command(AWS, "lab", project=tmp_path)


def test_pasted_as_it_is_it_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.ID", "ID")
    with pytest.raises(TargetValueError, match="'ID' is not a number of 12 digits"):
        typed(start_command(AWS, "destroy", project=tmp_path), tmp_path, monkeypatch)


@pytest.mark.parametrize("prepared", [True, False])
def test_a_stack_that_is_not_there_is_made_by_the_commands_of_its_target(prepared: bool) -> None:
    for target in (AWS, ADA):
        aws = {
            "cloudformation": FakeCloudFormation(),
            "ssm": FakeParameters(is_prepared=prepared),
        }
        with pytest.raises(NotDeployedError) as caught:
            read_outputs(fake_lab(target, **aws).session, "SqsDlq")
        assert caught.value.remedy.startswith(f"Run {commands_to_make(target, prepared)} in a term")
        assert str(target) in caught.value.happened
        # `connect` makes no stacks in an account
        assert "deploy=True" not in str(caught.value)


def commands_to_make(target: Target, prepared: bool) -> str:
    """What is to be named: where the Region is not prepared for the CDK, `bootstrap` first."""
    names = ["deploy"] if prepared else ["bootstrap", "deploy"]
    return ", then ".join(f"`{start_command(target, name)}`" for name in names)


def test_what_is_there_is_listed_without_a_question_about_what_would_make_the_rest() -> None:
    parameters = FakeParameters()
    there = FakeCloudFormation(SqsDlq={"SourceQueueUrl": "u"}, Repair={})
    assert list(fake_lab(AWS, cloudformation=there, ssm=parameters).deployed()) == ["SqsDlq"]
    assert parameters.asked == 0


@pytest.mark.parametrize("prepared", [True, False])
def test_lab_says_what_there_is_and_what_removes_it(prepared: bool) -> None:
    ssm, making = FakeParameters(is_prepared=prepared), commands_to_make(AWS, prepared)
    nothing = fake_lab(AWS, cloudformation=FakeCloudFormation(), ssm=ssm)
    told = lab._what_stays(nothing)
    assert "no stacks of the workshop yet" in told
    assert f": in another terminal, {making}." in told
    assert "costs" not in told
    there = FakeCloudFormation(SqsDlq={"SourceQueueUrl": "u"})
    one = fake_lab(AWS, cloudformation=there, ssm=ssm)
    assert f"It has 1 of 7 stacks; {making} makes" in lab._what_stays(one)
    for words in (lab._what_stays(one), lab._what_goes_on(AWS)):
        assert f"`{start_command(AWS, 'destroy')}`" in words
    # And where that may not be asked, nothing is claimed, and the lab goes on
    refused = fake_lab(AWS, cloudformation=Refusing())
    assert "stacks stay" in lab._what_stays(refused)
    assert "It has" not in lab._what_stays(refused)
    assert "start.py" not in lab._what_stays(fake_lab()) + lab._what_goes_on(Target())


class Refusing:
    """CloudFormation, for somebody who may not ask it."""

    def describe_stacks(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks")


@pytest.mark.parametrize("prepared", [True, False])
def test_guides_refuse_before_the_first_cell_where_stacks_are_missing(
    tmp_path: Path, prepared: bool
) -> None:
    page, other = tmp_path / "01.ipynb", tmp_path / "glossary.ipynb"
    page.write_text(r'{"source": "lab.outputs(\"SqsDlq\"); lab.outputs(\"LambdaDlq\")"}')
    other.write_text("{}")
    there = fake_lab(
        AWS,
        cloudformation=FakeCloudFormation(SqsDlq={"SourceQueueUrl": "u"}),
        ssm=FakeParameters(is_prepared=prepared),
    )
    with pytest.raises(NotDeployedError, match="FailureWorkshop-LambdaDlq") as caught:
        guide_stacks.expect_stacks(there, [page, other])
    assert "FailureWorkshop-SqsDlq" not in str(caught.value)
    before = "" if prepared else f"`{start_command(AWS, 'bootstrap')}`, then "
    assert caught.value.remedy.startswith(f"Run {before}`{start_command(AWS, 'deploy')}` first")
    guide_stacks.expect_stacks(there, [other])
    guide_stacks.expect_stacks(fake_lab(AWS, cloudformation=Refusing()), [page])


def remember(state: Path, target: Target) -> None:
    """A deployment, as `deploy` notes it."""
    file = state / "deployments" / f"{target.account}-{target.region}-x.json"
    ownership._write(file, ownership.Deployment("id", frozenset()), target)


def test_a_command_says_first_where_it_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target_line.tell_target("destroy", AWS, tmp_path)
    assert capsys.readouterr().out == f"destroy: {AWS}\n"
    target_line.tell_target("destroy", Target(), tmp_path)
    [told] = capsys.readouterr().out.splitlines()
    assert told.startswith("destroy: the embedded AWS on this machine; it ends when nothing uses")


def test_on_the_embedded_aws_it_names_the_accounts_that_it_leaves_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a folder that has deployed on an account, and on the embedded AWS
    remember(tmp_path, ADA)
    remember(tmp_path, Target())
    (tmp_path / "deployments" / "broken.json").write_text("{")
    # When somebody forgets the arguments
    target_line.tell_target("destroy", Target(), tmp_path)
    # Then the account is named, with the command that is about it
    told = capsys.readouterr().out
    assert f"{ADA}, where this folder has deployed. What is there stays" in told
    assert told.splitlines()[-1].strip() == start_command(ADA, "destroy")
    assert ID not in told
    # But about an account no other is
    target_line.tell_target("destroy", AWS, tmp_path)
    assert "has deployed" not in capsys.readouterr().out


def test_a_deployment_that_is_gone_is_not_named_any_more(tmp_path: Path) -> None:
    session = fake_lab(AWS).session
    session.state = tmp_path
    # The fake's account, whatever the target says
    session.target = Target("aws", "p", "us-east-1", "000000000000")
    file = ownership._file(session)
    known = ownership.Deployment("id", frozenset({"u"}))
    ownership._write(file, known, session.target)
    assert ownership.remembered(tmp_path) == [session.target]
    ownership.forget(session)
    assert ownership.remembered(tmp_path) == []
    # What it was made of is still known: a queue may be listed late
    assert ownership._read(file) == known
