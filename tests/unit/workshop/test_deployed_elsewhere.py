"""Where this folder deployed is named to whoever looks for it somewhere else."""

import argparse
from pathlib import Path

import pytest

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeParameters, fake_session
from workshop import cleanup, connection
from workshop.cli import deploy, destroy, doctor_account
from workshop.errors import DeploymentError
from workshop.lab import Lab
from workshop.stacks import deployment, ownership, sweep
from workshop.stacks.kinds import Resource
from workshop.target.commands import start_command
from workshop.target.session import Session
from workshop.target.target import Target

ACCOUNT = Target("aws", profile="p", region="eu-west-1", account="123456789012")


def deployed_elsewhere(tmp_path: Path) -> tuple[Session, Session]:
    """Stacks in one Region, of which this folder knows; and a session of another Region."""
    aws = {"ssm": FakeParameters(is_prepared=False), "cloudformation": FakeCloudFormation()}
    other = Target("aws", profile="p", region="us-east-1", account="123456789012")
    there, here = fake_session(ACCOUNT, **aws), fake_session(other, **aws)
    there.state = here.state = tmp_path
    ownership._write(
        tmp_path / "deployments" / "one.json",
        ownership.Deployment("id", frozenset({"queue"})),
        ACCOUNT,
    )
    return there, here


def test_where_this_folder_deployed_is_known_where_nothing_is_found(tmp_path: Path) -> None:
    there, here = deployed_elsewhere(tmp_path)
    # When somebody looks in another one, then that is named; where they are, it is not
    assert ownership.elsewhere(here) == [ACCOUNT]
    assert ownership.elsewhere(there) == []


def test_whoever_mistakes_the_region_is_told_where_this_folder_deployed(tmp_path: Path) -> None:
    # Not only to prepare that Region, which would make a second set of stacks
    there, here = deployed_elsewhere(tmp_path)
    with pytest.raises(DeploymentError, match="not prepared") as caught:
        deploy._expect_bootstrap(here)
    assert f"has deployed to {ACCOUNT}" in caught.value.happened
    assert f"has deployed to {ACCOUNT}" in doctor_account._stacks(here).found
    assert doctor_account._stacks(there).found == "no stack of the workshop is there, of 7"
    assert "has deployed to" not in doctor_account._stacks(there).found


def destroyed(
    session: Session,
    found: sweep.Found,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[int, list[str]]:
    """The exit code and the lines of `destroy` where there are no stacks."""
    monkeypatch.setattr(destroy, "chosen_target", lambda _: session.target)
    monkeypatch.setattr(connection, "open_lab", lambda *_: Lab(session))
    monkeypatch.setattr(deployment, "existing", lambda _: [])
    monkeypatch.setattr(cleanup, "look", lambda _: found)
    monkeypatch.setattr(cleanup, "found", lambda _: list(found.ours))
    code = destroy.run(
        argparse.Namespace(sweep=False, yes=None, all_participants=False, one_of_many=False)
    )
    return code, capsys.readouterr().out.splitlines()


def test_nothing_left_here_is_not_taken_for_nothing_left_in_the_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given stacks in an account, and a `destroy` without arguments
    deployed_elsewhere(tmp_path)
    here = fake_session()
    here.state = tmp_path
    code, lines = destroyed(here, sweep.Found(), monkeypatch, capsys)
    # Then it says where nothing is left, and last of all what stays
    assert code == 0
    assert f"0 left on {Target()}" in lines
    assert lines[-1] == (
        f"the stacks on {ACCOUNT} stay; they go with `{start_command(ACCOUNT, 'destroy')}`"
    )


def test_in_a_wrong_region_the_right_one_is_the_last_word_and_nothing_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, here = deployed_elsewhere(tmp_path)
    queue = Resource("SQS queue", "FailureWorkshop-SqsDlq-Queue", "http://sqs/queue")
    found = sweep.Found(
        others=(queue,),
        is_known=False,
        target=here.target,
        elsewhere=tuple(ownership.elsewhere(here)),
    )
    code, lines = destroyed(here, found, monkeypatch, capsys)
    assert code == 1
    assert lines[-1].endswith(
        f"deployed to {ACCOUNT}: if that is meant, run `{start_command(ACCOUNT, 'destroy')}`."
    )
    assert "called as" not in "\n".join(lines)
    assert queue.name not in "\n".join(lines)


def test_an_interrupted_removal_is_told_to_be_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given stacks that have gone since `destroy` was interrupted
    there, here = deployed_elsewhere(tmp_path)
    monkeypatch.setattr(Session, "account", lambda self: self.target.account)
    monkeypatch.setattr(sweep, "owners", lambda _: [])
    (tmp_path / "deployments" / "one.json").rename(ownership._file(there))
    code, lines = destroyed(there, sweep.Found(target=ACCOUNT), monkeypatch, capsys)
    assert code == 0
    assert "there is no stack" not in "\n".join(lines)
    assert lines[-2:] == ["the removal that was begun is complete", f"0 left on {ACCOUNT}"]
    # When it is run once more, in a wrong Region, then it says where all of it was removed
    unknown = sweep.Found(
        (), {}, (), False, here.target, *sweep._asked_instead(here, is_known=False)
    )
    code, lines = destroyed(here, unknown, monkeypatch, capsys)
    assert code == 1
    assert f"This folder has deployed to {ACCOUNT}, and removed all of it." in lines[-1]
