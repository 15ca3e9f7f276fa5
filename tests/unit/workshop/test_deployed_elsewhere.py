"""Where this folder deployed is named to whoever looks for it somewhere else."""

from pathlib import Path

from tests.unit.workshop.fake_aws import fake_session
from workshop.stacks import ownership
from workshop.target.target import Target

ACCOUNT = Target("aws", profile="p", region="eu-west-1", account="123456789012")


def test_where_this_folder_deployed_is_known_where_nothing_is_found(tmp_path: Path) -> None:
    # Given stacks in one Region, of which this folder knows
    there, here = (
        fake_session(ACCOUNT),
        fake_session(Target("aws", profile="p", region="us-east-1", account="123456789012")),
    )
    there.state = here.state = tmp_path
    ownership._write(
        tmp_path / "deployments" / "one.json",
        ownership.Deployment("id", frozenset({"queue"})),
        ACCOUNT,
    )
    # When somebody looks in another one, then that is named; where they are, it is not
    assert ownership.elsewhere(here) == [ACCOUNT]
    assert ownership.elsewhere(there) == []
