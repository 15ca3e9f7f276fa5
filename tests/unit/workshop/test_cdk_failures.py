"""Why the CDK CLI failed is not guessed; a collision with another command is waited for."""

import pytest

from workshop.errors import DeploymentError
from workshop.stacks.cdk_deployment import after_collisions
from workshop.stacks.cdk_failures import remedy
from workshop.target.commands import start_command
from workshop.target.target import Target

ACCOUNT = Target("aws", profile="p", region="eu-west-1", account="123456789012")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ChangeSetNotFoundException: ChangeSet [cdk-deploy] does not exist", "Somebody else"),
        ("InvalidChangeSetStatusException: [x] is in EXECUTE_COMPLETE status", "Somebody else"),
        ("ChangeSet [cdk-deploy-change-set] already exists", "Somebody else"),
        ("Stack [X] is in UPDATE_IN_PROGRESS state and can not be updated", "Somebody else"),
        ("SSM parameter /cdk-bootstrap/hnb659fds/version not found.", "Prepare the Region"),
        ("ExpiredToken: The security token included in the request is expired", "log in again"),
        ("User: arn:... is not authorized to perform: iam:CreateRole", "A permission is missing"),
        (
            "AccessDenied: not authorized to perform: ssm:GetParameter on cdk-bootstrap/version",
            "A permission is missing",
        ),
        ("getaddrinfo ENOTFOUND cloudformation.eu-west-1.amazonaws.com", "The connection was lost"),
        ("TypeError: x is not a function", "Its reason is above"),
    ],
)
def test_a_failure_of_the_cdk_cli_is_followed_by_its_own_remedy(said: str, told: str) -> None:
    found = remedy(said, ACCOUNT, "deploy")
    assert told in found
    assert start_command(ACCOUNT, "deploy") in found
    # Whatever else it is, bootstrap is not blamed
    assert ("bootstrap" in found) is (told == "Prepare the Region")


def test_after_a_collision_a_deployment_waits_and_goes_on() -> None:
    # Given another machine's command, whose change set is in the way of the first try
    tries = ["ChangeSet [cdk-deploy-change-set] already exists", ""]

    def deploy_once() -> list[str]:
        if said := tries.pop(0):
            raise DeploymentError(f"`cdk deploy` failed: {said}", "wait")
        return ["FailureWorkshop-SqsDlq"]

    said = list[str]()
    # When it is deployed, then it is tried again, and that is said
    assert after_collisions(deploy_once, said.append) == ["FailureWorkshop-SqsDlq"]
    [told] = said
    assert "another command works on the same stacks" in told
    # But what fails for a reason of its own fails at once
    tries[:] = ["Stack failed: the queue exists", ""]
    with pytest.raises(DeploymentError, match="the queue exists"):
        after_collisions(deploy_once, said.append)
