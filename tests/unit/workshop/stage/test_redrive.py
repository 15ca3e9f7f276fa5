"""A redrive on the stage: the newest message of an order, and what one timeline can show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from tests.unit.workshop.player.runs import SQS, receive, three_orders
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.queues import QueueCounts
from workshop.stage import scripts
from workshop.stage.live import SentMessage, live_facts
from workshop.stage.moments import moments_of
from workshop.stage.moving_back import DLQ, GivenUp, lying_only, on_one_clock, told_of
from workshop.stage.receives import FirstSeen, SeenOnPath, UnloggedReceives

BEGIN = datetime.fromtimestamp(T0_MS / 1000, UTC)


def bad() -> dict[str, Any]:
    """The facts of an order that lies in the DLQ."""
    return next(one for one in three_orders()["runs"][0]["messages"] if one["name"] == "bad")


def again(number: int, count: int, at_s: int) -> list[dict[str, Any]]:
    """A receive of what a redrive made of the order, which has an id of its own."""
    line = record(f"m-bad-{number}", "bad", receive_count=count, sent_at_ms=T0_MS)
    return invocation(at_s * 1000, f"{number}x{count}", line, error="ValueError: no", stream="bad")


def look(
    past: dict[str, Any],
    redriven_s: int,
    at_s: int,
    *lines: list[dict[str, Any]],
    in_flight: int = 1,
) -> Any:
    attempts = attempts_table(logs(*lines))
    arrivals = arrivals_table({DLQ: []})
    counts = {"queue": QueueCounts(0, in_flight, 0)}
    seen = SeenOnPath(attempts, arrivals, SQS, counts, BEGIN + timedelta(seconds=at_s))
    sent = [SentMessage("A", "", "bad", BEGIN + timedelta(seconds=redriven_s), past, DLQ)]
    receives, arrived = {"A": UnloggedReceives()}, {"A": FirstSeen()}
    return live_facts(sent, {"A": seen}, BEGIN, receives, arrived)["runs"][0]["messages"][0]


def test_a_second_redrive_shows_the_newest_message_and_nothing_of_the_first_one() -> None:
    # Given an order that was redriven once, and tried in vain as another message
    three = [receive("bad", n, "error") for n in (1, 2, 3)]
    first = [again(1, n, 91 + 30 * n) for n in (1, 2, 3)]
    once = look(bad(), 120, 182, *three, *first)
    assert once["ids"] == ["m-bad", "m-bad-1"]
    # When it is redriven once more, and that message was tried once
    twice = look(once, 240, 242, *three, *first, again(2, 1, 241))
    # Then that attempt alone is new, at its own time
    new = twice["attempts"][len(once["attempts"]) :]
    assert [(one["number"], one["start_s"]) for one in new] == [(1, 241.0)]
    assert twice["ids"] == ["m-bad", "m-bad-1", "m-bad-2"]
    # And until then nothing but the move is
    moved = look(once, 240, 240, *three, *first, in_flight=0)
    assert [step[1] for step in moved["steps"][len(once["steps"]) :]] == ["redriven"]


def test_what_several_scenes_have_left_begins_as_what_lies_in_the_dlq() -> None:
    # Given orders of two scenes, an hour apart
    now = BEGIN + timedelta(hours=2)
    sent = SentMessage("A", "m-bad", "bad", BEGIN)
    one = GivenUp(sent, BEGIN, bad())
    other = GivenUp(sent, BEGIN + timedelta(hours=1), bad())
    # Then the hour is not drawn
    for found in on_one_clock([one, other], now):
        assert found.begin < now < found.begin + timedelta(seconds=0.1)
        assert found.facts["steps"] == [(0.0, "arrived", DLQ, "kept", 0)]
        assert (found.facts["attempts"], found.facts["waits"]) == ([], [])
    # And of one scene its story is
    assert on_one_clock([one, one], now) == [one, one]
    # But not that of every redrive before
    redriven = GivenUp(sent, BEGIN, {**bad(), "redriven_from": DLQ})
    assert len(on_one_clock([redriven], now)[0].facts["steps"]) == 1


def test_what_begins_in_the_dlq_is_moved_back_and_tried_as_any_other() -> None:
    message = look(lying_only(bad()), 0, 31, again(1, 1, 1))
    kinds = [step[1] for step in message["steps"]]
    assert kinds[:3] == ["arrived", "redriven", "attempt"]
    times = [step[0] for step in message["steps"]]
    assert times == sorted(times)
    first, second, *_ = moments_of({"runs": [{"messages": [message]}]})
    assert (first.until_s, second.steps[0, 0]) == (0.0, 2)


def test_a_redrive_says_that_aws_moves_all_or_none() -> None:
    some = told_of(3, is_repaired=True, is_all=False)
    assert "start-message-move-task cannot choose; the stage sends these 3 itself." in some
    assert "cannot choose" not in told_of(3, is_repaired=True, is_all=True)
    assert told_of(1, is_repaired=False, is_all=False).startswith("Nothing was repaired")
    assert any("all or none" in one for one in scripts.scripts()["redrive"].points)
