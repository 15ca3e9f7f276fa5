"""Behind whom a message of a FIFO queue waits, read off the same evidence as its attempts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from tests.unit.workshop.player.runs import SQS, moved
from workshop.evidence.arrivals import arrivals_table
from workshop.evidence.attempts import attempts_table
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.queues import QueueCounts
from workshop.player.facts import facts_of
from workshop.stage.live import SentMessage, live_facts
from workshop.stage.moments import cut, moments_of
from workshop.stage.receives import FirstSeen, SeenOnPath, UnloggedReceives

BEGIN = datetime.fromtimestamp(T0_MS / 1000, UTC)
HIDDEN = "behind b-1 of its group, which its visibility timeout hides"
Spans = list[tuple[float, float, str]]


def tried(
    order: str, at_ms: int, count: int = 1, *, is_ok: bool = True, group: str = "b", **more: Any
) -> list[dict[str, Any]]:
    """An attempt at an order of a message group; "" is one of a queue without groups."""
    said = {"message_group_id": group} if group else {}
    line = record(
        f"m-{order}",
        order,
        receive_count=count,
        sent_at_ms=T0_MS,
        outcome="ok" if is_ok else "error",
        **said,
    )
    error = None if is_ok else "ValueError: no"
    return invocation(at_ms, f"{order}{count}", line, error=error, stream=order, **more)


def blocked(group: str = "b") -> list[list[dict[str, Any]]]:
    """b-1 fails three times and is moved after 90 s; until then nobody receives b-2 and b-3."""
    at = [tried("b-1", 100 + n * 30_000, n + 1, is_ok=False, group=group) for n in range(3)]
    return [
        *at,
        tried("b-2", 90_200, group=group),
        tried("b-3", 90_300, group=group),
        tried("a-1", 200, group=group and "a"),
    ]


def facts(invocations: Sequence[list[dict[str, Any]]], *lying: dict[str, Any]) -> dict[str, Any]:
    attempts = attempts_table(logs(*invocations))
    arrivals = arrivals_table({"source queue's DLQ": lying})
    return facts_of({"": (make_lanes(attempts, arrivals, SQS, None), attempts, arrivals, SQS)})


def waits(run: Mapping[str, Any], name: str) -> Spans:
    [message] = [one for one in run["runs"][0]["messages"] if one["name"] == name]
    return [(one["start_s"], one["end_s"], one["told"]) for one in message["waits"]]


def test_who_is_behind_a_hidden_one_waits_for_its_visibility_timeout() -> None:
    found = facts(blocked(), moved("b-1", 4))
    spans = [(0.103, 30.1, HIDDEN), (30.103, 60.1, HIDDEN), (60.103, 90.1, HIDDEN)]
    assert waits(found, "b-2") == spans
    # And the one behind both waits for the same, as the one before it is tried but for a moment
    assert waits(found, "b-3") == spans
    [message] = [one for one in found["runs"][0]["messages"] if one["name"] == "b-2"]
    first = message["waits"][0]
    assert first["cause"] == "behind b-1 of its group 30 s"
    assert (first["setting"], first["set_s"], first["behind"]) == ("VisibilityTimeout", 30, "m-b-1")


def test_who_is_first_in_its_group_waits_for_nobody() -> None:
    found = facts(blocked(), moved("b-1", 4))
    assert [told for *_, told in waits(found, "b-1")] == ["hidden by its visibility timeout"] * 3
    assert waits(found, "a-1") == []


def test_in_a_queue_without_an_order_nobody_waits_behind_another_one() -> None:
    # Given the same attempts, and no groups in the log
    found = facts(blocked(group=""), moved("b-1", 4))
    assert waits(found, "b-2") == [(0.0, 90.2, "waiting in the queue to be received")]


def test_an_attempt_that_takes_its_time_holds_those_behind_it_back() -> None:
    # Given one that is tried for five seconds, hidden for the rest, and done at its second attempt
    slow = tried("b-1", 100, is_ok=False, duration_ms=5_000.0)
    found = facts([slow, tried("b-1", 30_100, 2), tried("b-2", 34_000)])
    assert waits(found, "b-2") == [
        (0.1, 5.1, "behind b-1 of its group, which is tried"),
        (5.1, 30.1, HIDDEN),
        # And then nobody is in front of it, but it has to be received
        (30.1, 34.0, "waiting in the queue to be received"),
    ]


def live(at_s: float) -> dict[str, Any]:
    """What a stage knows of b-1 and b-2 at a time after the first attempt, 100 ms after sending."""
    sent = [SentMessage("A", f"m-b-{n}", f"b-{n}", BEGIN, group="b") for n in (1, 2)]
    attempts = attempts_table(logs(tried("b-1", 100, is_ok=False)))
    arrivals = arrivals_table({})
    counts = {"queue": QueueCounts(1, 1, 0)}
    at = BEGIN + timedelta(seconds=at_s)
    seen = SeenOnPath(attempts, arrivals, SQS, counts, at)
    return live_facts(sent, {"A": seen}, BEGIN, {"A": UnloggedReceives()}, {"A": FirstSeen()})


def test_on_the_stage_it_is_told_while_it_lasts_and_for_how_long_still() -> None:
    found = live(3)
    assert waits(found, "b-2") == [(0.103, 30.1, HIDDEN)]
    # At the moment at which the other one is tried nothing of it is told, and afterwards it is
    at = {moment.until_s: waits(cut(found, moment), "b-2") for moment in moments_of(found)}
    assert at[0.1] == []
    assert at[0.103] == [(0.103, 30.1, HIDDEN)]


def test_who_goes_back_on_the_stage_sees_what_it_waited_for_then() -> None:
    found = facts(blocked(), moved("b-1", 4))
    at = {moment.until_s: waits(cut(found, moment), "b-2") for moment in moments_of(found)}
    assert at[30.103] == [(0.103, 30.1, HIDDEN), (30.103, 60.1, HIDDEN)]
    assert at[60.103][-1] == (60.103, 90.1, HIDDEN)
