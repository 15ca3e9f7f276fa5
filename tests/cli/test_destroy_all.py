"""`destroy --all-participants`, as an instructor runs it when everybody has gone home."""

import subprocess
import sys
from pathlib import Path

from tests.copied_project import environment_of

# A pattern each, and a stack of somebody else that is called as ours are.
DEPLOYED = """
import json
from workshop import connection
from workshop.stacks import deployment
from workshop.target.target import Target
for participant in (None, "ada"):
    lab = connection.open_lab(Target(participant=participant))
    deployment.deploy(lab.session, ["LambdaDlq"], on_progress=lambda _: None)
theirs = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
cloudformation = lab.client("cloudformation")
cloudformation.create_stack(
    StackName="FailureWorkshop-eve-SqsDlq", TemplateBody=json.dumps(theirs)
)
cloudformation.get_waiter("stack_create_complete").wait(StackName="FailureWorkshop-eve-SqsDlq")
print("deployed", flush=True)
input()
pages = cloudformation.get_paginator("describe_stacks").paginate()
print([stack["StackName"] for page in pages for stack in page["Stacks"]])
"""


def test_everybodys_stacks_go_and_no_others(untouched_project: Path) -> None:
    # Given stacks of nobody and of a participant
    environment = environment_of(untouched_project)
    with subprocess.Popen(
        [sys.executable, "-P", "-c", DEPLOYED],
        cwd=untouched_project,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as room:
        assert room.stdout is not None
        assert room.stdout.readline() == "deployed\n"
        # When all of them are removed
        removed = subprocess.run(
            [sys.executable, "-P", "-m", "workshop", "destroy", "--all-participants"],
            cwd=untouched_project,
            env=environment,
            capture_output=True,
            text=True,
        )
        told, _ = room.communicate("\n")
    assert removed.returncode == 0, removed.stdout + removed.stderr
    # Then it says of each that nothing is left, and the others' stack is there
    for name, of in (
        ("no participant", ""),
        ("ada", ", participant ada"),
    ):
        assert f"{name}: 0 left on the embedded AWS on this machine{of}\n" in removed.stdout
    assert "2 sets of stacks gone, nothing left of them" in removed.stdout
    assert told == "['CDKToolkit', 'FailureWorkshop-eve-SqsDlq']\n"
