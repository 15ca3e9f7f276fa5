"""Kernels work on the target that their command was started with, whatever else happens beside."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from localaws import EndpointInfo
from tests.copied_project import copy_project, end_embedded, environment_of
from tests.guides.notebook import code, write
from tests.other_account import other_account
from workshop.cli.jupyter import jupyter_environment
from workshop.guides.execute import execute
from workshop.target.announcement import announce
from workshop.target.environment import of_profile
from workshop.target.target import Target

ACCOUNT, EMBEDDED = "111111111111", "000000000000"
# How a kernel shows the id of its own account; another one would be the next number.
SHOWN = "ACCOUNT-1"
# What the lab says, and what plain boto3, typed from memory, reaches.
WHO = (
    "import boto3, workshop\n"
    "lab = workshop.connect(deploy=False)\n"
    "print(lab.session.account(), boto3.client('sts').get_caller_identity()['Account'])"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy in which no AWS has run yet: a first cell tells of one that is gone."""
    copy = tmp_path_factory.mktemp("project")
    copy_project(copy)
    yield copy
    end_embedded(copy)


@pytest.fixture(scope="module")
def account() -> Iterator[EndpointInfo]:
    """An endpoint that is used as an account."""
    with other_account(ACCOUNT) as running:
        yield running.info


@pytest.fixture
def person(account: EndpointInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """Somebody who has a profile for the account, and is logged in to it in this shell."""
    credentials = tmp_path / "credentials"
    credentials.write_text(
        f"[workshop]\naws_access_key_id={account.aws_access_key_id}\n"
        f"aws_secret_access_key={account.aws_secret_access_key}\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_PROFILE", "workshop")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", account.aws_access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", account.aws_secret_access_key)
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.endpoint_url)
    monkeypatch.setenv("AWS_REGION", account.region)
    return Target(
        "aws",
        profile="workshop",
        region=account.region,
        account=ACCOUNT,
        endpoint_url=account.endpoint_url,
    )


def kernel(tmp_path: Path, environment: dict[str, str], *sources: str) -> list[str]:
    """What each cell prints in a new kernel; a restarted one is no other."""
    cells = [code(source, tags=["raises-exception"]) for source in sources]
    done = execute(write(tmp_path / "notebooks" / "00.ipynb", *cells), environment=environment)
    return ["".join(map(_told, cell.outputs)) for cell in done.cells]


def _told(output: NotebookNode) -> str:
    return str(output.get("text") or output.get("evalue") or "")


def test_two_labs_of_one_folder_keep_their_targets(
    project: Path, person: Target, tmp_path: Path
) -> None:
    # Given a lab on the embedded AWS, and beside it one on an account
    with announce(Target(), project) as of_first, announce(person, project) as of_second:
        first = environment_of(project) | of_first
        assert person.profile is not None
        assert person.region is not None
        base = of_profile(person.profile, person.region, person.endpoint_url, _shell())
        second = jupyter_environment(project, base) | {"PYTHONPATH": str(project)} | of_second
        # When their kernels connect, and again after a restart
        for _ in range(2):
            # Then each reaches its own target, plain boto3 too
            assert kernel(tmp_path, first, WHO) == [f"{EMBEDDED} {EMBEDDED}\n"]
            assert kernel(tmp_path, second, WHO) == [f"{SHOWN} {SHOWN}\n"]
        # And none can be talked into the other
        change = f"workshop.connect(workshop.{person!r}, deploy=False)"
        [_, refused] = kernel(tmp_path, first, WHO, change)
        assert "it cannot change to account ********1111" in refused


def test_a_kernel_that_nobody_started_for_a_target_reaches_no_account_either(
    project: Path, person: Target, tmp_path: Path
) -> None:
    # Given a kernel of a Jupyter of the person's own, with all that is in their shell
    environment = _shell() | {"PYTHONPATH": str(project)}
    change = f"workshop.connect(workshop.{person!r}, deploy=False)"
    told, refused = kernel(tmp_path, environment, WHO, change)
    # Then it works on the embedded AWS, and stays there
    assert told == f"{EMBEDDED} {EMBEDDED}\n"
    assert "cannot change" in refused


def test_nothing_of_the_persons_account_reaches_the_endpoint(
    project: Path, person: Target, tmp_path: Path
) -> None:
    # Given a handler that reads the environment of the processes that it was started by
    if not Path("/proc/self/environ").exists():
        pytest.skip("only Linux shows the environment of another process")
    spy = (
        "import os, pathlib\n"
        "pid, found = os.getpid(), ''\n"
        "keeper = __import__('json').loads(pathlib.Path(FILE).read_text())['keeper_pid']\n"
        "children = pathlib.Path(f'/proc/{keeper}/task/{keeper}/children').read_text().split()\n"
        "for one in (keeper, *children):\n"
        "    found += pathlib.Path(f'/proc/{one}/environ').read_text()\n"
        "print(len(children), os.environ['SECRET'] in found)"
    ).replace("FILE", repr(str(project / ".workshop" / "embedded.json")))
    environment = (
        environment_of(project)
        | _shell()
        | {
            "PYTHONPATH": str(project),
            "SECRET": _shell()["AWS_SECRET_ACCESS_KEY"],
        }
    )
    assert kernel(tmp_path, environment, WHO, spy)[1] == "1 False\n"


def _shell() -> dict[str, str]:
    return dict(os.environ)
