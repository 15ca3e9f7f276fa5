"""Whoever is changed by the CDK CLI is whoever was checked: the real CLI, and two accounts.

Everything that the CLI and botocore read is made to lead to the other account.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from localaws import EndpointInfo
from tests.other_account import other_account
from workshop import connection
from workshop.errors import DeploymentError, TargetError
from workshop.stacks import assets, cdk_cli, cdk_deployment, cdk_home, deployment
from workshop.stacks.cloud_assembly import StackTemplate
from workshop.target.session import Session
from workshop.target.target import PROJECT, Target

CHECKED, OTHER = "111111111111", "222222222222"


@dataclass
class Accounts:
    """Two accounts, and the files of a person who has a profile for each."""

    checked: EndpointInfo
    other: EndpointInfo
    home: Path

    @property
    def target(self) -> Target:
        return Target(
            "aws",
            profile="checked",
            region=self.checked.region,
            account=CHECKED,
            endpoint_url=self.checked.endpoint_url,
        )

    def stacks(self, info: EndpointInfo) -> set[str]:
        client: Any = boto3.Session().client(
            "cloudformation",
            endpoint_url=info.endpoint_url,
            region_name=info.region,
            aws_access_key_id=info.aws_access_key_id,
            aws_secret_access_key=info.aws_secret_access_key,
        )
        return {stack["StackName"] for stack in client.describe_stacks()["Stacks"]}


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    with other_account(CHECKED) as checked, other_account(OTHER) as other:
        home = tmp_path_factory.mktemp("home")
        found = Accounts(checked.info, other.info, home)
        (home / ".aws").mkdir()
        profiles = {"checked": checked.info, "other": other.info, "default": other.info}
        (home / ".aws" / "credentials").write_text(
            "".join(
                f"[{name}]\naws_access_key_id={info.aws_access_key_id}\n"
                f"aws_secret_access_key={info.aws_secret_access_key}\n"
                f"endpoint_url={info.endpoint_url}\n"
                for name, info in profiles.items()
            )
        )
        yield found


@pytest.fixture
def person(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """A person at work; what they are logged in to is the other account."""
    monkeypatch.setenv("HOME", str(accounts.home))
    monkeypatch.setenv("USERPROFILE", str(accounts.home))
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(accounts.home / ".aws" / "credentials"))
    return accounts


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The project as far as the CLI needs it, with an app of one small stack.

    `node_modules` is the project's own: the CLI is the pinned one.
    """
    for name in ("package.json", "package-lock.json", "node_modules"):
        (tmp_path / name).symlink_to(PROJECT / name)
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "python3 app.py"}))
    (tmp_path / "app.py").write_text(
        "from aws_cdk import App, CfnResource, Environment, Stack\n"
        "app = App()\n"
        "of = app.node.try_get_context\n"
        "stack = Stack(app, 'Probe', env=Environment(account=of('account'), region=of('region')))\n"
        "CfnResource(stack, 'Queue', type='AWS::SQS::Queue')\n"
        "app.synth()\n"
    )
    return tmp_path


def leading_elsewhere(accounts: Accounts) -> dict[str, dict[str, str]]:
    """Each thing that leads the CLI or an SDK to the other account, by a name of its own."""
    other = accounts.other
    keys = {
        "AWS_ACCESS_KEY_ID": other.aws_access_key_id,
        "AWS_SECRET_ACCESS_KEY": other.aws_secret_access_key,
    }
    return {
        "profile of the CDK": {"CDK_PROFILE": "other"},
        "profile of AWS": {"AWS_PROFILE": "other", "AWS_DEFAULT_PROFILE": "other"},
        "keys": keys,
        "endpoint": {
            "AWS_ENDPOINT_URL": other.endpoint_url,
            "AWS_ENDPOINT_URL_CLOUDFORMATION": other.endpoint_url,
            "AWS_ENDPOINT_URL_STS": other.endpoint_url,
            **keys,
        },
        "role": {"CDK_ROLE_ARN": f"arn:aws:iam::{OTHER}:role/admin"},
        "account of the CDK": {"CDK_DEFAULT_ACCOUNT": OTHER, "CDK_DEFAULT_REGION": "eu-west-1"},
        "context": {"CDK_CONTEXT_JSON": json.dumps({"account": OTHER, "participant": "other"})},
        "Region": {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"},
    }


def write_leading_files(accounts: Accounts, app: Path) -> None:
    """The CLI's own files: the person's defaults, and context that it keeps beside the app."""
    defaults = {"profile": "other", "context": {"account": OTHER, "participant": "other"}}
    (accounts.home / ".cdk.json").write_text(json.dumps(defaults))
    (app / "cdk.context.json").write_text(json.dumps({"account": OTHER, "region": "eu-west-1"}))
    (accounts.home / ".aws" / "config").write_text("[default]\nregion=eu-west-1\n")


def quiet(_: str) -> None:
    """Nobody listens."""


def test_whoever_is_changed_is_whoever_was_checked(
    person: Accounts, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a shell and files of which each leads to the other account
    leading = {k: v for one in leading_elsewhere(person).values() for k, v in one.items()}
    for name, value in leading.items():
        monkeypatch.setenv(name, value)
    write_leading_files(person, app)
    # When the checked account is connected to, prepared and deployed to
    session = connection.connect(person.target, deploy=False).session
    cdk_deployment.bootstrap(session, on_progress=quiet, project=app)
    lines: list[str] = []
    deploy = ["deploy", "Probe", "--require-approval", "never"]
    cdk_cli.run(session, deploy, lines.append, app)
    assert any("********1111" in line for line in lines)
    assert CHECKED not in "".join(lines)
    # Then the stacks are there, and there alone
    assert person.stacks(person.checked) == {"CDKToolkit", "Probe"}
    assert person.stacks(person.other) == set()
    # And what belongs to the person is as it was
    assert not (person.home / ".cdk").exists()
    # When the stacks of both accounts have the same names, the checked one's are removed
    monkeypatch.setattr(Target, "stack_name", lambda self, pattern: pattern)
    assert deployment.destroy(session, ["Probe"], on_progress=quiet) == ["Probe"]
    assert person.stacks(person.checked) == {"CDKToolkit"}


def test_bootstrap_follows_what_our_own_deployment_prepared(person: Accounts, app: Path) -> None:
    # Given an account in which templates were sent without the CDK CLI, as on the embedded AWS
    session = connection.connect(person.target, deploy=False).session
    session.client("cloudformation").delete_stack(StackName="CDKToolkit")
    _forget_bootstrap(session)
    assets.publish(session, StackTemplate("Sent", "{}", ()))
    before = session.client("cloudformation").describe_stacks(StackName="CDKToolkit")["Stacks"]
    # When the CLI prepares it, then it goes on with the same stack
    cdk_deployment.bootstrap(session, on_progress=quiet, project=app)
    after = session.client("cloudformation").describe_stacks(StackName="CDKToolkit")["Stacks"]
    assert after[0]["StackId"] == before[0]["StackId"]
    assert after[0]["StackStatus"] == "UPDATE_COMPLETE"


def _forget_bootstrap(session: Session) -> None:
    """Remove what an earlier bootstrap keeps when its stack goes."""
    cloudformation, s3 = session.client("cloudformation"), session.client("s3")
    while True:
        names = {stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]}
        if "CDKToolkit" not in names:
            break
    for bucket in s3.list_buckets()["Buckets"]:
        listed = s3.list_object_versions(Bucket=bucket["Name"])
        for found in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
            version = {"Key": found["Key"], "VersionId": found["VersionId"]}
            s3.delete_object(Bucket=bucket["Name"], **version)
        s3.delete_bucket(Bucket=bucket["Name"])


def test_the_cli_itself_refuses_another_account(person: Accounts, app: Path) -> None:
    # Given a session of the other account that is taken for the checked one
    found = connection.connect(person.target, deploy=False).session
    info = person.other
    other = boto3.Session(info.aws_access_key_id, info.aws_secret_access_key, region_name="x")
    found.credentials = lambda: other.get_credentials().get_frozen_credentials()
    # When it deploys, then the CLI has no credentials for the account that the stack names
    with pytest.raises(DeploymentError):
        cdk_cli.run(found, ["deploy", "Probe", "--require-approval", "never"], quiet, app)
    assert person.stacks(person.other) == set()


def test_credentials_are_kept_from_other_users_and_removed(
    person: Accounts, tmp_path: Path
) -> None:
    session = connection.connect(person.target, deploy=False).session
    session.state = tmp_path
    with cdk_home.home(session) as environment:
        file = Path(environment["AWS_SHARED_CREDENTIALS_FILE"])
        assert person.checked.aws_secret_access_key in file.read_text()
        assert (file.stat().st_mode & 0o077, file.parent.stat().st_mode & 0o077) == (0, 0)
        # And those of a command that was killed go, those of one that runs do not
        killed = file.parent.with_name("killed")
        killed.mkdir()
        killed.with_suffix(".lock").touch()
        with cdk_home.home(session):
            assert file.exists()
            assert not killed.exists()
    assert list(file.parent.parent.iterdir()) == []


@pytest.mark.parametrize(
    "what", [*leading_elsewhere(Accounts(*[EndpointInfo(*"abcdef")] * 2, Path()))]
)
def test_the_account_that_is_asked_is_the_profiles(
    person: Accounts, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in leading_elsewhere(person)[what].items():
        monkeypatch.setenv(name, value)
    session = connection.connect(person.target, deploy=False).session
    assert session.account() == CHECKED
    assert session.credentials().access_key == person.checked.aws_access_key_id


def test_a_profile_of_another_account_is_refused_before_anything_is_done(person: Accounts) -> None:
    wrong = Target(
        "aws",
        profile="other",
        region="us-east-1",
        account=CHECKED,
        endpoint_url=person.other.endpoint_url,
    )
    with pytest.raises(TargetError, match="Nothing was changed"):
        connection.connect(wrong, deploy=False)
