"""The workshop package on the embedded AWS, as notebooks use it, and on an endpoint like AWS's."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import workshop
from localaws import EndpointInfo
from tests.copied_project import end_embedded
from workshop.errors import DataError, NotDeployedError, TargetError, WaitTimeoutError
from workshop.lab import Lab
from workshop.lessons import checks
from workshop.stacks import deployment
from workshop.target import clock, embedded, waiting
from workshop.target.target import Target


def send(lab: Lab, pattern: str, **orders: object) -> list[str]:
    """Send orders, each a name and what it says besides; returns their ids."""
    out = lab.outputs(pattern)
    for order_id, order in orders.items():
        body = json.dumps({"order_id": order_id, **order})  # type: ignore[dict-item]
        if "SourceQueueUrl" in out:
            lab.client("sqs").send_message(QueueUrl=out.SourceQueueUrl, MessageBody=body)
        else:
            lab.client("sns").publish(TopicArn=out.TopicArn, Message=body)
    return list(orders)


GOOD, BAD = {"pass": True}, {"pass": False}
FLAKY = {"fault": {"kind": "raise", "until_attempt": 3}}
SLOW = {"fault": {"kind": "timeout", "until_attempt": 2}}


def test_a_message_that_fails_ends_in_the_source_queues_dlq(lab: Lab) -> None:
    # Given a good, a flaky and a bad order
    orders = send(lab, "SqsDlq", good1=GOOD, flaky1=FLAKY, bad1=BAD)
    # When somebody waits for the end of the bad one
    waited = lab.wait_for_end("SqsDlq", ["bad1"])
    # Then that took three visibility timeouts on AWS's clock
    assert waited.aws_s == pytest.approx(90, abs=3)
    assert waited.real_s < 30
    # And the timeline knows everything
    attempts = lab.attempts("SqsDlq", order_ids=orders)
    arrivals = lab.arrivals("SqsDlq", order_ids=orders)
    drawn = workshop.timeline(attempts, arrivals, settings=lab.settings("SqsDlq"))
    assert drawn.counts["processed"] == 2
    assert drawn.counts["source queue's DLQ"] == 1
    assert drawn.counts["lost"] == drawn.counts["in flight"] == 0
    assert checks.attempt_count(lab, "SqsDlq", "bad1", 3)
    assert checks.arrived(lab, "SqsDlq", "bad1", "source queue's DLQ")
    assert checks.max_receive_count(lab, 3)
    assert checks.visibility_covers_function_timeout(lab)


def test_an_asynchronous_event_is_tried_three_times_and_recorded(lab: Lab) -> None:
    orders = send(lab, "LambdaDestinations", good2=GOOD, slow2=SLOW, bad2=BAD)
    failures = lab.outputs("LambdaDestinations").OnFailureQueueUrl
    lab.wait_until(lambda: lab.queue_counts(failures).visible == 1, "the record is there")
    # Then the attempts are at about 0, 60 and 180 s, with one request id
    bad = lab.attempts("LambdaDestinations", order_ids=["bad2"])
    assert list(bad["after_s"]) == [pytest.approx(at, abs=3) for at in (0, 60, 180)]
    assert bad["request_id"].nunique() == 1
    # And a timeout is told from an error
    slow = lab.attempts("LambdaDestinations", order_ids=["slow2"])
    assert list(slow["outcome"]) == ["timeout", "ok"]
    # And both kinds of record are found and explained
    arrivals = lab.arrivals("LambdaDestinations", order_ids=orders).set_index("order_id")
    assert arrivals["reason"].to_dict() == {
        "good2": "Success",
        "slow2": "Success",
        "bad2": "RetriesExhausted",
    }
    (record,) = lab.messages(failures)
    fields = workshop.explain(record).set_index("field")["value"]
    assert fields["requestContext.approximateInvokeCount"] == "3"
    assert '"order_id": "bad2"' in fields["requestPayload.Records[0].Sns.Message"]


def test_looking_consumes_nothing_and_costs_a_receive(lab: Lab) -> None:
    send(lab, "LambdaDlq", bad3=BAD)
    url = lab.outputs("LambdaDlq").FunctionDlqUrl
    lab.wait_until(lambda: lab.queue_counts(url).visible == 1, "the event is there")
    looks = [lab.messages(url)[0]["Attributes"]["ApproximateReceiveCount"] for _ in range(3)]
    assert looks == ["1", "2", "3"]
    assert lab.queue_counts(url).visible == 1
    with pytest.raises(DataError):
        lab.messages(lab.outputs("SqsDlq").SourceQueueUrl)


def test_a_disabled_mapping_is_named_as_the_reason(lab: Lab) -> None:
    # Given a source queue that nobody polls
    out, client = lab.outputs("SqsDlq"), lab.client("lambda")
    client.update_event_source_mapping(UUID=out.EventSourceMappingId, Enabled=False)
    try:
        lab.clock.sleep(60)
        send(lab, "SqsDlq", good4=GOOD)
        # When somebody waits for what cannot happen
        with pytest.raises(WaitTimeoutError) as caught:
            lab.wait_until(lambda: False, "the order is processed", timeout_s=300)
        # Then the reason is in the message
        assert "the event source mapping is Disabled" in str(caught.value)
        assert "1 message in the source queue" in str(caught.value)
    finally:
        client.update_event_source_mapping(UUID=out.EventSourceMappingId, Enabled=True)


def test_connecting_again_finds_everything_and_deploys_nothing(lab: Lab) -> None:
    again = workshop.connect()
    assert again.outputs("SqsDlq") == lab.outputs("SqsDlq")
    assert deployment.deploy(again.session, on_progress=lambda _: None) == []


def test_notebooks_that_connect_at_once_share_one_endpoint(tmp_path: Path) -> None:
    # Given no embedded AWS, and two kernels that start it at the same moment
    code = (
        "import pathlib, sys; from workshop.target import embedded, run_state;"
        "project = pathlib.Path(sys.argv[1]); info = embedded.find_or_start(project);"
        "user = run_state.RunState(project).use();"
        "print(info['endpoint_url'], flush=True); sys.stdin.read()"
    )
    command, pipe = [sys.executable, "-c", code, str(tmp_path)], subprocess.PIPE
    kernels = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=Path.cwd())
        for _ in range(2)
    ]
    try:
        first, second = (kernel.stdout.readline() for kernel in kernels if kernel.stdout)
        # Then there is one
        assert first == second != ""
        # And it survives the kernel that started it, for whoever comes back
        for kernel in kernels:
            kernel.kill()
        assert embedded.find_or_start(tmp_path)["endpoint_url"] == first.strip()
    finally:
        for kernel in kernels:
            with kernel:
                kernel.kill()
        assert end_embedded(tmp_path)


def test_a_real_account_is_polled_in_real_time(
    endpoint: EndpointInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an endpoint that is used as AWS is: a profile, no clock API
    credentials = tmp_path / "credentials"
    credentials.write_text(
        f"[workshop]\naws_access_key_id={endpoint.aws_access_key_id}\n"
        f"aws_secret_access_key={endpoint.aws_secret_access_key}\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setattr(clock, "_TICK_S", 0.02)
    monkeypatch.setitem(waiting.wait_until.__kwdefaults__, "every_s", 0.02)
    here = {"region": endpoint.region, "endpoint_url": endpoint.endpoint_url}
    target = Target("aws", profile="workshop", account=endpoint.account_id, **here)
    # When a lab is connected
    lab = workshop.connect(target)
    # Then it says that this is an account, and polls
    assert f"********{endpoint.account_id[-4:]}" in repr(lab)
    asked = iter(range(5))
    waited = lab.wait_until(lambda: next(asked) == 3, "asked four times")
    assert not waited.is_virtual
    # And nothing was deployed without being asked for
    with pytest.raises(NotDeployedError, match="deploy"):
        lab.outputs("SqsDlq")
    # And with another account id nothing is done at all
    with pytest.raises(TargetError, match="Nothing was changed"):
        workshop.connect(Target("aws", profile="workshop", account="123456789012", **here))
