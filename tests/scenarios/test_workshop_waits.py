"""Waiting for the end of an order: by its id, with nothing that disturbs what is shown later."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

import workshop
from tests.scenarios.test_workshop_package import BAD, FLAKY, GOOD, send
from workshop import connection
from workshop.lab import Lab
from workshop.target import embedded

PATTERNS = {
    "SqsDlq": ("SourceQueueDlqUrl", 90),
    "LambdaDestinations": ("OnFailureQueueUrl", 180),
    "LambdaDlq": ("FunctionDlqUrl", 180),
}
ENDS = {"processed", "given up"}


@pytest.fixture(scope="module", params=[None, 17], ids=["punctual", "late"])
def lab(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A lab on an embedded AWS of its own: one that is punctual, and one that is late as AWS is."""
    project = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch, embedded.own(project, lateness=request.param):
        patch.setattr(connection, "PROJECT", project)
        yield workshop.connect()


def foreign(lab: Lab, url: str, name: str) -> None:
    """Somebody else's message lies in a queue."""
    body = json.dumps({"order_id": name, "pass": False})
    lab.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def receives(lab: Lab, url: str) -> dict[str, int]:
    """Order id -> ApproximateReceiveCount, this look included."""
    found = {}
    for message in lab.messages(url):
        count = int(message["Attributes"]["ApproximateReceiveCount"])
        body = message["Body"]
        name = next((n for n in ("bad", "other") if n in body), body)
        found[name] = count
    return found


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_end_of_an_order_is_found_by_its_id_and_raises_no_receive_count(
    lab: Lab, pattern: str
) -> None:
    # Given somebody else's messages where failed ones end: one before, one while we wait
    key, due_s = PATTERNS[pattern]
    url = lab.outputs(pattern)[key]
    foreign(lab, url, "other")
    orders = send(
        lab, pattern, **{f"good-{pattern}": GOOD, f"flaky-{pattern}": FLAKY, f"bad-{pattern}": BAD}
    )
    # When somebody waits for the end of ours
    waited = lab.wait_for_end(pattern, orders)
    # Then each is known by its own id, when AWS's rules say so
    good, flaky, bad = orders
    assert waited.value == {good: "processed", flaky: "processed", bad: "given up"}
    assert due_s - 1 <= waited.aws_s <= due_s + 10 + lab.session.lateness.longest_s
    # And the message shows what the lesson says: its receives, and this one look
    was_received = 3 if pattern == "SqsDlq" else 0
    if lab.session.lateness.longest_s:
        lab.clock.sleep(60)
    assert receives(lab, url) == {"bad": was_received + 1, "other": 1}
    # And a second wait for the same costs no time worth speaking of
    assert lab.wait_for_end(pattern, orders).aws_s <= lab.session.lateness.longest_s + 10
    lab.client("sqs").purge_queue(QueueUrl=url)
    lab.clock.sleep(61)


def test_a_message_that_comes_meanwhile_is_not_taken_for_ours(lab: Lab) -> None:
    url = lab.outputs("SqsDlq").SourceQueueDlqUrl
    (bad,) = send(lab, "SqsDlq", **{"bad-alone": BAD})
    lab.clock.sleep(20)
    foreign(lab, url, "other")
    waited = lab.wait_for_end("SqsDlq", bad)
    assert waited.aws_s >= 69
    lab.client("sqs").purge_queue(QueueUrl=url)
    lab.clock.sleep(61)


def test_a_message_that_the_function_never_saw_is_looked_for_where_it_ends(lab: Lab) -> None:
    # Given a function that may not run at all
    out, client = lab.outputs("LambdaDlq"), lab.client("lambda")
    client.put_function_concurrency(FunctionName=out.FunctionName, ReservedConcurrentExecutions=0)
    try:
        (order,) = send(lab, "LambdaDlq", **{"good-unseen": GOOD})
        # When somebody waits for its end, then it is found
        waited = lab.wait_for_end("LambdaDlq", order)
        assert waited.value == {order: "given up"}
    finally:
        client.delete_function_concurrency(FunctionName=out.FunctionName)


def test_an_order_that_is_sent_again_is_known_by_its_new_message(lab: Lab) -> None:
    (order,) = send(lab, "SqsDlq", **{"twice": {"fault": {"kind": "raise", "until_attempt": 2}}})
    lab.wait_for_end("SqsDlq", order)
    since = lab.clock.now()
    lab.clock.sleep(1)
    send(lab, "SqsDlq", **{"twice": BAD})
    assert lab.wait_for_end("SqsDlq", order, since=since).value == {order: "given up"}
    assert lab.clock.now() - since >= timedelta(seconds=89)
