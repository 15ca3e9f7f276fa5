"""Which AWS is used: never a real account without somebody having written it down."""

from pathlib import Path
from types import SimpleNamespace

import botocore.session
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.workshop.test_waiting import FakeClock
from workshop import connection
from workshop.errors import NotDeployedError, TargetError, TargetValueError
from workshop.target import account
from workshop.target.session import Session
from workshop.target.target import TARGET_FILE_VARIABLE, Target

AWS = Target("aws", profile="workshop", region="eu-west-1", account="123456789012")


def test_credentials_in_the_environment_do_not_choose_an_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Given a shell that is logged in
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    # Then the target stays the embedded one
    assert Target.chosen(tmp_path) == Target()


@pytest.mark.parametrize("missing", ["profile", "region", "account"])
def test_a_real_account_needs_all_of_profile_region_and_account_id(missing: str) -> None:
    given = {"profile": "p", "region": "eu-west-1", "account": "123456789012"}
    given.pop(missing)
    with pytest.raises(TargetError, match=missing):
        Target("aws", **given)  # type: ignore[arg-type]


def test_what_cannot_be_a_target_is_refused_with_the_remedy() -> None:
    with pytest.raises(TargetError, match="12 digits"):
        Target("aws", profile="p", region="eu-west-1", account="1234")
    with pytest.raises(TargetError, match="--target aws"):
        Target(profile="p")
    with pytest.raises(TargetError, match="stack name"):
        Target(participant="Ada Lovelace")
    with pytest.raises(TargetError, match="embedded"):
        Target("localhost")  # type: ignore[arg-type]


def test_a_target_file_is_written_and_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    AWS.save(tmp_path / ".workshop" / "target.toml")
    assert Target.chosen(tmp_path) == AWS
    # And the variable names another file, as the command line does for its kernels
    Target(participant="ada").save(tmp_path / "other.toml")
    monkeypatch.setenv(TARGET_FILE_VARIABLE, str(tmp_path / "other.toml"))
    assert Target.chosen(tmp_path) == Target(participant="ada")


@given(profile=st.text(min_size=1))
@example(profile='Ada\'s "work"\\n')
@example(profile="eu\nwest\t1\x00\x7f\r")
@example(profile="C:\\Users\\Ada")
@example(profile='"""')
def test_a_target_file_holds_any_name(
    tmp_path_factory: pytest.TempPathFactory, profile: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "target.toml"
    target = Target("aws", profile=profile, region="eu-west-1", account="123456789012")
    target.save(file)
    assert Target.load(file) == target


def test_a_target_file_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "target.toml"
    file.write_text('kind = "aws"\nacount = "123456789012"\n')
    with pytest.raises(TargetError, match="acount"):
        Target.load(file)
    monkeypatch.setenv(TARGET_FILE_VARIABLE, str(tmp_path / "missing.toml"))
    with pytest.raises(TargetError, match="no target file"):
        Target.chosen(tmp_path)


def test_each_participant_has_stacks_of_their_own() -> None:
    assert Target().stack_name("SqsDlq") == "FailureWorkshop-SqsDlq"
    assert Target(participant="ada").stack_name("SqsDlq") == "FailureWorkshop-ada-SqsDlq"
    with pytest.raises(TargetError, match="SqsDlq, LambdaDestinations, LambdaDlq"):
        Target().stack_name("Sqs")


def session_of(account: str, target: Target = AWS) -> Session:
    sts = SimpleNamespace(get_caller_identity=lambda: {"Account": account})
    return Session(target, lambda _: sts, FakeClock())


def test_another_account_than_the_expected_one_is_refused_and_masked() -> None:
    assert session_of("123456789012").account() == "123456789012"
    with pytest.raises(TargetError) as caught:
        session_of("999999994321").account()
    told = str(caught.value)
    assert "********4321" in told
    assert "********9012" in told
    assert "999999994321" not in told
    assert "Nothing was changed" in told
    assert "same four digits" not in told
    # Two that look the same as they are shown are told apart in words
    with pytest.raises(TargetError, match="another account whose id ends in the same four digits"):
        session_of("999999999012").account()


def test_a_profile_that_does_not_exist_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(TargetError, match="no profile 'workshop' in your AWS config"):
        connection.connect(AWS)


def test_the_embedded_session_reads_nothing_of_the_persons_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a profile that does not exist, which makes boto3 fail everywhere else
    monkeypatch.setenv("AWS_PROFILE", "gone")
    assert connection._isolated().get_config_variable("profile") is None


def test_errors_are_shown_without_a_traceback() -> None:
    lines = NotDeployedError("The stack is not there.", "Deploy it.")._render_traceback_()
    assert lines == ["NotDeployedError: The stack is not there.", "Deploy it."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": "Region1"},
        {"region": "eu-west"},
        {"region": "us-east-1 "},
        {"region": "EU-WEST-1"},
        {"account": "\u0661" * 12},
        {"account": "12345678901"},
        {"account": 123456789012},
        {"endpoint_url": "127.0.0.1:4566"},
        {"endpoint_url": "localhost:4566"},
        {"endpoint_url": "http://"},
        {"endpoint_url": "http://127.0.0.1:99999"},
        {"endpoint_url": "http://127.0.0.1:four"},
        {"endpoint_url": ""},
        {"participant": "ada lovelace"},
        {"participant": 7},
    ],
    ids=str,
)
def test_a_value_that_can_be_none_is_told_with_it_and_is_a_usage_error(
    wrong: dict[str, str],
) -> None:
    whole = {"profile": "p", "region": "eu-west-1", "account": "123456789012"}
    with pytest.raises(TargetValueError) as caught:
        Target("aws", **(whole | wrong))  # type: ignore[arg-type]
    [value] = wrong.values()
    assert repr(value) in caught.value.happened
    assert caught.value.remedy
    assert caught.value.exit_code == 2


def test_regions_of_every_partition_are_regions() -> None:
    session = botocore.session.Session()
    for partition in session.get_available_partitions():
        for region in session.get_available_regions("sts", partition):
            assert Target("aws", profile="p", region=region, account="123456789012")


@pytest.mark.parametrize("content", [b"\xff\xfe", None], ids=["no text", "a folder"])
def test_what_is_no_target_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "target.toml"
    file.mkdir() if content is None else file.write_bytes(content)
    with pytest.raises(TargetValueError, match=r"The target file .* cannot be"):
        Target.load(file)


def test_a_region_that_does_not_answer_has_a_likely_other_spelling() -> None:
    assert "did you mean eu-west-1?" in account._region_in_words("eu-wset-1")
    assert account._region_in_words("eu-west-1") == "eu-west-1 is enabled in this account"
