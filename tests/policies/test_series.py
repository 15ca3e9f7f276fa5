"""The notebooks run as an IAM user with the participant's policy; IAM of the embedded AWS judges.

These notebooks make every call of the series but for a few, which `ON_OCCASION` names with the
notebook that makes them: 05, 06, 10 and 13 would take more than half of the time for a dozen
actions.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.copied_project import environment_of
from tests.notebooks.running import run
from tests.policies import user
from tests.policies.calls import actions
from tests.policies.table import ON_OCCASION, PARTICIPANT, document
from workshop.cli.jupyter import python_command
from workshop.target.run_state import RunState

NOTEBOOKS = (
    "07-failure-gallery",
    "12-misconfiguration-clinic",
    "14-clean-up",
)
IN_PROCESSES = Path(__file__).parent / "in_processes"


@pytest.fixture(scope="module")
def as_participant(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of kernels that call as a participant, where an instructor has deployed."""
    plain = environment_of(project)
    # It starts the embedded AWS as well, which waits for the first notebook.
    subprocess.run(python_command("-m", "workshop", "deploy"), cwd=project, env=plain, check=True)
    info = RunState(project).read()
    assert info is not None
    participant = user.create(info, "participant")
    participant.may(participant=document("participant"))
    return plain | {
        "PYTHONPATH": os.pathsep.join((str(IN_PROCESSES), plain["PYTHONPATH"])),
        "NOTED_CALLS": str(tmp_path_factory.mktemp("noted") / "calls.jsonl"),
        "USER_KEY": participant.key,
        "USER_SECRET": participant.secret,
    }


def test_the_series_runs_with_the_participants_policy_and_needs_all_of_it(
    project: Path, as_participant: dict[str, str]
) -> None:
    # Given a user with this policy alone, when the notebooks run, then nothing is refused
    for name in NOTEBOOKS:
        run(project, name, environment=as_participant)
    # And every action of the policy was needed, or is needed on an occasion that is named
    noted = Path(as_participant["NOTED_CALLS"]).read_text(encoding="utf-8").splitlines()
    calls = {tuple(json.loads(line)) for line in noted}
    needed = {action for service, operation in calls for action in actions(service, operation)}
    granted = {action for grant in PARTICIPANT for action in grant.names()}
    assert needed == granted - ON_OCCASION.keys()
    assert ON_OCCASION.keys() <= granted
