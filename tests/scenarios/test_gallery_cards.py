"""Failures of the gallery that leave their own kind of evidence, on temporary resources."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from workshop import gallery
from workshop.lab import Lab
from workshop.workbench import READING, WRITING, Bench, package


@pytest.fixture
def bench(lab: Lab) -> Iterator[Bench]:
    made = Bench(lab, "cards")
    yield made
    assert made.clear().endswith("0 left")


def looked_at(lab: Lab, sent: gallery.Sent, seconds: float = 1200) -> gallery.Case:
    lab.clock.sleep(seconds, "metrics of a new queue come up to 15 minutes late")
    [case] = gallery.look(lab, {"it": [sent]})["it"]
    return case


GOOD: dict[str, Any] = {"order_id": "good", "pass": True}


def test_a_filter_deletes_what_it_does_not_want(lab: Lab, bench: Bench) -> None:
    rig = bench.behind_queue("filtered")
    lab.client("lambda").update_event_source_mapping(
        UUID=rig.mapping,
        FilterCriteria={"Filters": [{"Pattern": json.dumps({"body": {"shop": ["Bonn"]}})}]},
        MetricsConfig={"Metrics": ["EventCount"]},
    )
    lab.clock.sleep(60, "a change of a mapping applies")
    case = looked_at(lab, gallery.send(lab, rig, GOOD))
    assert (case.is_lost, case.runs_at_s, case.in_log) == (True, (), ())
    assert [told.split(" (")[0] for told in case.elsewhere] == [
        "metric FilteredOutEventCount 1",
        "metric NumberOfMessagesSent 1",
        "metric NumberOfMessagesDeleted 1",
    ]


def test_a_missing_module_names_no_message_of_a_queue(lab: Lab, bench: Bench) -> None:
    rigs = [bench.behind_queue("unpacked"), bench.asynchronous("unpacked", retries=0)]
    for rig in rigs:
        bench.redeploy(str(rig.function), "import payments_client\n")
    queue, event = [looked_at(lab, gallery.send(lab, rig, GOOD)) for rig in rigs]
    assert queue.in_log[0] == "crash (Runtime.ImportModuleError), 3 times"
    assert "no line names the message" in queue.in_log
    assert queue.ended == "source queue's DLQ"
    assert event.in_log[0] == "crash (Runtime.ImportModuleError), once"
    assert "payments_client" in event.elsewhere[0]


def test_a_loop_is_stopped_and_ends_in_the_dlq(lab: Lab, bench: Bench) -> None:
    rig = bench.behind_queue("loop", code=package("loop"), may=(*READING, *WRITING))
    case = looked_at(lab, gallery.send(lab, rig, GOOD, follow=True))
    assert len(case.runs_at_s) == 16
    assert list(case.runs_at_s) == sorted(case.runs_at_s)
    assert case.who == "nobody: the function sent it again"
    assert case.ended == "source queue's DLQ"
    assert "RecursiveInvocationsDropped" in case.elsewhere[-1]


def test_who_cannot_read_lets_the_oldest_message_grow_old(lab: Lab, bench: Bench) -> None:
    rig = bench.behind_queue("unread")
    lab.client("iam").delete_role_policy(RoleName=rig.role, PolicyName="may")
    lab.clock.sleep(60, "a change of a role applies")
    case = looked_at(lab, gallery.send(lab, rig, GOOD))
    assert case.is_waiting
    assert "ApproximateAgeOfOldestMessage up to" in case.elsewhere[-1]


def test_what_expired_was_sent_and_nobody_deleted_it(lab: Lab, bench: Bench) -> None:
    rig = bench.unread_queue("short", retention_s=60)
    case = looked_at(lab, gallery.send(lab, rig, GOOD))
    assert case.is_lost
    assert case.elsewhere == ("metric NumberOfMessagesSent 1 (sent to the queue)",)
