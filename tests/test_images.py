"""Images are made by the commands of the project, from its locks, and nobody is root in them."""

import json
import os
import re
import shlex
import tomllib

import yaml

from tests.stored_files import ROOT, read
from workshop.__main__ import COMMANDS

DOCKERFILE = read("Dockerfile")
DEVCONTAINER = json.loads(read(".devcontainer/devcontainer.json"))
MINIMUM = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"].removeprefix(">=")


def steps(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} (.+)$", DOCKERFILE, re.MULTILINE)


def test_everything_in_the_image_runs_as_a_person() -> None:
    lines = [line for line in DOCKERFILE.splitlines() if re.match(r"[A-Z]+ ", line)]
    user = next(number for number, line in enumerate(lines) if line.startswith("USER "))
    before, after = lines[:user], lines[user:]
    assert steps("USER") == ["${NB_USER}"]
    # As root nothing but the person and their folder
    assert [line.split()[1] for line in before if line.startswith("RUN")] == ["useradd", "chown"]
    assert any("start.py prepare" in line for line in after)
    assert all("--chown=" in line for line in lines if line.startswith("COPY"))
    assert DEVCONTAINER["remoteUser"] != "root"


def test_the_images_have_the_oldest_supported_python() -> None:
    assert steps("FROM")[0].startswith(f"python:{MINIMUM}-")
    assert DEVCONTAINER["image"].partition(":")[2].startswith(f"{MINIMUM}-")


def test_each_step_is_a_command_that_there_is() -> None:
    started = [*json.loads(steps("CMD")[0])]
    prepared = [shlex.split(step.partition(" && ")[0]) for step in steps("RUN")[-1:]]
    prepared.append(shlex.split(DEVCONTAINER["onCreateCommand"]))
    for command in (started, *prepared):
        assert command[0] == "python3"
        assert command[1].rpartition("/")[2] == "start.py"
        assert command[2] in COMMANDS
    assert {command[2] for command in prepared} == {"prepare"}
    assert "python -m workshop prepare" in read(".binder/postBuild")
    assert os.name == "nt" or os.access(ROOT / ".binder" / "postBuild", os.X_OK)


def test_binder_gets_the_same_environment() -> None:
    # repo2docker reads no file of the project's folder where there is a .binder
    ours, binders = (yaml.safe_load(read(f"{at}environment.yml")) for at in ("", ".binder/"))
    assert ours["dependencies"][-1] == {"pip": ["-r requirements.txt"]}
    assert binders["dependencies"][-1] == {"pip": ["-r ../requirements.txt"]}
    assert (ours["dependencies"][:-1], ours["channels"]) == (
        binders["dependencies"][:-1],
        binders["channels"],
    )


def test_nothing_that_was_made_here_gets_into_the_image() -> None:
    kept_out = {line.removeprefix("**/") for line in read(".dockerignore").splitlines()}
    made = {line.strip("/") for line in read(".gitignore").splitlines() if line[:1] != "#"}
    assert made <= kept_out
