"""Scenarios on an account: an embedded AWS that is used as one, in real time."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from localaws import EndpointInfo
from tests.other_account import other_account
from tests.scenarios import leftovers, outlets, owner
from tests.scenarios.account import Account
from tests.scenarios.timing import Time
from workshop.target.account import open_session
from workshop.target.session import Session
from workshop.target.target import PROJECT, Target

ACCOUNT_ID = "111111111111"
RUN, OTHER_RUN = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


@pytest.fixture(scope="module")
def info() -> Iterator[EndpointInfo]:
    with other_account(ACCOUNT_ID) as running:
        yield running.info


@pytest.fixture
def session(info: EndpointInfo, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", info.aws_access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", info.aws_secret_access_key)
    target = Target(
        "aws",
        profile="environment",
        region=info.region,
        account=ACCOUNT_ID,
        endpoint_url=info.endpoint_url,
    )
    return open_session(target)


def account_of(info: EndpointInfo, run: str) -> Account:
    boto = boto3.Session(
        aws_access_key_id=info.aws_access_key_id,
        aws_secret_access_key=info.aws_secret_access_key,
        region_name=info.region,
    )
    time = Time(info.clock_url, info.aws_secret_access_key)
    return Account(boto, info.endpoint_url, time, run)


def one_of_each(account: Account) -> None:
    function, source = account.function(), account.queue()
    account.mapping(source, function)
    account.subscribe(account.topic(), function)
    account.invoke(function, {})
    outlets.bucket(account)
    outlets.event_bus(account)
    outlets.alarm(account, source, account.topic())


def test_what_a_killed_run_left_is_removed_and_nothing_else(
    info: EndpointInfo, session: Session, tmp_path: Path
) -> None:
    # Given two runs, one of which was killed after it had made one of each kind
    leftovers.begin(session.target, RUN, tmp_path)
    one_of_each(account_of(info, RUN))
    other = account_of(info, OTHER_RUN)
    kept = other.queue()
    kinds = {resource.kind for resource in leftovers.look(session, RUN).resources}
    assert kinds == {
        "event source mapping",
        "SNS subscription",
        "Lambda function",
        "SNS topic",
        "SQS queue",
        "CloudWatch alarm",
        "log group",
        "IAM role",
        "event bus",
        "S3 bucket",
    }
    # When the next run begins
    assert leftovers.earlier(session.target, tmp_path) == [RUN]
    left = leftovers.remove(session, RUN, tmp_path, pause=lambda seconds: None)
    # Then nothing is left of the one, and all of the other
    assert left == leftovers.Left((), ())
    assert leftovers.earlier(session.target, tmp_path) == []
    assert kept.counts() == (0, 0, 0)
    other.close()


def test_what_cannot_be_listed_is_told_and_the_run_is_remembered(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leftovers.begin(session.target, RUN, tmp_path)

    def fail(service: str) -> Any:
        raise ConnectionError(service)

    monkeypatch.setattr(session, "client", fail)
    left = leftovers.remove(session, RUN, tmp_path, pause=lambda seconds: None)
    assert "SQS queue (ConnectionError)" in left.unknown
    assert leftovers.earlier(session.target, tmp_path) == [RUN]


def test_whatever_takes_tags_carries_the_run(info: EndpointInfo, session: Session) -> None:
    account = account_of(info, RUN)
    one_of_each(account)
    tagged = {
        resource.kind: dict(kind.tags(session, resource))
        for kind in leftovers.KINDS
        if kind.tags is not None
        for resource in kind.candidates(session, [owner.prefix(RUN)])
        if resource.kind != "log group"  # Lambda makes it
    }
    account.close()
    assert len(tagged) == 6
    for kind, tags in tagged.items():
        assert tags.get(owner.TAG) == RUN, kind


def command(session: Session, report: Path, *more: str) -> list[str]:
    target = session.target
    where = ["--region", str(target.region), "--account", ACCOUNT_ID]
    where += ["--endpoint-url", str(target.endpoint_url), "--endpoint-name", "embedded, as others"]
    base = [sys.executable, "-m", "workshop", "test", "--target", "aws", "--profile", "environment"]
    return [*base, *where, "--yes", ACCOUNT_ID, "--fidelity-report", str(report), *more]


def scenarios_queues(session: Session) -> list[str]:
    found: list[str] = (
        session.client("sqs").list_queues(QueueNamePrefix="scenario-").get("QueueUrls", [])
    )
    return found


def test_a_run_adds_its_findings_and_leaves_nothing(session: Session, tmp_path: Path) -> None:
    report = tmp_path / "fidelity.md"
    done = subprocess.run(
        [
            *command(session, report, "tests/scenarios/test_sqs_queue.py", "--parallel", "1"),
            "-k",
            "defaults or empty_receive",
        ],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 left of the run" in done.stdout
    assert scenarios_queues(session) == []
    [file] = report.with_suffix("").glob("*.json")
    assert file.name == "endpoint-embedded-as-others.json"
    written = file.read_text(encoding="utf-8")
    results = [result for result, _, _ in json.loads(written)["findings"].values()]
    assert set(results) == {"holds", "not shown"}
    assert "embedded, as others" in (tmp_path / "endpoint-findings.md").read_text(encoding="utf-8")
    assert ACCOUNT_ID not in written
    assert ACCOUNT_ID not in done.stdout


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no signals to send")
def test_an_interrupted_run_removes_what_it_made(session: Session, tmp_path: Path) -> None:
    # Given a scenario that waits for two minutes
    arguments = ["tests/scenarios/test_retention.py", "-k", "not_in_the_dlq", "--parallel", "1"]
    with subprocess.Popen(
        command(session, tmp_path / "fidelity.md", *arguments),
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    ) as running:
        while len(scenarios_queues(session)) < 2 and running.poll() is None:
            pass
        # When somebody presses Ctrl-C
        running.send_signal(signal.SIGINT)
        told, _ = running.communicate(timeout=300)
    # Then it ends so, and nothing is left
    assert running.returncode == 130
    assert "0 left of the run" in told
    assert scenarios_queues(session) == []
