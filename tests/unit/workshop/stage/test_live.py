"""Facts of a scene that goes on: nothing of what comes, receives without a log line, a redrive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.workshop.log_events import T0_MS, logs
from tests.unit.workshop.player.runs import SQS, moved, receive, tables, three_orders
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.behind import carrying
from workshop.evidence.lanes import Lane
from workshop.evidence.queues import QueueCounts
from workshop.evidence.retry_settings import RetrySettings
from workshop.stage.live import SentMessage, live_facts, with_pending
from workshop.stage.moments import cut, is_over, moments_of, payoff
from workshop.stage.receives import FirstSeen, SeenOnPath, UnloggedReceives

BEGIN = datetime.fromtimestamp(T0_MS / 1000, UTC)


def look(
    sent: list[SentMessage],
    receives: dict[str, UnloggedReceives],
    *,
    at_s: float,
    in_flight: int,
    visible: int = 0,
    whole: bool = False,
    settings: RetrySettings = SQS,
) -> dict[str, Any]:
    """The facts so many seconds after the beginning, from empty tables or those of three orders."""
    attempts, arrivals = tables()
    if not whole:
        attempts, arrivals = attempts.head(0), arrivals.head(0)
    at = BEGIN + timedelta(seconds=at_s)
    counts = {"queue": QueueCounts(visible, in_flight, 0)}
    return live_facts(
        sent,
        {"A": SeenOnPath(attempts, arrivals, settings, counts, at)},
        BEGIN,
        receives,
        {"A": FirstSeen()},
    )


def test_each_moment_shows_nothing_of_the_next_one() -> None:
    facts = three_orders()
    moments = moments_of(facts)
    # As they begin, all attempts still run, and no outcome, end or arrival is known
    first = next(
        shown
        for shown in (cut(facts, moment) for moment in moments)
        if any(message["attempts"] for message in shown["runs"][0]["messages"])
    )
    for message in first["runs"][0]["messages"]:
        assert [one["outcome"] for one in message["attempts"]] == ["running"]
        assert (message["arrivals"], message["fate"], message["payload"]) == ([], "in flight", None)
        assert all(wait["end_s"] <= first["runs"][0]["end_s"] for wait in message["waits"])
    assert not is_over(first)
    # The last moment is all of it
    last = cut(facts, moments[-1])
    assert last["runs"][0]["messages"] == facts["runs"][0]["messages"]
    assert last["runs"][0]["counts"] == facts["runs"][0]["counts"]
    assert is_over(last)


def test_what_is_gathered_for_a_batch_waits_for_its_window() -> None:
    # Given a message that was sent this moment, to a mapping that gathers for two seconds
    lane = Lane("id-1", "good", (), (), (), None, (), sent_at=BEGIN)
    settings = replace(SQS, batching_window_s=2.0)
    [wait] = with_pending(lane, settings, 0.1).waits
    assert (wait.start_s, wait.end_s, wait.cause) == (0.0, 2.0, "batching window 2 s")
    # Then it says so, with an end that is known before it has come
    sent = [SentMessage("A", "id-1", "good", BEGIN)]
    found = look(sent, {"A": UnloggedReceives()}, at_s=0.1, in_flight=0, settings=settings)
    [seen] = [cut(found, moment) for moment in moments_of(found)]
    [told] = seen["runs"][0]["messages"][0]["waits"]
    assert (told["end_s"], told["told"]) == (
        2.0,
        "gathered by the batching window",
    )
    # And without a window, or when that is over, nothing is foretold
    assert with_pending(lane, SQS, 0.1).waits == with_pending(lane, settings, 2.0).waits == ()


def test_no_wait_is_drawn_behind_an_attempt_that_still_runs() -> None:
    # Given attempts that took no more than a millisecond
    facts = three_orders()
    [bad] = [one for one in facts["runs"][0]["messages"] if one["name"] == "bad"]
    for attempt, wait in zip(bad["attempts"], bad["waits"], strict=False):
        attempt["end_s"] = wait["start_s"] = attempt["start_s"] + 0.001
    bad["waits"][0]["cause"] = "retry delay 30 s"
    bad["steps"] = [
        (round(bad["attempts"][step[4]]["end_s"], 3), *step[1:]) if step[1] == "ended" else step
        for step in bad["steps"]
    ]
    # When the moments are gone through, as one does who goes back
    seen = set()
    for moment in moments_of(facts):
        shown = cut(facts, moment)["runs"][0]["messages"]
        message = next(one for one in shown if one["name"] == "bad")
        running = [one["start_s"] for one in message["attempts"] if one["outcome"] == "running"]
        seen |= {len(running)}
        # Then what is to come of an attempt is not there while it runs
        assert not [one for one in message["waits"] if running and one["start_s"] >= running[0]]
    assert seen == {0, 1}


def test_the_moments_are_as_many_as_those_at_which_something_happened() -> None:
    facts = three_orders()
    made = [sum(moment.steps.values()) for moment in moments_of(facts)]
    assert made == sorted(set(made))
    assert made[-1] == sum(len(one["steps"]) for one in facts["runs"][0]["messages"])


def test_the_pay_off_counts_every_message_once() -> None:
    facts = three_orders()
    first, last = (cut(facts, moments_of(facts)[number]) for number in (0, -1))
    assert [number for _, number, _ in payoff(first)] == [3, 0, 0, 3, 0]
    assert [number for _, number, _ in payoff(last)] == [3, 2, 1, 0, 0]
    assert payoff(last)[2] == ("in a DLQ", 1, "kept")
    # And it has one word for where they are given up, before and after something is
    assert payoff(first)[2][0] == "in a DLQ"
    places = [{"id": "on-failure destination", "kind": "failure"}]
    for more in ([], [{"id": "subscription's DLQ", "kind": "failure"}]):
        for kept in ([], [(0, "arrived", "on-failure destination", "kept", 0)]):
            run = {"messages": [{"steps": kept}], "places": [*places, *more]}
            assert payoff({"runs": [run]})[2][0] == "in on-failure"
    # And where one lies in a DLQ and another one in a destination, neither word is used for both
    steps = [[(0, "arrived", place, "kept", 0)] for place in ("DLQ", "on-failure destination")]
    both = {"runs": [{"messages": [{"steps": one} for one in steps]}]}
    assert payoff(both)[2] == ("kept aside", 2, "kept")


def test_a_message_that_was_only_sent_waits_in_its_queue() -> None:
    facts = look(
        [SentMessage("A", "m1", "one", BEGIN)],
        {"A": UnloggedReceives()},
        at_s=0,
        in_flight=0,
        visible=1,
    )
    [message] = facts["runs"][0]["messages"]
    assert [step[1:4] for step in message["steps"]] == [("sent", "queue", "waiting")]
    assert facts["runs"][0]["others"] == {}


def test_a_receive_without_a_log_line_is_seen_when_it_happens_and_counted_down() -> None:
    # Given an outage: in flight without an attempt, and so again after the visibility timeout
    sent, receives = [SentMessage("A", "m1", "one", BEGIN)], {"A": UnloggedReceives()}
    first = look(sent, receives, at_s=0, in_flight=1)["runs"][0]["messages"][0]
    held = look(sent, receives, at_s=20, in_flight=1)["runs"][0]["messages"][0]
    again = look(sent, receives, at_s=30, in_flight=1)["runs"][0]["messages"][0]
    # Then each receive is told once, with what hides the message now
    assert [one["receive"] for one in first["unseen"]] == [1]
    assert held["unseen"] == first["unseen"]
    assert [(one["at_s"], one["receive"]) for one in again["unseen"]] == [(0.0, 1), (30.0, 2)]
    assert (held["waits"][-1]["end_s"], again["waits"][-1]["end_s"]) == (30.0, 60.0)
    # And what hid it before is a wait as well
    assert [(one["start_s"], one["end_s"]) for one in again["waits"]] == [(0, 30), (30, 60)]


def test_where_time_runs_a_log_line_may_still_come() -> None:
    sent, receives = [SentMessage("A", "m1", "one", BEGIN)], UnloggedReceives()
    empty, arrivals = (table.head(0) for table in tables())
    found = []
    for at_s in (0, 3, 7):
        at, counts = BEGIN + timedelta(seconds=at_s), {"queue": QueueCounts(0, 1, 0)}
        seen = {"A": SeenOnPath(empty, arrivals, SQS, counts, at, patience_s=6)}
        message = live_facts(sent, seen, BEGIN, {"A": receives}, {"A": FirstSeen()})["runs"][0][
            "messages"
        ][0]
        found.append(len(message["unseen"]))
    assert found == [0, 0, 1]


def test_an_attempt_whose_outcome_is_late_still_runs() -> None:
    # Given an attempt that is over, of which no line says yet how it ended
    sent, (attempts, arrivals) = [SentMessage("A", "m-bad", "bad", BEGIN)], tables()
    first = attempts[attempts["message_id"] == "m-bad"].head(1).assign(outcome="not known yet")
    at, counts = BEGIN + timedelta(seconds=5), {"queue": QueueCounts(0, 1, 0)}
    seen = {"A": SeenOnPath(first, arrivals.head(0), SQS, counts, at, patience_s=32)}
    facts = live_facts(sent, seen, BEGIN, {"A": UnloggedReceives()}, {"A": FirstSeen()})
    # Then no end is told, and the message is at the function
    [message] = facts["runs"][0]["messages"]
    assert [step[1] for step in message["steps"]] == ["sent", "attempt"]
    assert [one["outcome"] for one in message["attempts"]] == ["running"]
    assert payoff(facts)[3] == ("under way", 1, "plain")


def test_each_receive_has_its_own_patience() -> None:
    # Given a log that is late, and a receive whose line came when it was almost given up
    sent, receives = [SentMessage("A", "m-bad", "bad", BEGIN)], UnloggedReceives()
    attempts, arrivals = tables()
    first = attempts[attempts["message_id"] == "m-bad"].head(1)
    found = []
    for at_s, tried in ((0, first.head(0)), (30, first.head(0)), (31, first), (36, first)):
        at, counts = BEGIN + timedelta(seconds=at_s), {"queue": QueueCounts(0, 1, 0)}
        seen = {"A": SeenOnPath(tried, arrivals.head(0), SQS, counts, at, patience_s=32)}
        message = live_facts(sent, seen, BEGIN, {"A": receives}, {"A": FirstSeen()})["runs"][0][
            "messages"
        ][0]
        found.append((len(message["attempts"]), len(message["unseen"])))
    # Then the next receive is not given up at once: its line may come as late
    assert found == [(0, 0), (0, 0), (1, 0), (1, 0)]


def test_what_was_told_stays_told_when_what_came_before_it_is_seen_later() -> None:
    # Given a DLQ that showed a message before the log showed its last attempts
    whole = three_orders()
    [n] = [n for n, one in enumerate(whole["runs"][0]["messages"]) if one["name"] == "bad"]
    bad = whole["runs"][0]["messages"][n]
    early = [step for step in bad["steps"] if step[0] < 1] + [bad["steps"][-1]]
    before = {**whole, "runs": [{**whole["runs"][0], "messages": [{**bad, "steps": early}]}]}
    after = {**whole, "runs": [{**whole["runs"][0], "messages": [bad]}]}
    shown = moments_of(before)
    # When the log tells of them
    again = moments_of(after, shown)
    # Then it has arrived still, nothing more is to be told, and no other step is news of then
    assert len(again) == len(shown)
    last = cut(after, again[-1], again[-2])["runs"][0]
    assert last["messages"][0]["steps"] == bad["steps"]
    assert last["told_before"] == [len(bad["steps"]) - 1]
    assert payoff({"runs": [last]})[2] == ("in a DLQ", 1, "kept")


def test_messages_of_others_are_counted_and_not_told() -> None:
    sent = [SentMessage("A", "m-good", "good", BEGIN)]
    facts = look(sent, {"A": UnloggedReceives()}, at_s=0, in_flight=0, visible=4, whole=True)
    assert [one["name"] for one in facts["runs"][0]["messages"]] == ["good"]
    assert facts["runs"][0]["others"] == {"queue": 4}


def test_a_redrive_goes_from_the_dlq_to_the_queue_as_one_message() -> None:
    # Given an order that was given up, and what a redrive made of it, which nobody has tried yet
    past = next(one for one in three_orders()["runs"][0]["messages"] if one["name"] == "bad")
    at = BEGIN + timedelta(seconds=120)
    old = SentMessage("A", "m-bad", "bad", BEGIN)
    new = SentMessage("A", "", "bad", at, past, "source queue's DLQ")
    facts = look([old, new], {"A": UnloggedReceives()}, at_s=120, in_flight=0, visible=1)
    # Then it is one message that was moved back
    [message] = facts["runs"][0]["messages"]
    told = [step[1:4] for step in message["steps"]]
    assert told[-2:] == [
        ("arrived", "source queue's DLQ", "kept"),
        ("redriven", "queue", "waiting"),
    ]
    assert told[0] == ("sent", "queue", "waiting")
    assert message["redriven_from"] == "source queue's DLQ"
    arrow = {"from": "source queue's DLQ", "to": "queue", "kind": "redrive"}
    assert arrow in facts["runs"][0]["arrows"]
    assert payoff(facts)[0] == ("sent", 1, "plain")


def test_an_empty_run_claims_nothing() -> None:
    empty = look([], {"A": UnloggedReceives()}, at_s=0, in_flight=0)
    assert (empty["runs"][0]["messages"], empty["runs"][0]["counts"]) == ([], {})
    assert moments_of(empty) == []
    assert not is_over(empty)


def test_what_is_sent_together_is_one_moment_although_some_is_received_meanwhile() -> None:
    facts = {"runs": [{"messages": [{"steps": steps} for steps in (
        [(0.0, "sent"), (0.01, "attempt"), (0.3, "ended")],
        [(0.02, "sent"), (0.03, "attempt"), (0.31, "ended")],
    )]}]}  # fmt: skip
    first, second, third = moments_of(facts)
    assert list(first.steps.values()) == [1, 1]
    assert list(second.steps.values()) == [2, 2]
    # And time does not go back
    assert first.until_s <= second.until_s <= third.until_s


def test_a_moment_that_was_shown_is_not_told_again_with_what_came_a_little_later() -> None:
    def of(*messages: list[tuple[float, str]]) -> dict[str, Any]:
        return {"runs": [{"messages": [{"steps": steps} for steps in messages]}]}

    # Given an attempt that began, which was shown
    shown = moments_of(of([(0.0, "sent"), (0.1, "attempt")], [(0.0, "sent")]))
    # When another one begins within what is usually one moment
    both = of([(0.0, "sent"), (0.1, "attempt")], [(0.0, "sent"), (0.15, "attempt")])
    # Then it is a moment of its own
    assert len(moments_of(both)) == len(shown) == 2
    assert [sum(one.steps.values()) for one in moments_of(both, shown)] == [2, 3, 4]
    # And where a log line told less than a count had, no moment claims more than there is
    assert [sum(one.steps.values()) for one in moments_of(of([(0.0, "sent")], []), shown)] == [1, 1]


def test_a_message_that_its_batch_passed_over_is_told_as_such_while_the_scene_goes_on() -> None:
    # Given a batch that was passed over, of which no attempt and no arrival is known
    attempts, arrivals = tables()
    tried = attempts.head(1)
    skipped = tried.assign(message_id="m2", order_id="two", batch_size=2, receive_count=1)
    attempts = carrying(attempts.head(0), not_tried=skipped)
    at = BEGIN + timedelta(seconds=5)
    seen = SeenOnPath(attempts, arrivals.head(0), SQS, {"queue": QueueCounts(0, 1, 0)}, at)
    sent = [SentMessage("A", "m2", "two", BEGIN)]
    facts = live_facts(sent, {"A": seen}, BEGIN, {"A": UnloggedReceives()}, {"A": FirstSeen()})
    [message] = facts["runs"][0]["messages"]
    assert [(one["receive"], one["batch_size"]) for one in message["unseen"]] == [(1, 2)]
    # And that it was not tried is known when the batch has ended, not when it begins
    at_s = {step[1]: (step[0], step[2], step[3]) for step in message["steps"]}
    assert at_s["unseen"][1:] == ("function", "running")
    assert at_s["passed"][1:] == ("queue", "hidden")
    assert at_s["unseen"][0] < at_s["passed"][0]


def test_what_is_tried_once_more_after_it_was_seen_in_its_dlq_has_arrived_before() -> None:
    # Given an order that was seen in its DLQ after three attempts, and a log line of a fourth
    sent, arrived = [SentMessage("A", "m-bad", "bad", BEGIN)], {"A": FirstSeen()}
    three = [receive("bad", n, "error") for n in (1, 2, 3)]
    found = []
    for at_s, more in ((91, []), (125, [receive("bad", 4, "ok", 120_000)])):
        attempts = attempts_table(logs(*three, *more))
        arrivals = arrivals_table({"source queue's DLQ": [moved("bad", 4)]})
        at, counts = BEGIN + timedelta(seconds=at_s), {"queue": QueueCounts(0, 0, 0)}
        seen = {"A": SeenOnPath(attempts, arrivals, SQS, counts, at)}
        found.append(live_facts(sent, seen, BEGIN, {"A": UnloggedReceives()}, arrived))
    before, after = (one["runs"][0]["messages"][0] for one in found)
    # Then it has arrived when it had, and lies there while it is tried and afterwards
    assert before["steps"][-1] == (90.1, "arrived", "source queue's DLQ", "kept", 0)
    assert after["steps"][:-2] == before["steps"]
    assert after["steps"][-2:] == [
        (120.0, "attempt", "source queue's DLQ", "kept", 3),
        (120.003, "ended", "source queue's DLQ", "kept", 3),
    ]
    # And it has waited for nothing since
    assert after["waits"] == before["waits"]
    assert after["fate"] == "source queue's DLQ"
    # What was shown stays shown, and what is new is a moment of its own
    shown = moments_of(found[0])
    assert [moment.at_s for moment in moments_of(found[1], shown)[len(shown) :]] == [120.0, 120.003]


def test_where_counts_are_old_what_has_left_a_queue_is_not_one_of_another_scene() -> None:
    # Given three orders that are done or in the DLQ after 90 s, and a count of 20 s before that
    sent = [SentMessage("A", f"m-{name}", name, BEGIN) for name in ("good", "flaky", "bad")]
    attempts, arrivals = tables()
    at, counts = BEGIN + timedelta(seconds=95), {"queue": QueueCounts(0, 2, 0)}
    others = []
    for counts_s in (0.0, 60.0):
        seen = {"A": SeenOnPath(attempts, arrivals, SQS, counts, at, counts_s=counts_s)}
        facts = live_facts(sent, seen, BEGIN, {"A": UnloggedReceives()}, {"A": FirstSeen()})
        others.append(facts["runs"][0]["others"])
    # Then it is not told as what lies there of others; a count of now would be
    assert others == [{"queue": 2}, {}]
