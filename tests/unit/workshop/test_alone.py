"""Two commands at once: the second waits, and says so; why the CDK CLI failed is not guessed."""

import threading
from pathlib import Path

import pytest

from tests.unit.workshop.fake_aws import fake_session
from workshop.counting import counted
from workshop.errors import DeploymentError
from workshop.stacks import deployment, ownership
from workshop.stacks.alone import alone
from workshop.stacks.cdk_failures import remedy
from workshop.stacks.interrupted import SoFar
from workshop.target.commands import start_command
from workshop.target.target import Target

ACCOUNT = Target("aws", profile="p", region="eu-west-1", account="123456789012")


def test_the_second_command_waits_for_the_first(tmp_path: Path) -> None:
    session = fake_session()
    session.state = tmp_path
    happened, says_that_it_waits = list[str](), threading.Event()

    def second() -> None:
        with alone(session, lambda text: (happened.append(text), says_that_it_waits.set())):
            happened.append("second")

    # Given a command at work, when another one begins
    with alone(session, happened.append):
        other = threading.Thread(target=second)
        other.start()
        assert says_that_it_waits.wait(60)
        happened.append("first")
    other.join(60)
    # Then it says why it waits, and has its turn afterwards
    assert happened == [
        "another deploy or destroy in this folder works on these stacks: waiting for its end",
        "first",
        "second",
    ]


def test_others_stacks_are_nobodys_obstacle(tmp_path: Path) -> None:
    mine, hers = fake_session(), fake_session(Target(participant="ada"))
    mine.state = hers.state = tmp_path
    with alone(mine, pytest.fail), alone(hers, pytest.fail):
        pass


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


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 retries"), (1, "1 retry"), (2, "2 retries"), (1000, "1000 retries")]
)
def test_numbers_agree_with_their_nouns(number: int, told: str) -> None:
    assert counted(number, "retry", "retries") == told
    assert counted(number, "order") == f"{number} order{'' if number == 1 else 's'}"


def test_after_a_collision_a_deployment_waits_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given another machine's command, whose change set is in the way of the first try
    tries = ["ChangeSet [cdk-deploy-change-set] already exists", ""]

    def with_cdk(*_: object) -> list[str]:
        if said := tries.pop(0):
            raise DeploymentError(f"`cdk deploy` failed: {said}", "wait")
        return ["FailureWorkshop-SqsDlq"]

    monkeypatch.setattr(deployment, "_deploy_with_cdk", with_cdk)
    said = list[str]()
    # When it is deployed, then it is tried again, and that is said
    arguments = (fake_session(ACCOUNT), ["FailureWorkshop-SqsDlq"], said.append, None, tmp_path)
    assert deployment._deploy_beside_others(*arguments, SoFar()) == ["FailureWorkshop-SqsDlq"]
    [told] = said
    assert "another command works on the same stacks" in told
    # But what fails for a reason of its own fails at once
    tries[:] = ["Stack failed: the queue exists", ""]
    with pytest.raises(DeploymentError, match="the queue exists"):
        deployment._deploy_beside_others(*arguments, SoFar())
