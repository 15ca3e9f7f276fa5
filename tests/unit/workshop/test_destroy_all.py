"""Everybody's stacks are removed, each set once, and nobody is forgotten or asked about twice."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import fake_session
from workshop import connection
from workshop.cli import destroy, destroy_all
from workshop.errors import TargetError, TargetValueError
from workshop.lab import Lab
from workshop.stacks import ownership
from workshop.target.target import PATTERNS, Target

AWS = Target("aws", profile="p", region="eu-west-1", account="123456789012")
ADA, BOB = replace(AWS, participant="ada"), replace(AWS, participant="bob")
NAMES = ("FailureWorkshop-SqsDlq", "FailureWorkshop-ada-SqsDlq", "FailureWorkshop-ada-Repair")


class Stacks:
    """CloudFormation's list of stacks, which all carry the workshop's tag."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)

    def get_paginator(self, _: str) -> "Stacks":
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        tags = [{"Key": "workshop", "Value": "lambda-failure"}]
        yield {"Stacks": [{"StackName": name, "Tags": tags} for name in self.names]}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(destroy_all, "confirm", lambda _, question, __: found.append(question))
    return found


@pytest.fixture
def run(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, list[tuple[Target, tuple[str, ...]]]]]:
    """Run the command among these stacks; its exit code, and which sets it removed how."""

    def run(
        stacks: Any,
        codes: dict[Target, int] | None = None,
        made_meanwhile: str = "",
        **options: Any,
    ) -> tuple[int, list[tuple[Target, tuple[str, ...]]]]:
        session = fake_session(AWS, cloudformation=stacks)
        session.state = tmp_path
        removed: list[tuple[Target, tuple[str, ...]]] = []

        def remove(target: Target, more: Sequence[str]) -> int:
            removed.append((target, tuple(more)))
            gone = set(map(target.stack_name, PATTERNS))
            stacks.names = [one for one in stacks.names if one not in gone]
            stacks.names += [made_meanwhile] * bool(made_meanwhile)
            return (codes or {}).get(target, 0)

        monkeypatch.setattr(destroy_all, "chosen_target", lambda _: BOB)
        monkeypatch.setattr(connection, "open_lab", lambda *_: Lab(session))
        monkeypatch.setattr(destroy_all, "_destroy", remove)
        given = {"participant": None, "sweep": False, "yes": None, "share": None} | options
        code = destroy.run(argparse.Namespace(all_participants=True, **given))
        return code, sorted(removed, key=lambda one: str(one[0]))

    return run


def test_everybody_is_named_in_one_question_and_removed_once(
    run: Callable[..., Any], asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, removed = run(Stacks(*NAMES), sweep=True)
    assert code == 0
    # The account id answers the question of each, and none says that the others stay
    more = ("--one-of-many", "--yes=123456789012", "--sweep")
    assert removed == [(AWS, more), (ADA, more)]
    [question] = asked
    assert "3 stacks and all messages in them go" in question
    assert all(name in question for name in NAMES)
    assert "2 sets of stacks gone, nothing left of them" in capsys.readouterr().out


def test_who_is_not_through_is_named_with_the_command_that_goes_on(
    run: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = run(Stacks(*NAMES), codes={ADA: 1})
    told = capsys.readouterr().out
    assert code == 1
    assert "1 set of stacks gone" in told
    assert "not yet, or not all: python3 start.py destroy" in told
    assert "--participant ada" in told


def test_what_was_made_meanwhile_is_told(
    run: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = run(Stacks(*NAMES), made_meanwhile="FailureWorkshop-zoe-SqsDlq")
    assert code == 1
    assert "made meanwhile: FailureWorkshop-zoe-SqsDlq" in capsys.readouterr().out


def test_a_removal_that_was_interrupted_is_gone_on_with(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    # Given stacks that are gone, of which this folder has not seen yet that nothing is left
    for number, target in enumerate(
        (
            # Deployed with other keys to the same place; and to another place
            replace(BOB, profile="other"),
            replace(BOB, region="us-east-1"),
        )
    ):
        file = tmp_path / "deployments" / f"{number}.json"
        ownership._write(file, ownership.Deployment("id", frozenset({"queue"})), target)
    _, removed = run(Stacks(*NAMES))
    assert [target for target, _ in removed] == [AWS, ADA, BOB]


def test_where_nobody_has_stacks_nobody_is_asked(
    run: Callable[..., Any], asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Stacks()) == (0, [])
    assert asked == []
    assert "no stacks of the workshop to remove, of anybody" in capsys.readouterr().out


def test_one_and_all_contradict_each_other(run: Callable[..., Any]) -> None:
    with pytest.raises(TargetValueError, match="--participant ada contradict"):
        run(Stacks(*NAMES), participant="ada")


def test_who_may_not_list_stacks_is_told_what_is_needed(run: Callable[..., Any]) -> None:
    def refuse() -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "D")

    with pytest.raises(TargetError, match="cannot be told: not you") as caught:
        run(SimpleNamespace(get_paginator=lambda _: SimpleNamespace(paginate=refuse)))
    assert "instructor's policy" in str(caught.value)


def test_an_interruption_begins_no_more_and_says_how_many_are_left() -> None:
    begun: list[int] = []

    def remove(number: int) -> int:
        begun.append(number)
        raise KeyboardInterrupt

    removals = [lambda number=number: remove(number) for number in range(100)]
    with pytest.raises(KeyboardInterrupt) as caught:
        destroy_all._side_by_side(removals)
    left = 100 - len(begun)
    assert left > 0
    assert caught.value.__notes__ == [
        f"{left} sets of stacks not begun; run this again for the rest."
    ]
