"""A session that ends in the middle: what AWS answers, and that a cell goes on with new keys."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.scenarios.timing import Time
from workshop.errors import TargetError
from workshop.target import account
from workshop.target.target import Target

LASTS_S = 900

# Services with a protocol of their own, and their words for a session that has ended.
CALLS = {
    ("sqs", "list_queues"): "ExpiredToken",
    ("sns", "list_topics"): "ExpiredToken",
    ("sts", "get_caller_identity"): "ExpiredToken",
    ("cloudformation", "describe_stacks"): "ExpiredToken",
    ("logs", "describe_log_groups"): "ExpiredTokenException",
    ("lambda", "list_functions"): "ExpiredTokenException",
}


@pytest.fixture
def profile(
    target: Target, time: Time, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> tuple[Target, Path, Any]:
    """A target with a profile, the file with its keys, and an administrator's STS client."""
    sts = account.open_session(target).client("sts")
    file = tmp_path / "credentials"
    paste(file, session_keys(sts))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    return replace(target, profile="lessons"), file, sts


def session_keys(sts: Any) -> Mapping[str, str]:
    keys: Mapping[str, str] = sts.get_session_token(DurationSeconds=LASTS_S)["Credentials"]
    return keys


def paste(file: Path, keys: Mapping[str, str]) -> None:
    file.write_text(
        f"[lessons]\naws_access_key_id={keys['AccessKeyId']}\n"
        f"aws_secret_access_key={keys['SecretAccessKey']}\n"
        f"aws_session_token={keys['SessionToken']}\n"
    )


def test_every_service_says_that_the_session_has_ended(
    profile: tuple[Target, Path, Any], time: Time
) -> None:
    target, _, sts = profile
    keys = session_keys(sts)
    session = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], target.region
    )

    def answers() -> dict[tuple[str, str], str]:
        told = {}
        for service, call in CALLS:
            client: Any = session.client(service, endpoint_url=target.endpoint_url)  # type: ignore[call-overload]
            try:
                getattr(client, call)()
            except ClientError as error:
                told[service, call] = error.response["Error"]["Code"]
        return told

    assert answers() == {}
    time.pass_(LASTS_S + 1)
    assert answers() == CALLS
    # And also when STS has forgotten it, which it does as others begin
    session_keys(sts)
    assert answers() == CALLS


def test_a_cell_that_is_run_again_uses_the_keys_that_were_pasted(
    profile: tuple[Target, Path, Any], time: Time
) -> None:
    # Given a lesson whose session ends
    target, file, sts = profile
    session = account.open_session(target)
    queues, logs = session.client("sqs"), session.client("logs")
    queues.list_queues()
    time.pass_(LASTS_S + 1)
    over = "The session of the profile 'lessons' is over. This call did nothing."
    with pytest.raises(TargetError) as caught:
        logs.describe_log_groups()
    assert str(caught.value).startswith(over)
    # When the cell is run again too early, it says the same
    with pytest.raises(TargetError, match="is over"):
        logs.describe_log_groups()
    # And when new keys were pasted it works, with every client that there is
    paste(file, session_keys(sts))
    logs.describe_log_groups()
    queues.list_queues()


def test_keys_that_were_deleted_are_told_and_replaced_as_well(
    profile: tuple[Target, Path, Any], time: Time
) -> None:
    # Given long-lived keys of a user, which somebody deletes in the middle of a lesson
    target, file, sts = profile
    iam = account.open_session(replace(target, profile="environment")).client("iam")
    iam.create_user(UserName="ada")
    made = iam.create_access_key(UserName="ada")["AccessKey"]
    paste(file, {**made, "SessionToken": ""})
    session = account.open_session(target)
    iam.delete_access_key(UserName="ada", AccessKeyId=made["AccessKeyId"])
    with pytest.raises(TargetError, match=r"'lessons' no more .InvalidClientTokenId"):
        session.client("sts").get_caller_identity()
    # Then the same cell works with others
    paste(file, session_keys(sts))
    assert session.client("sts").get_caller_identity()["Account"] == target.account
