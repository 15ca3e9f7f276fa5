"""Where this folder deployed is named to whoever looks for it somewhere else."""

from pathlib import Path

import pytest

from tests.unit.workshop.fake_aws import FakeCloudFormation, FakeParameters, fake_session
from workshop.cli import deploy, doctor_account
from workshop.errors import DeploymentError
from workshop.stacks import ownership
from workshop.target.session import Session
from workshop.target.target import Target

ACCOUNT = Target("aws", profile="p", region="eu-west-1", account="123456789012")


def deployed_elsewhere(tmp_path: Path) -> tuple[Session, Session]:
    """Stacks in one Region, of which this folder knows; and a session of another Region."""
    aws = {"ssm": FakeParameters(is_prepared=False), "cloudformation": FakeCloudFormation()}
    other = Target("aws", profile="p", region="us-east-1", account="123456789012")
    there, here = fake_session(ACCOUNT, **aws), fake_session(other, **aws)
    there.state = here.state = tmp_path
    ownership._write(
        tmp_path / "deployments" / "one.json",
        ownership.Deployment("id", frozenset({"queue"})),
        ACCOUNT,
    )
    return there, here


def test_where_this_folder_deployed_is_known_where_nothing_is_found(tmp_path: Path) -> None:
    there, here = deployed_elsewhere(tmp_path)
    # When somebody looks in another one, then that is named; where they are, it is not
    assert ownership.elsewhere(here) == [ACCOUNT]
    assert ownership.elsewhere(there) == []


def test_whoever_mistakes_the_region_is_told_where_this_folder_deployed(tmp_path: Path) -> None:
    # Not only to prepare that Region, which would make a second set of stacks
    there, here = deployed_elsewhere(tmp_path)
    with pytest.raises(DeploymentError, match="not prepared") as caught:
        deploy._expect_bootstrap(here)
    assert f"has deployed to {ACCOUNT}" in caught.value.happened
    assert f"has deployed to {ACCOUNT}" in doctor_account._stacks(here).found
    assert "has deployed to" not in doctor_account._stacks(there).found
