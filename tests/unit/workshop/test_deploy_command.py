"""`deploy` asks for nothing before it knows that it could be done."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import FakeParameters
from tests.unit.workshop.test_connect_to_account import changed
from tests.unit.workshop.test_waiting import FakeClock
from workshop import connection
from workshop.cli import deploy
from workshop.drift.comparison import Compared
from workshop.drift.notice import Drift
from workshop.errors import DeploymentError
from workshop.lab import Lab
from workshop.stacks import deployment
from workshop.target.commands import start_command
from workshop.target.session import Session
from workshop.target.target import Target

ACCOUNT = Target("aws", profile="p", region="eu-west-1", account="123456789012")


class Stopwatch:
    """Seconds that only grow when somebody, or a deployment, takes them."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


def test_the_whole_time_is_told_and_not_that_of_who_was_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Stopwatch()

    def pass_s(seconds: float, result: Any = None) -> Any:
        watch.now_s += seconds
        return result

    monkeypatch.setattr(deploy, "time", watch)
    monkeypatch.setattr(deploy, "confirm", lambda *_: pass_s(300))
    run(monkeypatch, None, deployed=lambda *_, **__: pass_s(47, ["FailureWorkshop-SqsDlq"]))
    assert f"deployed FailureWorkshop-SqsDlq, on {ACCOUNT} (47 s in all)" in capsys.readouterr().out

    # Nor that of another command that had to be waited for
    def second(*_: Any, on_turn: Callable[[], None], **__: Any) -> list[str]:
        pass_s(40)
        on_turn()
        return pass_s(2, [])  # type: ignore[no-any-return]

    run(monkeypatch, None, deployed=second)
    assert "(2 s in all)" in capsys.readouterr().out


def run(
    monkeypatch: pytest.MonkeyPatch,
    error: Exception | None,
    left: Compared | None = None,
    deployed: Callable[..., list[str]] = lambda *_, **__: [],
) -> int:
    lab = Lab(Session(ACCOUNT, {"ssm": FakeParameters(error=error)}.__getitem__, FakeClock()))
    monkeypatch.setattr(connection, "open_lab", lambda _: lab)
    monkeypatch.setattr(deploy, "chosen_target", lambda _: ACCOUNT)
    monkeypatch.setattr(deployment, "deploy", deployed)
    monkeypatch.setattr(Lab, "changed", lambda _: Drift(left or Compared(), target=ACCOUNT))
    return deploy.run(argparse.Namespace(yes=ACCOUNT.account))


def test_a_region_that_is_not_prepared_is_told_before_anything_is_asked_or_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deploy, "confirm", lambda *_: pytest.fail("somebody was asked"))
    with pytest.raises(DeploymentError, match="not prepared for the CDK") as caught:
        run(monkeypatch, KeyError())
    assert f"`{start_command(ACCOUNT, 'bootstrap')}`" in caught.value.remedy


def test_prices_are_those_of_aws_where_the_endpoint_is_not() -> None:
    endpoint = replace(ACCOUNT, endpoint_url="http://127.0.0.1:4566")
    assert "What AWS would charge" in deploy._what_it_means(endpoint)
    assert "What AWS would charge" not in deploy._what_it_means(ACCOUNT)


@pytest.mark.parametrize(
    "error", [None, ClientError({"Error": {"Code": "AccessDenied"}}, "GetParameter")]
)
def test_else_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception | None
) -> None:
    assert run(monkeypatch, error) == 0
    first, *_, done, comes_next = capsys.readouterr().out.splitlines()
    assert first == f"deploy: {ACCOUNT}"
    assert "all stacks were up to date" in done
    assert "Not as the stacks say" not in done
    assert comes_next == f"Next: `{start_command(ACCOUNT, 'lab')}`"


def test_stacks_that_are_up_to_date_can_have_been_changed_beside_their_templates(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given mappings that an interrupted `destroy` disabled, which CloudFormation does not see
    assert run(monkeypatch, None, Compared((changed(),), compared=9)) == 0
    told = capsys.readouterr().out
    assert "all stacks were up to date" in told
    assert "SqsDlq, event source mapping: it is disabled, the stack says enabled" in told
    assert "lab.put_back()" in told
