"""The workshop's tools on an embedded AWS that shows facts as late as AWS does."""

import json
from collections.abc import Iterator

import pytest

import workshop
from tests.scenarios.test_workshop_package import BAD, FLAKY, GOOD, send
from workshop import connection, workbench
from workshop.lab import Lab
from workshop.target import embedded
from workshop.target.run_state import RunState

PATTERNS = ["SqsDlq", "LambdaDestinations", "LambdaDlq"]
FAILURE = {
    "SqsDlq": "source queue's DLQ",
    "LambdaDestinations": "on-failure destination",
    "LambdaDlq": "function's DLQ",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab on an embedded AWS of its own that is late, with the patterns deployed."""
    project = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch, embedded.own(project, lateness=17):
        patch.setattr(connection, "PROJECT", project)
        yield workshop.connect()


def test_nothing_is_believed_before_it_is_seen_and_in_the_end_the_picture_is_whole(
    lab: Lab,
) -> None:
    # Given a good, a flaky and a bad order in each pattern
    for pattern in PATTERNS:
        orders = send(lab, pattern, good=GOOD, flaky=FLAKY, bad=BAD)
    # When somebody looks again and again while they go their way
    seen = []
    waits = set()
    for _ in range(26):
        found = workshop.ledger(lab, PATTERNS, orders)
        seen.append(found.summary.set_index("pattern"))
        waits |= set(found.orders["why"][found.orders["why"].str.startswith("waiting for")])
        # Then it balances and nothing is lost at any moment, and no bad order is processed
        assert found.balances
        assert found.counts["lost"] == 0, repr(found)
        bad = found.orders[found.orders["order_id"] == "bad"]
        assert "processed" not in set(bad["state"]), repr(found)
        # And only what the log shows by then is believed (a destination is seen at once)
        for pattern in ("SqsDlq", "LambdaDlq"):
            assert seen[-1].loc[pattern, "processed"] <= successes_shown(lab, pattern, orders)
        lab.clock.sleep(12)
    # And it began before the logs showed all of them, and said what it waited for
    assert all(seen[0].loc[["SqsDlq", "LambdaDlq"], "processed"] < 2)
    assert any("until" in why for why in waits)
    # And in the end it is what it is where nothing is late
    late = workshop.ledger(lab, PATTERNS, orders)
    assert str(late) == (
        "sent 9 = processed 6 + source queue's DLQ 1 + on-failure destination 1 + "
        "function's DLQ 1 + in flight 0 + lost 0"
    )


def successes_shown(lab: Lab, pattern: str, order_ids: list[str]) -> int:
    """How many of these orders CloudWatch Logs shows to have been processed, at this moment."""
    pages = lab.client("logs").get_paginator("filter_log_events")
    group = lab.outputs(pattern).LogGroupName
    lines = [
        event["message"] for page in pages.paginate(logGroupName=group) for event in page["events"]
    ]
    records = [json.loads(line) for line in lines if line.startswith("{")]
    ok = {record["order_id"] for record in records if record.get("outcome") == "ok"}
    return len(ok & set(order_ids))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_attempts_lanes_and_the_story_are_those_of_a_punctual_target(
    lab: Lab, pattern: str
) -> None:
    orders = send(lab, pattern, **{f"{name}-{pattern}": order for name, order in ORDERS.items()})
    good, flaky, bad = orders
    waited = lab.wait_until(
        lambda: {bad} == set(lab.arrivals(pattern, order_ids=[bad])["order_id"]), "bad is there"
    )
    assert waited.aws_s < 300
    lab.clock.sleep(31)
    # Then every attempt has its own outcome
    attempts = lab.attempts(pattern, order_ids=orders)
    told = attempts.groupby("order_id")["outcome"].agg(list).to_dict()
    assert told == {
        good: ["ok"],
        flaky: ["error", "error", "ok"],
        bad: ["error", "error", "error"],
    }
    # And the timeline counts as it does elsewhere
    arrivals = lab.arrivals(pattern, order_ids=orders)
    drawn = workshop.timeline(attempts, arrivals, settings=lab.settings(pattern))
    assert drawn.counts["processed"] == 2
    assert drawn.counts[FAILURE[pattern]] == 1
    # And the bad order's story is whole
    events = workshop.trace(lab, bad, pattern=pattern).events
    assert [what[:9] for what in events["what"] if what.startswith("attempt")] == [
        "attempt 1",
        "attempt 2",
        "attempt 3",
    ]
    assert f"it ended in the {FAILURE[pattern]}" in set(events["what"])


ORDERS = {"good": GOOD, "flaky": FLAKY, "bad": BAD}


def test_an_order_that_nothing_keeps_is_lost_when_no_evidence_can_come_any_more(lab: Lab) -> None:
    # Given an order that is deleted from its queue before it is received a second time
    url = lab.outputs("SqsDlq").SourceQueueUrl
    (order,) = send(lab, "SqsDlq", vanishes=BAD)
    lab.clock.sleep(8)
    lab.client("sqs").purge_queue(QueueUrl=url)
    sent_by = lab.clock.now()
    # When somebody looks
    early = workshop.ledger(lab, "SqsDlq", [order], sent_by=sent_by)
    assert early.counts["lost"] == 0
    # Then it is lost only after its receives, and their log, could have been seen
    lab.clock.sleep(120)
    assert workshop.ledger(lab, "SqsDlq", [order], sent_by=sent_by).counts["lost"] == 0
    lab.clock.sleep(180)
    assert workshop.ledger(lab, "SqsDlq", [order], sent_by=sent_by).counts["lost"] == 1


def test_a_late_embedded_aws_says_so(lab: Lab) -> None:
    info = json.loads(RunState(connection.PROJECT).info_file.read_text())
    assert info["lateness"] == "17"
    assert lab.session.lateness.logs_s == 30


def test_a_temporary_dlq_takes_what_sns_gives_up_from_its_first_second(lab: Lab) -> None:
    # Given a topic that may not invoke its function, and what is published at once
    temporary = workbench.Bench(lab, "late")
    rig = temporary.behind_topic("forbidden", permitted=False)
    lab.client("sns").publish(TopicArn=rig.source, Message="m")
    lab.clock.sleep(5)
    # Then the subscription's DLQ has it, although a policy that is changed takes up to a minute
    [message] = lab.messages(rig.ends["subscription's DLQ"])
    assert json.loads(message["Body"])["Message"] == "m"
    temporary.clear()
