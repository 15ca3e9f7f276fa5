"""Deploying: only what is missing or changed is sent, and CloudFormation's reason is passed on."""

import io
import json
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import fake_session
from tests.unit.workshop.test_waiting import FakeClock
from workshop.errors import DeploymentError, TargetError
from workshop.stacks import cdk_cli, cloud_assembly, deployment, interrupted, ownership
from workshop.target.session import Session
from workshop.target.target import PATTERNS, Target

NAMES = [Target().stack_name(pattern) for pattern in PATTERNS]


def stack_artifact(name: str, *dependencies: str) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": f"{name}.template.json"},
        "dependencies": [f"{name}.assets", *dependencies],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cloud assembly of all stacks with one code asset; the first depends on the last."""
    code = tmp_path / "asset.abc"
    code.mkdir()
    (code / "handler.py").write_text("x = 1\n")
    artifacts: dict[str, Any] = {}
    for name in NAMES:
        artifacts[f"{name}.assets"] = {"type": "cdk:asset-manifest", "properties": {}}
        needs = [NAMES[-1]] if name == NAMES[0] else []
        artifacts[name] = stack_artifact(name, *needs)
        (tmp_path / f"{name}.template.json").write_text(json.dumps({"Resources": {name: {}}}))
        bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
        files = {
            "abc": {
                "source": {"path": "asset.abc", "packaging": "zip"},
                "destinations": {"here": {"bucketName": bucket, "objectKey": "abc.zip"}},
            },
            "template": {
                "source": {"path": f"{name}.template.json", "packaging": "file"},
                "destinations": {"here": {"bucketName": bucket, "objectKey": "t.json"}},
            },
        }
        (tmp_path / f"{name}.assets.json").write_text(json.dumps({"files": files}))
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return tmp_path


class FakeCloud:
    """CloudFormation, S3 and SSM in one; remembers what was called."""

    class exceptions:  # noqa: N801 - boto3's name
        ParameterNotFound = KeyError

    def __init__(self, ends_as: str = "COMPLETE", arn: str = "") -> None:
        self.arn = arn
        self.meta = SimpleNamespace(region_name="eu-west-1")
        self.calls: list[str] = []
        self.stacks: dict[str, dict[str, str]] = {}
        self.objects: dict[str, bytes] = {}
        self.parameters: dict[str, str] = {}
        self._ends_as = ends_as

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if StackName == "CDKToolkit" and self.parameters:
            return {"Stacks": [{"StackStatus": "CREATE_COMPLETE"}]}
        if StackName not in self.stacks:
            error = {"Code": "ValidationError", "Message": f"Stack {StackName} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")
        stack = self.stacks[StackName]
        described = {
            "StackStatus": stack["status"],
            "StackId": self.arn.format(StackName),
            "Tags": stack["tags"],
        }
        return {"Stacks": [described]}

    def get_paginator(self, operation: str) -> Any:
        if operation == "describe_stack_events":
            return SimpleNamespace(paginate=self._events)
        return SimpleNamespace(paginate=lambda **_: [{"StackResourceSummaries": []}])

    def get_template(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        return {"TemplateBody": self.stacks[StackName]["body"]}

    def _change(self, verb: str, name: str, body: str, tags: Any) -> None:
        self.calls.append(f"{verb} {name}")
        status = f"{verb.upper()}_{self._ends_as}"
        self.stacks[name] = {"status": status, "body": body, "tags": tags}

    def create_stack(
        self,
        StackName: str,  # noqa: N803
        TemplateBody: str,  # noqa: N803
        Tags: Any = (),  # noqa: N803
        **_: Any,
    ) -> None:
        if StackName == "CDKToolkit":  # what `cdk bootstrap` makes on an account
            self.parameters["/cdk-bootstrap/hnb659fds/version"] = "30"
            return
        self._change("create", StackName, TemplateBody, Tags)

    def update_stack(
        self,
        StackName: str,  # noqa: N803
        TemplateBody: str,  # noqa: N803
        Tags: Any = (),  # noqa: N803
        **_: Any,
    ) -> None:
        self._change("update", StackName, TemplateBody, Tags)

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.calls.append(f"delete {StackName}")
        del self.stacks[StackName]

    def _events(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        """The last operation's events, newest first; a failed one of before it follows."""
        if StackName not in self.stacks:
            error = {"Code": "ValidationError", "Message": f"Stack {StackName} does not exist"}
            raise ClientError({"Error": error}, "DescribeStackEvents")

        def event(resource: str, status: str, reason: str = "") -> dict[str, str]:
            return {
                "StackId": "the stack's id",
                "PhysicalResourceId": "the stack's id" if resource == StackName else resource,
                "LogicalResourceId": resource,
                "ResourceType": "AWS::Lambda::Function",
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            }

        status = self.stacks[StackName]["status"]
        failures = [
            event("Topic", "CREATE_FAILED", "Resource creation cancelled"),
            event("Function", "CREATE_FAILED", "The role cannot be assumed by Lambda."),
        ]
        begun = event(StackName, f"{status.split('_')[0]}_IN_PROGRESS", "User Initiated")
        old = event("Queue", "UPDATE_FAILED", "That was last week.")
        newest_first = [*(failures if "FAILED" in status else ()), begun, old]
        return [{"StackEvents": [event(StackName, status), *newest_first]}]

    def get_parameter(self, Name: str) -> str:  # noqa: N803
        return self.parameters[Name]

    def put_parameter(self, Name: str, Value: str, Type: str) -> None:  # noqa: N803
        self.parameters[Name] = Value

    def head_bucket(self, Bucket: str) -> None:  # noqa: N803
        if not any(key.startswith(Bucket) for key in self.objects):
            raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadBucket")

    def create_bucket(self, Bucket: str) -> None:  # noqa: N803
        self.objects[f"{Bucket}/"] = b""

    def list_objects_v2(self, Bucket: str, Prefix: str) -> dict[str, int]:  # noqa: N803
        return {"KeyCount": int(f"{Bucket}/{Prefix}" in self.objects)}

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        self.objects[f"{Bucket}/{Key}"] = Body


def deploy(cloud: FakeCloud, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(cloud_assembly, "synthesized", lambda *_: folder)
    session = session_on(cloud, folder)
    return deployment.deploy(session, on_progress=lambda _: None, project=folder)


def session_on(cloud: FakeCloud, folder: Path) -> Session:
    clients: dict[str, Any] = dict.fromkeys(("cloudformation", "s3", "ssm", "lambda"), cloud)
    session = fake_session(**clients)
    session.state = folder / ".workshop"
    return session


def test_missing_stacks_are_created_side_by_side_but_for_dependencies(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = FakeCloud()
    assert sorted(deploy(cloud, folder, monkeypatch)) == sorted(NAMES)
    # The first one in the app needs the last one, so it comes when that is complete
    assert cloud.calls == [f"create {name}" for name in (NAMES[-1], *NAMES[1:-1], NAMES[0])]
    # And what the templates refer to is there
    assert cloud.parameters == {"/cdk-bootstrap/hnb659fds/version": "30"}
    code = cloud.objects["cdk-hnb659fds-assets-000000000000-us-east-1/abc.zip"]
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        assert archive.read("handler.py") == b"x = 1\n"


def test_a_stack_takes_its_time_from_when_it_was_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given stacks that are complete when they are first looked at
    cloud, told = FakeCloud(), list[tuple[str, str]]()
    monkeypatch.setattr(cloud_assembly, "synthesized", lambda *_: folder)
    deployment.deploy(
        session_on(cloud, folder),
        on_progress=lambda _: None,
        on_stack=lambda one: told.append((one.name, one.status)),
        project=folder,
    )
    # Then each has been seen at work all the same
    for name in NAMES:
        statuses = [status for one, status in told if one == name]
        assert statuses[:2] == ["", "CREATE_IN_PROGRESS"]
        assert statuses[-1] == "CREATE_COMPLETE"


def test_a_second_deploy_sends_only_what_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = FakeCloud()
    deploy(cloud, folder, monkeypatch)
    cloud.calls.clear()
    assert deploy(cloud, folder, monkeypatch) == []
    # When one template changes
    (folder / f"{NAMES[1]}.template.json").write_text('{"Resources": {"Queue": {}}}')
    # Then one stack is updated
    assert deploy(cloud, folder, monkeypatch) == [NAMES[1]]
    assert cloud.calls == [f"update {NAMES[1]}"]


def test_a_stack_whose_creation_failed_is_made_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = FakeCloud()
    cloud.stacks[NAMES[1]] = {"status": "ROLLBACK_COMPLETE", "body": "{}", "tags": []}
    deploy(cloud, folder, monkeypatch)
    about = [call for call in cloud.calls if call.endswith(NAMES[1])]
    assert about == [f"delete {NAMES[1]}", f"create {NAMES[1]}"]


def test_a_failure_names_the_resource_that_caused_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DeploymentError) as caught:
        deploy(FakeCloud(ends_as="FAILED"), folder, monkeypatch)
    first = str(caught.value).splitlines()[0]
    assert "Function (AWS::Lambda::Function): The role cannot be assumed by Lambda." in first


def test_destroy_deletes_what_exists(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = FakeCloud()
    deploy(cloud, folder, monkeypatch)
    session = session_on(cloud, folder)
    assert deployment.destroy(session, on_progress=lambda _: None) == NAMES
    assert cloud.stacks == {}
    assert deployment.destroy(session, on_progress=lambda _: None) == []


def test_the_same_folder_gives_the_same_archive(folder: Path) -> None:
    asset = cloud_assembly.stacks(folder, NAMES)[0].assets[0]
    assert asset.is_zipped
    assert asset.content() == asset.content()


def test_a_stack_that_the_app_does_not_have_is_named(folder: Path) -> None:
    with pytest.raises(DeploymentError, match="FailureWorkshop-Other"):
        cloud_assembly.stacks(folder, ["FailureWorkshop-Other"])


def test_the_fingerprint_follows_every_source_of_the_app(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    for name in ("app.py", "cdk.json", "requirements.txt", "infra/settings.py"):
        (tmp_path / name).write_text("1")
    before = cloud_assembly._fingerprint(tmp_path)
    (tmp_path / "infra" / "settings.py").write_text("2")
    changed = cloud_assembly._fingerprint(tmp_path)
    (tmp_path / "lambda").mkdir()
    (tmp_path / "lambda" / "handler.py").write_text("3")
    assert len({before, changed, cloud_assembly._fingerprint(tmp_path)}) == 3


def test_a_real_account_is_deployed_to_by_the_cdk_cli_after_the_account_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Given a target that names an account, and a caller of another
    target = Target("aws", profile="p", region="eu-west-1", account="123456789012")
    account = {"Account": "999999999999"}

    class Sts:
        meta = SimpleNamespace(region_name="eu-west-1")

        def get_caller_identity(self) -> dict[str, str]:
            return account

    ran: list[list[str]] = []
    cloud = FakeCloud(arn="arn:aws:cloudformation:eu-west-1:123456789012:stack/{}/1")
    clients = {"sts": Sts(), "cloudformation": cloud}
    session = Session(target, clients.__getitem__, FakeClock(), state=tmp_path)

    def run(_: Session, arguments: list[str], *__: Any, **___: Any) -> None:
        ran.append(arguments)
        for name in NAMES:
            cloud.create_stack(name, "{}")

    def apps(command: list[str], *_: Any, **given: Any) -> subprocess.CompletedProcess[str]:
        made.append(json.loads(given["environment"]["CDK_CONTEXT_JSON"]))
        Path(given["environment"]["CDK_OUTDIR"]).mkdir(parents=True)
        return subprocess.CompletedProcess(command, 0, "")

    made: list[dict[str, str]] = []
    monkeypatch.setattr(cloud_assembly.children, "run_telling", apps)
    monkeypatch.setattr(cloud_assembly.node, "ensure_node", lambda *_: None)
    monkeypatch.setattr(cdk_cli, "run", run)
    with pytest.raises(TargetError):
        deployment.deploy(session, project=tmp_path)
    assert ran == made == []
    # When the caller is the expected one, the CLI deploys, without asking questions
    account["Account"] = "123456789012"
    assert deployment.deploy(session, project=tmp_path) == NAMES
    [assembly] = (tmp_path / ".workshop").glob("cdk.out-*[!k]")
    deployed = ["deploy", *NAMES, "--app", str(assembly), "--require-approval", "never"]
    deployed += ["--progress", "events", "--concurrency", "4"]
    assert ran[-1][: len(deployed)] == deployed
    # And all that it makes carries the deployment's id
    tags = ownership.tags(session)
    assert ran[-1][len(deployed) :: 2] == ["--tags", "--tags"]
    assert ran[-1][len(deployed) + 1 :: 2] == [f"{key}={value}" for key, value in tags.items()]
    # And stacks that went elsewhere, or nowhere, are no success
    for wrong in ("eu-west-1:999999999999", "us-east-1:123456789012"):
        cloud.arn = f"arn:aws:cloudformation:{wrong}:stack/{{}}/1"
        with pytest.raises(DeploymentError, match=r"account \*{8}9012 has no such stack"):
            deployment.deploy(session, project=tmp_path)
    # And the app made its stacks once, for that account and Region
    assert made == [{"account": "123456789012", "region": "eu-west-1"}]


def test_whoever_interrupts_is_told_that_cloudformation_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given stacks on which CloudFormation is at work
    cloud = FakeCloud(ends_as="IN_PROGRESS")
    monkeypatch.setattr(cloud_assembly, "synthesized", lambda *_: folder)
    session, told = session_on(cloud, folder), list[str]()

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workshop.stacks.following.time.sleep", interrupt)
    # When somebody presses Ctrl-C
    with pytest.raises(KeyboardInterrupt):
        deployment.deploy(session, on_progress=told.append, project=folder)
    with pytest.raises(KeyboardInterrupt):
        deployment.destroy(session, on_progress=told.append)
    # Then each command says what goes on, and that it can be run again
    assert [line for line in told if line.startswith("interrupted")] == [interrupted._GOES_ON] * 2
