"""Credentials of a real account: which ones are used, and what is said when they end."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workshop.errors import TargetError
from workshop.target import account
from workshop.target.session import Session
from workshop.target.target import Target

ACCOUNT = "123456789012"


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A person's credentials file with one profile, and an environment of another account."""
    file = tmp_path / "credentials"
    write(file, "first")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr(Session, "account", lambda _: ACCOUNT)
    return file


def write(file: Path, key: str) -> None:
    file.write_text(f"[workshop]\naws_access_key_id={key}\naws_secret_access_key=s\n")


def target(profile: str) -> Target:
    return Target("aws", profile=profile, region="eu-west-1", account=ACCOUNT)


def answered(client: Any, code: str = "") -> str:
    """Whose key the client signs a call with, which is answered without any network."""
    keys: list[str] = []

    def answer(request: Any, **_: Any) -> Any:
        keys.append(request.headers["Authorization"].decode().split("Credential=")[1].split("/")[0])
        status = 403 if code else 200
        error = f'{{"__type": "{code}", "message": "m"}}'.encode() if code else b"{}"
        return FakeResponse(status, error)

    client.meta.events.register_first("before-send", answer)
    try:
        client.list_queues()
    finally:
        client.meta.events.unregister("before-send", answer)
    return keys[0]


class FakeResponse:
    """As much of an HTTP response as botocore reads."""

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code, self.content, self.text = status_code, content, content.decode()
        self.headers: dict[str, str] = {}


def test_a_profile_is_used_whatever_the_environment_holds() -> None:
    session = account.open_session(target("workshop"))
    assert answered(session.client("sqs")) == "first"
    assert session.credentials().access_key == "first"


def test_the_environment_is_used_where_somebody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # Even where it names a profile as well
    monkeypatch.setenv("AWS_PROFILE", "workshop")
    session = account.open_session(target("environment"))
    assert answered(session.client("sqs")) == "of-the-environment"
    found = session.environment()
    assert found["AWS_ACCESS_KEY_ID"] == "of-the-environment"
    assert "AWS_PROFILE" not in found
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(TargetError, match="no credentials in the environment"):
        account.open_session(target("environment"))


@pytest.mark.parametrize("code", sorted(account._EXPIRED))
def test_the_end_of_a_session_is_one_sentence_and_the_same_client_goes_on(
    files: Path, code: str
) -> None:
    # Given a client that a notebook made an hour ago
    client = account.open_session(target("workshop")).client("sqs")
    # When its session is over, and the person reads that and logs in again
    with pytest.raises(TargetError, match="session of the profile 'workshop' is over") as caught:
        answered(client, code)
    # There is nothing to log in to: the profile has keys
    assert "`aws configure --profile workshop`" in caught.value.remedy
    assert "sso" not in caught.value.remedy
    write(files, "second")
    # Then the same cell, run again, works with the new credentials
    assert answered(client) == "second"


def test_other_refusals_are_the_services_own() -> None:
    client = account.open_session(target("workshop")).client("sqs")
    with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
        answered(client, "AccessDenied")


@pytest.mark.parametrize("lacking", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_half_a_key_in_the_environment_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    monkeypatch.delenv(lacking)
    with pytest.raises(TargetError, match=f"{lacking} is missing in the environment"):
        account.open_session(target("environment"))


@pytest.mark.parametrize(
    ("key", "token", "told"),
    [
        ("AKIAOLD", "stale", "a long-lived one (AKIA...), to which none belongs: `unset AWS_SESS"),
        ("LKIAOTHER", "stale", "no AWS_SESSION_TOKEN belongs to them: `unset AWS_SESSION_TOKEN`"),
        ("ASIANEW", "", "a temporary one (ASIA...), and AWS_SESSION_TOKEN is missing: set it."),
        ("AKIAOLD", "", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of an active one."),
        (
            "LKIAOTHER",
            "",
            "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
        ),
    ],
    ids=["stale token", "stale token of another endpoint", "no token", "unknown key", "others'"],
)
def test_refused_keys_of_the_environment_say_what_is_wrong_with_them(
    monkeypatch: pytest.MonkeyPatch, key: str, token: str, told: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    monkeypatch.setattr(Session, "account", refused("InvalidClientTokenId"))
    with pytest.raises(TargetError, match="cannot be used") as caught:
        account.open_session(target("environment"))
    assert told in caught.value.remedy


def test_a_wrong_secret_is_told_from_a_wrong_key(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, "AKIAOLD")
    monkeypatch.setattr(Session, "account", refused("SignatureDoesNotMatch"))
    with pytest.raises(TargetError) as caught:
        account.open_session(target("workshop"))
    assert caught.value.remedy == (
        "aws_secret_access_key is not the one that belongs to aws_access_key_id: set the two of "
        "one key in the profile 'workshop'."
    )


def test_a_stale_token_in_a_profile_is_named_by_its_line(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, "AKIAOLD")
    with files.open("a") as file:
        file.write("aws_session_token=stale\n")
    monkeypatch.setattr(Session, "account", refused("InvalidClientTokenId"))
    with pytest.raises(TargetError) as caught:
        account.open_session(target("workshop"))
    assert "delete the line aws_session_token in the profile 'workshop'" in caught.value.remedy
    # But where the keys were taken, and only may not do this, they are not blamed
    monkeypatch.setattr(Session, "account", refused("AccessDenied"))
    with pytest.raises(TargetError, match="AccessDenied") as caught:
        account.open_session(target("workshop"))
    assert "aws_session_token" not in caught.value.remedy


def refused(code: str) -> Any:
    """A call that AWS refuses."""

    def ask(_: Session) -> str:
        raise ClientError({"Error": {"Code": code, "Message": "m"}}, "GetCallerIdentity")

    return ask


def test_a_profile_that_does_not_exist_is_one_sentence() -> None:
    with pytest.raises(TargetError, match="no profile 'gone' in your AWS configuration"):
        account.open_session(target("gone"))
