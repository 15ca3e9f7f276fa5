"""What is said of credentials that do not work fits the profile that they come from."""

from pathlib import Path

import pytest

from workshop.target.environment import ENVIRONMENT
from workshop.target.renewal import renewal

CONFIG = """
[profile keys]
region = eu-west-1
[profile center]
sso_session = firm
[profile older]
sso_start_url = https://firm.example
[profile console]
login_session = arn:aws:iam::123456789012:user/ada
[profile vault]
credential_process = vault read
[profile role-of-center]
role_arn = arn:aws:iam::123456789012:role/Workshop
source_profile = center
[profile role-of-keys]
role_arn = arn:aws:iam::123456789012:role/Workshop
source_profile = keys
[profile role-of-itself]
role_arn = arn:aws:iam::123456789012:role/Workshop
source_profile = role-of-itself
[profile round]
role_arn = arn:aws:iam::123456789012:role/Workshop
source_profile = trip
[profile trip]
role_arn = arn:aws:iam::123456789012:role/Workshop
source_profile = round
[profile web]
role_arn = arn:aws:iam::123456789012:role/Workshop
web_identity_token_file = /token
[profile machine]
role_arn = arn:aws:iam::123456789012:role/Workshop
credential_source = Ec2InstanceMetadata
"""
CREDENTIALS = """
[keys]
aws_access_key_id = AKIAX
aws_secret_access_key = s
[vended]
aws_access_key_id = ASIAX
aws_secret_access_key = s
aws_session_token = t
"""


@pytest.fixture(autouse=True)
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, text in (("AWS_CONFIG_FILE", CONFIG), ("AWS_SHARED_CREDENTIALS_FILE", CREDENTIALS)):
        file = tmp_path / name
        file.write_text(text)
        monkeypatch.setenv(name, str(file))
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ("keys", "Put keys that work into the profile 'keys' (`aws configure --profile keys`)"),
        ("vended", "Put new temporary keys, all three lines, into the profile 'vended'"),
        ("center", "Log in again: `aws sso login --profile center`"),
        ("older", "Log in again: `aws sso login --profile older`"),
        ("console", "Log in again: `aws login --profile console`"),
        ("vault", "See that the credential_process of the profile 'vault' gives"),
        ("role-of-center", "Log in again: `aws sso login --profile center`"),
        ("role-of-keys", "Put keys that work into the profile 'keys'"),
        ("role-of-itself", "Put keys that work into the profile 'role-of-itself'"),
        ("round", "Put keys that work into the profile 'round'"),
        ("web", "Renew the token in /token"),
        ("machine", "See that there are credentials for the profile 'machine' in Ec2InstanceMeta"),
        ("nowhere", "Put keys that work into the profile 'nowhere'"),
    ],
)
def test_each_kind_of_profile_is_renewed_in_its_own_way(profile: str, told: str) -> None:
    remedy = renewal(profile)
    assert remedy.startswith(told)
    # And what is tried afterwards is the profile that was chosen
    assert f"`aws sts get-caller-identity --profile {profile}` works, then run this" in remedy
    assert ("sso" in remedy) is ("sso" in told)


def test_the_environment_is_set_in_the_shell() -> None:
    assert "AWS_SESSION_TOKEN in your shell" in renewal(ENVIRONMENT)
