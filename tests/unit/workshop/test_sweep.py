"""Finding and deleting what belongs to the workshop, and nothing else."""

import argparse
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.workshop.fake_aws import fake_lab
from workshop import cleanup, connection, workbench
from workshop.cli import destroy
from workshop.stacks import deployment, sweep
from workshop.target.target import Target

EMPTY: dict[str, Any] = {
    "Stacks": [],
    "EventSourceMappings": [],
    "Subscriptions": [],
    "Functions": [],
    "Topics": [],
    "TableNames": [],
    "MetricAlarms": [],
    "logGroups": [],
    "Roles": [],
    "ResourceTagMappingList": [],
}


class FakeService:
    """Any service: lists what it is given, forgets what is deleted."""

    def __init__(self, **lists: Any) -> None:
        self.lists = EMPTY | lists
        self.deleted: list[Any] = []

    def get_paginator(self, _operation: str) -> Any:
        return SimpleNamespace(paginate=lambda **_: [self.lists])

    def __getattr__(self, operation: str) -> Any:
        if not operation.startswith(("delete_", "unsubscribe")):
            raise AttributeError(operation)

        def delete(**named: Any) -> None:
            [handle] = named.values()
            self.deleted.append(handle)
            self.lists |= {"QueueUrls": [u for u in self.lists["QueueUrls"] if u != handle]}

        return delete


SERVICES = ("cloudformation", "lambda", "sns", "dynamodb", "cloudwatch", "logs", "iam")


def lab_with(queues: list[str], *, tagged: list[dict[str, Any]] | None = None) -> Any:
    sqs = FakeService(QueueUrls=[f"http://sqs/{name}" for name in queues])
    tags = FakeService(ResourceTagMappingList=tagged or [])
    others = {name: FakeService() for name in SERVICES}
    return fake_lab(sqs=sqs, resourcegroupstaggingapi=tags, **others), sqs


def names(found: list[sweep.Resource]) -> list[str]:
    return [one.name for one in found]


def tag(name: str, **tags: str) -> dict[str, Any]:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {"ResourceARN": f"arn:aws:sqs:us-east-1:123456789012:{name}", "Tags": pairs}


def test_names_of_one_participant_are_not_those_of_another() -> None:
    mine, adas = cleanup.prefixes(Target()), cleanup.prefixes(Target(participant="ada"))
    assert not "FailureWorkshop-ada-SqsDlq-Queue".startswith(tuple(mine))
    assert "FailureWorkshop-ada-SqsDlq-Queue".startswith(tuple(adas))
    assert not "FailureWorkshop-SqsDlq-Queue".startswith(tuple(adas))
    assert workbench.prefix_of(Target(participant="ada"), "x") == "FailureWorkshop-ada-Temp-x-"


def test_what_is_tagged_is_found_when_its_service_knows_it_and_once() -> None:
    # Given a queue known by its name, one by its tag only, one that is gone, one of ada's
    ours = {"workshop": "lambda-failure"}
    tagged = [tag("named", **ours), tag("other", **ours), tag("gone", **ours)]
    tagged.append(tag("adas", **ours, participant="ada"))
    lab, sqs = lab_with(["named", "other", "adas"], tagged=tagged)
    # As SQS does: only names with the prefix
    sqs.get_paginator = lambda _: SimpleNamespace(
        paginate=lambda QueueNamePrefix: [  # noqa: N803
            {"QueueUrls": [u for u in sqs.lists["QueueUrls"] if f"/{QueueNamePrefix}" in u]}
        ]
    )
    assert names(sweep.find(lab.session, ["named"], tag=True)) == ["named", "other"]
    assert names(sweep.find(lab.session, ["named"])) == ["named"]


def test_what_is_gone_already_is_passed_over_and_other_errors_are_not() -> None:
    lab, sqs = lab_with([])

    def refuse(code: str) -> Any:
        def call(**_: Any) -> None:
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "DeleteQueue")

        return call

    queue = [sweep.Resource("SQS queue", "q", "http://sqs/q")]
    sqs.delete_queue = refuse("AWS.SimpleQueueService.NonExistentQueue")
    sweep.delete(lab.session, queue)
    sqs.delete_queue = refuse("AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        sweep.delete(lab.session, queue)


def test_a_tear_down_without_yes_touches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    lab, sqs = lab_with(["FailureWorkshop-Temp-x-q-1"])
    monkeypatch.setattr(deployment, "destroy", lambda *_, **__: pytest.fail("destroyed"))
    report = cleanup.tear_down(lab, "no")
    assert report.is_dry
    assert str(report).startswith("Dry run, nothing was touched.")
    assert sqs.deleted == []


@pytest.mark.parametrize("sweeping", [False, True])
def test_destroy_says_what_is_left_and_fails_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sweeping: bool
) -> None:
    # Given a queue that no stack knows
    lab, sqs = lab_with(["FailureWorkshop-Temp-x-q-1"])
    monkeypatch.setattr(connection, "connect", lambda *_, **__: lab)
    monkeypatch.setattr(destroy, "chosen_target", lambda _: Target())
    monkeypatch.setattr(deployment, "destroy", lambda *_, **__: [])
    # When
    status = destroy.run(argparse.Namespace(sweep=sweeping))
    # Then
    told = capsys.readouterr().out
    assert status == (0 if sweeping else 1)
    assert ("0 left" if sweeping else "SQS queue: FailureWorkshop-Temp-x-q-1") in told
    assert bool(sqs.deleted) is sweeping
