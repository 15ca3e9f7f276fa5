"""What `doctor` finds in an account, asked of an endpoint that is used as one."""

import datetime as dt
from typing import Any

import pytest

from tests.scenarios.conftest import UNUSED as ACCOUNT
from workshop.cli import doctor_account
from workshop.cli.doctor_account import examine_account
from workshop.stacks import deployment
from workshop.target import account, making
from workshop.target.commands import start_command
from workshop.target.session import Session
from workshop.target.target import Target


def report(target: Target) -> dict[str, tuple[str, str]]:
    """What is found about each thing; further lines about the same have no name of their own."""
    return {one.about: (one.state, one.found) for one in examine_account(target) if one.about}


def test_a_new_account_is_told_what_it_lacks(target: Target) -> None:
    found = report(target)
    assert found["account"][0] == found["session"][0] == found["quotas"][0] == "ok"
    assert found["bootstrap"] == (
        "blocks",
        f"us-east-1 is not prepared for the CDK: run `{start_command(target, 'bootstrap')}` once",
    )
    assert found["stacks"][1] == "no stack of the workshop is there, of 7"
    assert ACCOUNT not in str(found)


def test_keys_of_another_account_block_everything(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIANOBODYS")
    assert report(target).keys() == {"account"}
    assert report(target)["account"][0] == "blocks"


def test_what_may_not_be_asked_is_a_note_that_names_the_permission(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a user who may do nothing at all
    administrator = account.open_session(target)
    iam = administrator.client("iam")
    iam.create_user(UserName="ada")
    keys = iam.create_access_key(UserName="ada")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    found = report(target)
    assert found["quotas"][0] == "note"
    assert "lambda:GetAccountSettings" in found["quotas"][1]


@pytest.mark.parametrize(("minutes", "state"), [(20, "note"), (90, "ok")])
def test_the_time_that_a_session_has_left(
    target: Target, monkeypatch: pytest.MonkeyPatch, minutes: int, state: str
) -> None:
    end = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes, seconds=30)
    real = account.open_session

    def open_session(target: Target) -> Session:
        session = real(target)
        session.expires_at = lambda: end
        return session

    monkeypatch.setattr(doctor_account, "open_session", open_session)
    assert report(target)["session"] == (state, _told(minutes))


def _told(minutes: int) -> str:
    return f"ends in {minutes} minutes; afterwards a cell says so, and goes on after a new log-in"


def test_an_account_whose_functions_can_reserve_nothing(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a limit of 10, as new accounts have it
    real = account.open_session

    class Small:
        def get_account_settings(self) -> dict[str, Any]:
            limit = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
            return {"AccountLimit": limit}

    def open_session(target: Target) -> Session:
        session = real(target)
        session._clients["lambda"] = Small()
        return session

    monkeypatch.setattr(doctor_account, "open_session", open_session)
    state, told = report(target)["quotas"]
    assert state == "note"
    assert "concurrency 10" in told


def test_an_account_that_is_ready(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given what `bootstrap` and `deploy` make
    session = account.open_session(target)
    parameter = {"Name": making._BOOTSTRAP, "Value": "30", "Type": "String"}
    session.client("ssm").put_parameter(**parameter)
    monkeypatch.setattr(doctor_account, "PATTERNS", ())
    found = report(target)
    assert {state for state, _ in found.values()} == {"ok"}
    assert deployment.destroy(session, on_progress=lambda _: None) == []
