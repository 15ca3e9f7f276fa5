"""Deleting what is ours: in order, past what is gone already; and how `destroy` tells of it.

What is ours is shown on the embedded AWS: tests/scenarios/test_ownership.py.
"""

import argparse
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import fake_lab
from tests.unit.workshop.test_waiting import FakeClock
from workshop import cleanup, connection, workbench
from workshop.cli import destroy
from workshop.errors import TargetError, TargetValueError
from workshop.stacks import deployment, neighbours, ownership, sweep
from workshop.stacks.kinds import Resource
from workshop.target.commands import start_command
from workshop.target.target import PATTERNS, Target

QUEUE = Resource("SQS queue", "FailureWorkshop-Temp-x-q-1", "http://sqs/q")
USED = Resource("SQS queue", "FailureWorkshop-Temp-x-q-2", "http://sqs/used")
THEIRS = Resource("SQS queue", "FailureWorkshop-Temp-billing", "http://sqs/billing")


def test_names_of_one_participant_are_not_those_of_another() -> None:
    mine, adas = cleanup.prefixes(Target()), cleanup.prefixes(Target(participant="ada"))
    assert not "FailureWorkshop-ada-SqsDlq-Queue".startswith(tuple(mine))
    assert "FailureWorkshop-ada-SqsDlq-Queue".startswith(tuple(adas))
    assert not "FailureWorkshop-SqsDlq-Queue".startswith(tuple(adas))
    assert workbench.prefix_of(Target(participant="ada"), "x") == "FailureWorkshop-ada-Temp-x-"


class Sqs:
    """Refuses to delete, with one code."""

    def __init__(self, code: str) -> None:
        self._code = code

    def delete_queue(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": self._code, "Message": ""}}, "DeleteQueue")


def test_what_is_gone_already_is_passed_over_and_other_errors_are_not() -> None:
    gone = fake_lab(sqs=Sqs("AWS.SimpleQueueService.NonExistentQueue"))
    sweep.delete(gone.session, [QUEUE])
    denied = fake_lab(sqs=Sqs("AccessDenied"))
    with pytest.raises(ClientError, match="AccessDenied"):
        sweep.delete(denied.session, [QUEUE])


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[sweep.Found]:
    """What the looks find, one after the other; the last one again and again."""
    found: list[sweep.Found] = []

    def find(*_: object, **__: object) -> sweep.Found:
        return found.pop(0) if len(found) > 1 else found[0]

    monkeypatch.setattr(sweep, "find", find)
    return found


def test_a_tear_down_without_yes_touches_nothing(
    monkeypatch: pytest.MonkeyPatch, looks: list[sweep.Found]
) -> None:
    looks.append(sweep.Found(ours=(QUEUE,)))
    for module, name in ((deployment, "destroy"), (sweep, "delete")):
        monkeypatch.setattr(module, name, lambda *_, **__: pytest.fail("something was deleted"))
    report = cleanup.tear_down(fake_lab(), "no")
    assert report.is_dry
    assert str(report).startswith("Dry run, nothing was touched.")


@pytest.fixture
def deleted(monkeypatch: pytest.MonkeyPatch) -> list[Resource]:
    """A target without stacks; what a sweep deletes there."""
    found: list[Resource] = []
    monkeypatch.setattr(connection, "open_lab", lambda *_, **__: fake_lab())
    monkeypatch.setattr(deployment, "existing", lambda _: ["FailureWorkshop-SqsDlq"])
    monkeypatch.setattr(deployment, "destroy", lambda *_, **__: [])
    monkeypatch.setattr(ownership, "forget", lambda _: None)
    monkeypatch.setattr(sweep, "delete", lambda _, resources: found.extend(resources))
    return found


def run(target: Target, monkeypatch: pytest.MonkeyPatch, **options: Any) -> int:
    monkeypatch.setattr(destroy, "chosen_target", lambda _: target)
    return destroy.run(
        argparse.Namespace(
            **(
                {"sweep": False, "yes": None, "all_participants": False, "one_of_many": False}
                | options
            )
        )
    )


def test_destroy_says_what_is_left_and_fails_then(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    looks: list[sweep.Found],
    deleted: list[Resource],
) -> None:
    # Given a queue of ours that no stack knows, one that others use, one that is called like ours
    before = sweep.Found((QUEUE, USED), {USED: "subscription of topic billing"}, (THEIRS,))
    looks.append(before)
    assert run(Target(), monkeypatch) == 1
    told = capsys.readouterr().out
    assert "2 left on the embedded AWS on this machine\n" in told
    assert f"{USED.name} (it is used by subscription of topic billing)" in told
    assert "called as ours are, but not ours, and left alone: 1" in told
    assert deleted == []
    # When it sweeps as well, then that goes which nobody else needs
    after = sweep.Found((USED,), before.needed, before.others)
    looks[:] = [before, before, after]
    assert run(Target(), monkeypatch, sweep=True) == 1
    assert deleted == [QUEUE]
    assert "1 left on the embedded AWS on this machine\n" in capsys.readouterr().out
    # And when nothing of ours is left it says so
    looks[:] = [sweep.Found(others=(THEIRS,))]
    assert run(Target(), monkeypatch, sweep=True) == 0
    assert "0 left on the embedded AWS on this machine\n" in capsys.readouterr().out


def test_where_nothing_can_be_told_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    looks: list[sweep.Found],
    deleted: list[Resource],
) -> None:
    # Given a folder that has never deployed, no stacks, and a queue that is called as ours are
    looks.append(sweep.Found(others=(THEIRS,), is_known=False))
    assert run(Target(), monkeypatch, sweep=True) == 1
    assert "nothing tells whose they are" in capsys.readouterr().out
    assert deleted == []
    # Nor does notebook 14 claim it
    report = cleanup.tear_down(fake_lab(), "yes", on_progress=lambda _: None)
    assert "nothing tells whose they are" in str(report)
    assert "0 left" not in str(report)
    # But where nothing at all is called so on an embedded AWS, it is new, and nothing is left
    looks[:] = [sweep.Found(is_known=False)]
    assert run(Target(), monkeypatch) == 0
    assert "0 left" in capsys.readouterr().out


@pytest.mark.parametrize(
    "owners", [(), ("of participant 'ada'", "of no participant")], ids=["empty", "others' stacks"]
)
def test_a_misspelt_participant_or_a_wrong_region_is_not_told_that_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    looks: list[sweep.Found],
    deleted: list[Resource],
    owners: tuple[str, ...],
) -> None:
    # Given an account in which this folder has deployed nothing for somebody of that name
    zoe = Target("aws", "p", "eu-west-1", "123456789012", "zoe")
    monkeypatch.setattr(deployment, "existing", lambda _: [])
    monkeypatch.setattr(destroy, "confirm", lambda *_: pytest.fail("somebody was asked"))
    looks.append(sweep.Found(is_known=False, target=zoe, owners=owners))
    # When it is to be removed, then nobody is asked, and nothing is claimed
    assert run(zoe, monkeypatch) == 1
    told = capsys.readouterr().out
    assert "there is no stack of participant 'zoe' to remove" in told
    assert "It cannot be told whether anything is left" in told
    assert "0 left" not in told
    said = "There are stacks of participant 'ada'; of no participant."
    assert (said in told) is bool(owners)
    # Nor on an embedded AWS that others use
    here = Target(participant="zoe")
    looks[:] = [sweep.Found(is_known=False, target=here, owners=owners)]
    assert run(here, monkeypatch) == (1 if owners else 0)


REMADE = "FailureWorkshop-Repair"


def test_stacks_that_another_deploy_made_meanwhile_are_left_and_not_nothing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    looks: list[sweep.Found],
    deleted: list[Resource],
) -> None:
    # Given a stack that is being made when the others have gone: without tags or resources yet
    monkeypatch.setattr(ownership, "forget", lambda _: pytest.fail("it was taken for removed"))
    looks.append(sweep.Found(stacks=(REMADE,)))
    assert run(Target(), monkeypatch) == 1
    told = capsys.readouterr().out
    assert "0 left" not in told
    assert f"1 left on {Target()}\n  CloudFormation stack: {REMADE}\n" in told
    assert f"`{start_command(Target(), 'destroy')}` once more" in told
    # And what it uses is not swept away under it
    looks[:] = [sweep.Found(ours=(QUEUE,), stacks=(REMADE,))]
    assert run(Target(), monkeypatch, sweep=True) == 1
    assert deleted == []
    # Nor does notebook 14 claim that nothing is left
    report = cleanup.tear_down(fake_lab(), "yes", on_progress=lambda _: None)
    assert f"2 left\n  CloudFormation stack {REMADE}" in str(report)
    assert deleted == []


def test_the_last_thing_that_is_looked_at_is_which_stacks_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given another machine's deploy, whose stack shows after everything else was listed
    looked = list[str]()

    class Stacks:
        def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
            looked.append(StackName)
            return {"Stacks": [{"StackStatus": "REVIEW_IN_PROGRESS"}]}

    def owned(_: Any) -> ownership.Deployment:
        looked.append("what is ours")
        return ownership.Deployment("id", frozenset())

    monkeypatch.setattr(sweep, "KINDS", ())
    monkeypatch.setattr(sweep, "deployment_of", owned)
    monkeypatch.setattr(sweep, "_tagged_names", lambda *_: [])
    lab = fake_lab(cloudformation=Stacks())
    names = tuple(map(Target().stack_name, PATTERNS))
    assert cleanup.look(lab).stacks == names
    assert looked == ["what is ours", *names]
    # An experiment that clears up has nothing to do with them
    assert sweep.find(lab.session, ["FailureWorkshop-Temp-"]).stacks == ()


def test_a_stack_that_is_there_again_is_not_waited_for() -> None:
    session = fake_lab().session
    session.clock = FakeClock(is_virtual=False)
    there = [Resource("CloudFormation stack", REMADE, REMADE), QUEUE]
    assert sweep.look_again(session, lambda: list(there)) == there
    assert session.clock.now() == FakeClock().now()


def test_whose_stacks_there_are_is_read_from_names_and_tags() -> None:
    # Given stacks of nobody and of two participants, and others, one of them called like ours
    names = [
        "FailureWorkshop-SqsDlq",
        "FailureWorkshop-ada-SqsDlq",
        "FailureWorkshop-ada-lovelace-Repair",
        "FailureWorkshop-billing",
        "CDKToolkit",
    ]
    tags = [{"Key": "workshop", "Value": "lambda-failure"}]
    foreign = {"StackName": "FailureWorkshop-eve-SqsDlq"}
    client = SimpleNamespace()
    client.get_paginator = lambda _: client
    client.paginate = lambda: [
        {"Stacks": [foreign, *({"StackName": name, "Tags": tags} for name in names)]}
    ]
    session = fake_lab(cloudformation=client).session
    assert neighbours.owners(session) == [
        "deployed without --participant",
        "of participant 'ada'",
        "of participant 'ada-lovelace'",
    ]


def test_who_is_asked_reads_which_stacks_go(
    monkeypatch: pytest.MonkeyPatch, looks: list[sweep.Found], deleted: list[Resource]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(destroy, "confirm", lambda _, question, __: asked.append(question))
    looks.append(sweep.Found())
    run(Target(), monkeypatch)
    assert asked == ["1 stack and all messages in them go: FailureWorkshop-SqsDlq."]


def test_in_an_account_somebody_has_to_say_that_it_is_meant(
    monkeypatch: pytest.MonkeyPatch,
    looks: list[sweep.Found],
    deleted: list[Resource],
) -> None:
    looks.append(sweep.Found(ours=(QUEUE,)))
    target = Target("aws", profile="p", region="eu-west-1", account="123456789012")
    # Given nobody at the keyboard, then nothing is done without the account id
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(TargetError, match="Nobody can be asked") as nobody:
        run(target, monkeypatch, sweep=True)
    with pytest.raises(TargetValueError, match="Nothing was changed") as given:
        run(target, monkeypatch, sweep=True, yes="999999999999")
    # Given somebody who types another one, then that is the same refusal, with the same exit code
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "999999999999")
    with pytest.raises(TargetValueError) as typed:
        run(target, monkeypatch, sweep=True)
    assert str(typed.value) == str(given.value)
    assert {one.value.exit_code for one in (nobody, given, typed)} == {2}
    assert deleted == []
    # Given somebody who types it
    monkeypatch.setattr("builtins.input", lambda _: "123456789012")
    run(target, monkeypatch, sweep=True)
    assert deleted == [QUEUE]


def test_notebook_10_asks_for_the_account_as_the_command_does(
    monkeypatch: pytest.MonkeyPatch,
    looks: list[sweep.Found],
    deleted: list[Resource],
) -> None:
    looks.append(sweep.Found(ours=(QUEUE,)))
    account = Target("aws", profile="p", region="eu-west-1", account="123456789012")
    asked: list[str] = []

    def tear_down(answer: str, typed: str | None) -> cleanup.Report:
        def answered(question: str) -> str:
            asked.append(question)
            if typed is None:
                raise NotImplementedError  # as a notebook does that runs without a person
            return typed

        monkeypatch.setattr("builtins.input", answered)
        monkeypatch.setattr("workshop.target.confirmation.in_notebook", lambda: True)
        return cleanup.tear_down(fake_lab(target=account), answer, on_progress=lambda _: None)

    # Given an account, then "yes" is not enough, be it that nobody is there or another id is typed
    with pytest.raises(TargetError, match="Nobody can be asked") as nobody:
        tear_down("yes", None)
    assert nobody.value.remedy == 'Write the account id instead of "yes".'
    with pytest.raises(TargetError, match="Nothing was changed"):
        tear_down("yes", "yes")
    with pytest.raises(TargetError, match="Nothing was changed"):
        tear_down("999999999999", None)
    assert tear_down("no", None).is_dry
    assert deleted == []
    # But its id is, typed or written, and the question does not show it
    assert not tear_down("yes", account.account).is_dry
    assert not tear_down("123456789012", None).is_dry
    assert deleted == [QUEUE, QUEUE]
    assert set(asked) == {"Type the account id (********9012) to go on: "}
    # On the embedded AWS nobody is asked
    assert cleanup.tear_down(fake_lab(), "123456789012").is_dry
    assert not cleanup.tear_down(fake_lab(), "yes", on_progress=lambda _: None).is_dry


def test_where_nothing_is_listed_nobody_waits_for_it_to_go(lines: list[str]) -> None:
    session = fake_lab().session
    session.clock = FakeClock(is_virtual=False)
    assert sweep.look_again(session, list) == []
    assert lines == []
    # But a queue that is still listed is waited for
    looks = [[QUEUE], [QUEUE], []]
    assert sweep.look_again(session, lambda: looks.pop(0)) == []
    assert "AWS's lists show nothing of ours any more: after" in lines[-1]


def test_what_was_there_before_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
    looks: list[sweep.Found],
    deleted: list[Resource],
) -> None:
    # Given no stacks any more, and logs that stayed behind
    monkeypatch.setattr(deployment, "existing", lambda _: [])
    monkeypatch.setattr(sweep, "look_again", lambda *_: pytest.fail("it waited"))
    looks.append(sweep.Found((USED,), {USED: "somebody"}))
    assert run(Target(), monkeypatch) == 1
    assert deleted == []
