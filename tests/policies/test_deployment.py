"""An instructor's first day: everything is done with the instructor's policy, and killed meanwhile.

An endpoint is used as an account, through the pinned CDK CLI. Its IAM judges each call: those of
the workshop as the instructor's, those of the CLI as those of the roles that it assumes.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from localaws import EndpointInfo
from tests.copied_project import environment_of
from tests.other_account import other_account
from tests.policies import user
from tests.policies.calls import actions
from tests.policies.table import INSTRUCTOR, ON_INSTRUCTORS_OCCASION, PARTICIPANT, document
from workshop.cli.jupyter import python_command
from workshop.target.target import PATTERNS, PROJECT, Target

ACCOUNT = "111111111111"
NAMES = {Target().stack_name(pattern) for pattern in PATTERNS}
IN_PROCESSES = Path(__file__).parent / "in_processes"


@dataclass
class Instructor:
    """Runs commands in a copy of the project, with the keys of a user."""

    info: EndpointInfo
    project: Path
    environment: dict[str, str]

    def run(self, command: str, *more: str) -> str:
        """Run a command to its end; what it prints."""
        with self._process(command, *more) as process:
            told, _ = process.communicate()
        assert process.returncode == 0, told
        return str(told)

    def kill(self, command: str, when: str) -> None:
        """Run a command, and kill it once it prints this."""
        told = ""
        with self._process(command, "--yes", ACCOUNT) as process:
            assert process.stdout is not None
            for line in process.stdout:
                told += line
                if when in line:
                    process.kill()
                    break
            else:
                pytest.fail(f"{command} ended without {when!r}:\n{told}")
        assert process.returncode != 0

    def stacks(self) -> dict[str, str]:
        """The statuses of the workshop's stacks."""
        keys = (self.info.aws_access_key_id, self.info.aws_secret_access_key)
        session: Any = boto3.Session(*keys, region_name=self.info.region)
        client = session.client("cloudformation", endpoint_url=self.info.endpoint_url)
        found = {one["StackName"]: one["StackStatus"] for one in client.describe_stacks()["Stacks"]}
        return {name: status for name, status in found.items() if name in NAMES}

    @contextmanager
    def _process(self, command: str, *more: str) -> Iterator["subprocess.Popen[str]"]:
        target = ["--target", "aws", "--profile", "environment", "--region", self.info.region]
        target += ["--account", ACCOUNT, "--endpoint-url", self.info.endpoint_url]
        with subprocess.Popen(
            python_command("-m", "workshop", command, *target, *more),
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            yield process


@pytest.fixture(scope="module")
def account() -> Iterator[EndpointInfo]:
    with other_account(ACCOUNT) as running:
        yield running.info


@pytest.fixture(scope="module")
def instructor(
    project: Path, account: EndpointInfo, tmp_path_factory: pytest.TempPathFactory
) -> Instructor:
    """A user with the instructor's policy alone, in an account that an administrator prepared."""
    for name in ("docs", "node_modules", "package-lock.json", "package.json", "pyproject.toml"):
        (project / name).symlink_to(PROJECT / name)
    plain = environment_of(project)

    def with_keys(key: str, secret: str) -> dict[str, str]:
        return plain | {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}

    keys = with_keys(account.aws_access_key_id, account.aws_secret_access_key)
    Instructor(account, project, keys).run("bootstrap", "--yes", ACCOUNT)
    person = user.create(asdict(account), "instructor")
    person.may(instructor=document("instructor"))
    noting = {
        "PYTHONPATH": os.pathsep.join((str(IN_PROCESSES), plain["PYTHONPATH"])),
        "NOTED_CALLS": str(tmp_path_factory.mktemp("noted") / "calls.jsonl"),
    }
    return Instructor(account, project, with_keys(person.key, person.secret) | noting)


def test_a_day_with_the_instructors_policy_in_which_every_command_is_killed(
    instructor: Instructor,
) -> None:
    # When `deploy` is killed when the first stack is complete
    instructor.kill("deploy", when="done (")
    # Then the next one does the rest, and says of each stack that it is done
    told = instructor.run("deploy", "--yes", ACCOUNT)
    assert {line.split()[0] for line in told.splitlines() if "  done" in line} == NAMES
    assert instructor.stacks().keys() == NAMES
    assert all(status.endswith("_COMPLETE") for status in instructor.stacks().values())
    assert "ROLLBACK" not in str(instructor.stacks())
    told = instructor.run("doctor")
    assert "all 7 are there" in told
    assert "all that the lessons, `deploy` and `destroy` need" in told
    # When `destroy` is killed before the first stack has gone
    instructor.kill("destroy", when="deleting ")
    # Then the next one, of everybody's, says that nothing is left, and that is so
    told = instructor.run("destroy", "--all-participants", "--yes", ACCOUNT)
    assert "no participant: 0 left" in told
    assert "1 set of stacks gone, nothing left of them" in told
    assert instructor.stacks() == {}
    assert list((instructor.project / ".workshop" / "cdk-homes").iterdir()) == []
    # And all that the instructor may and a participant may not was needed, or has its occasion
    noted = Path(instructor.environment["NOTED_CALLS"]).read_text(encoding="utf-8").splitlines()
    calls = {tuple(json.loads(line)) for line in noted}
    needed = {action for service, operation in calls for action in actions(service, operation)}
    mays = {action for grant in PARTICIPANT for action in grant.names()}
    more = {action for grant in INSTRUCTOR for action in grant.names()} - mays
    assert needed <= mays | more
    assert more - needed == ON_INSTRUCTORS_OCCASION.keys()
