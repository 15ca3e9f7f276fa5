"""What a program that is started for a target finds in its environment: that target alone."""

import os

import boto3
import pytest

from workshop.target import environment

INFO = {
    "endpoint_url": "http://127.0.0.1:4566",
    "aws_access_key_id": "AKIAEMBEDDED",
    "aws_secret_access_key": "secret",
    "region": "us-east-1",
}
# What can lead an AWS SDK or the CDK CLI to an account.
LEADING = {
    "AWS_ACCESS_KEY_ID": "AKIATHEIRS",
    "AWS_SECRET_ACCESS_KEY": "theirs",
    "AWS_SESSION_TOKEN": "theirs",
    "AWS_SECURITY_TOKEN": "theirs",
    "AWS_PROFILE": "theirs",
    "AWS_DEFAULT_PROFILE": "theirs",
    "AWS_REGION": "theirs",
    "AWS_DEFAULT_REGION": "theirs",
    "AWS_ROLE_ARN": "theirs",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "theirs",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://theirs",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/theirs",
    "AWS_ENDPOINT_URL": "http://theirs",
    "AWS_ENDPOINT_URL_SQS": "http://theirs",
    "AWS_CONFIG_FILE": "/theirs",
    "AWS_SHARED_CREDENTIALS_FILE": "/theirs",
    "BOTO_CONFIG": "/theirs",
    "CDK_PROFILE": "theirs",
    "CDK_APP": "theirs",
    "CDK_CONTEXT_JSON": "theirs",
    "CDK_DEFAULT_ACCOUNT": "theirs",
}
HARMLESS = {"PATH": "/bin", "HOME": "/home/ada", "AWS_CA_BUNDLE": "/ca.pem"}


def test_nothing_that_leads_to_an_account_is_handed_on() -> None:
    assert environment.neutral(LEADING | HARMLESS) == HARMLESS


def test_windows_does_not_tell_large_letters_from_small_ones() -> None:
    assert environment.neutral({"Aws_Profile": "theirs"}) == {}


def test_where_no_account_is_wanted_none_is_found_in_files_or_in_the_machine() -> None:
    found = environment.without_accounts(LEADING | HARMLESS)
    assert found["AWS_CONFIG_FILE"] == found["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert found["AWS_EC2_METADATA_DISABLED"] == "true"
    assert "theirs" not in str(found)


def test_a_program_for_the_embedded_aws_reaches_it_and_nothing_else() -> None:
    found = environment.of_embedded(INFO, LEADING | HARMLESS)
    assert "theirs" not in str(found)
    assert found["AWS_ENDPOINT_URL"] == INFO["endpoint_url"]
    assert found["AWS_ACCESS_KEY_ID"] == "AKIAEMBEDDED"
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"] == "us-east-1"
    assert found["HOME"] == "/home/ada"


def test_operations_with_a_host_of_their_own_reach_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.connection(INFO).items():
        monkeypatch.setenv(name, value)
    # Such as StartLiveTail
    assert not boto3.Session().client("logs").meta.config.inject_host_prefix


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_a_persons_own_exceptions_from_a_proxy_stay(name: str) -> None:
    found = environment.of_embedded(INFO, {name: "intranet"})
    assert found["NO_PROXY"] == found["no_proxy"] == "intranet,127.0.0.1"


def test_a_program_for_an_account_finds_the_profile_and_its_files() -> None:
    found = environment.of_profile("workshop", "eu-west-1", None, LEADING | HARMLESS)
    assert {k: v for k, v in found.items() if k.startswith(("AWS_", "CDK_", "BOTO"))} == {
        "AWS_PROFILE": "workshop",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": "/theirs",
        "AWS_SHARED_CREDENTIALS_FILE": "/theirs",
        "AWS_CA_BUNDLE": "/ca.pem",
    }
    elsewhere = environment.of_profile("workshop", "eu-west-1", "http://127.0.0.1:1", {})
    assert elsewhere["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
