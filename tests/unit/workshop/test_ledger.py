"""The ledger's rules: where an order is, decided from what AWS shows."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from workshop.accounting.evidence import Evidence
from workshop.accounting.fates import Fate, fates
from workshop.accounting.ledger import Ledger, orders_table
from workshop.evidence.arrivals import COLUMNS as ARRIVAL_COLUMNS
from workshop.evidence.attempts import COLUMNS as ATTEMPT_COLUMNS
from workshop.evidence.retry_settings import RetrySettings

START = pd.Timestamp(1_700_000_000, unit="s", tz="UTC")
SQS = RetrySettings("sqs", 5, 30.0, 3, batch_size=1, failure_target="source queue's DLQ")
KEPT = RetrySettings(
    "async",
    5,
    maximum_retry_attempts=2,
    maximum_event_age_s=3600,
    failure_target="function's DLQ",
)
NOT_KEPT = RetrySettings("async", 5, maximum_retry_attempts=2, maximum_event_age_s=3600)


def attempt(order_id: str | None, at_s: float, outcome: str = "error", **more: Any) -> Any:
    at = START + pd.Timedelta(seconds=at_s)
    row = {
        "message_id": f"m-{order_id}",
        "order_id": order_id,
        "attempt": 1,
        "started_at": at,
        "ended_at": at + pd.Timedelta(milliseconds=5),
        "duration_ms": 5.0,
        "outcome": outcome,
        "batch_size": 1,
        "request_id": f"r-{order_id}",
        "sent_at": START,
    }
    return row | more


def arrival(order_id: str, target: str, reason: str = "RetriesExhausted") -> Any:
    return {
        "message_id": f"m-{order_id}",
        "order_id": order_id,
        "target": target,
        "reason": reason,
        "sent_at": START,
    }


def evidence(
    settings: RetrySettings,
    *tries: Any,
    arrivals: tuple[Any, ...] = (),
    after_s: float = 1000.0,
    **more: Any,
) -> Evidence:
    now = datetime.fromtimestamp(1_700_000_000 + after_s, UTC)
    return Evidence(
        pd.DataFrame(list(tries), columns=list(ATTEMPT_COLUMNS)).astype(ATTEMPT_COLUMNS),
        pd.DataFrame(list(arrivals), columns=list(ARRIVAL_COLUMNS)).astype(ARRIVAL_COLUMNS),
        settings,
        now,
        **more,
    )


def of_queue(*tries: Any, queued: int, **more: Any) -> Evidence:
    return evidence(SQS, *tries, queued=queued, retention_s=345_600.0, **more)


def states(found: list[Fate]) -> dict[str, str]:
    return {fate.order_id: fate.state for fate in found}


def test_processed_and_dead_lettered_orders_are_told_from_logs_and_queues() -> None:
    found = of_queue(
        attempt("a", 0, "ok"),
        attempt("b", 0),
        queued=0,
        arrivals=(arrival("b", "source queue's DLQ", "maxReceiveCount"),),
    )
    assert states(fates(found)) == {"a": "processed", "b": "dead-lettered"}


def test_what_the_source_queue_still_counts_is_in_flight() -> None:
    assert states(fates(of_queue(attempt("a", 0), queued=1))) == {"a": "in flight"}


def test_an_order_in_no_queue_that_never_succeeded_is_lost_with_the_reason() -> None:
    # Given attempts that failed, an empty source queue and an empty DLQ
    once = fates(of_queue(attempt("a", 0, receive_count=1), queued=0))
    at_limit = fates(of_queue(attempt("a", 0, receive_count=3), queued=0))
    old = fates(of_queue(attempt("a", 0, receive_count=1), queued=0, after_s=400_000))
    # Then it is lost, and what is known about why is said
    assert [fate.state for fate in once + at_limit + old] == ["lost"] * 3
    assert "AWS does not tell which" in once[0].why
    assert "gone from there" in at_limit[0].why
    assert "retention" in old[0].why


def test_when_the_queue_holds_fewer_than_are_open_the_oldest_are_lost() -> None:
    young = attempt("young", 60, sent_at=START + pd.Timedelta(seconds=50))
    found = fates(of_queue(attempt("old", 0), young, queued=1))
    assert states(found) == {"old": "lost", "young": "in flight"}


def test_messages_that_nobody_received_are_counted_without_a_name() -> None:
    *_, last = fates(of_queue(attempt("a", 0, "ok"), queued=5))
    assert (last.state, last.number) == ("in flight", 5)


def test_an_order_without_any_trace_is_lost_only_when_no_queue_has_room_for_it() -> None:
    assert states(fates(of_queue(queued=1), ["ghost"])) == {"ghost": "in flight"}
    assert states(fates(of_queue(queued=0), ["ghost"])) == {"ghost": "lost"}
    # And the place that another open order takes is not its own
    found = fates(of_queue(attempt("a", 0), queued=1), ["ghost"])
    assert states(found) == {"ghost": "lost"}


def test_an_event_is_lost_when_every_attempt_was_made_and_nothing_keeps_it() -> None:
    tries = [attempt("a", at_s) for at_s in (0, 60, 180)]
    assert states(fates(evidence(NOT_KEPT, *tries[:2]))) == {"a": "in flight"}
    (lost,) = fates(evidence(NOT_KEPT, *tries))
    assert lost.state == "lost"
    assert "neither a DLQ nor" in lost.why
    # And seconds after the last attempt its record may still be on its way
    assert states(fates(evidence(KEPT, *tries, after_s=181))) == {"a": "in flight"}
    (gone,) = fates(evidence(KEPT, *tries))
    assert "no longer in the function's DLQ" in gone.why
    (refused,) = fates(evidence(KEPT, *tries, failed_deliveries=1))
    assert "could not write" in refused.why


def test_an_event_sent_again_counts_its_attempts_anew() -> None:
    tries = [attempt("a", at_s) for at_s in (0, 60, 180)]
    again = attempt("a", 500, request_id="r-again")
    (fate,) = fates(evidence(KEPT, *tries, again, after_s=530))
    assert (fate.state, fate.attempts) == ("in flight", 4)


def test_a_dropped_notification_is_lost_only_when_a_metric_tells_of_it() -> None:
    assert states(fates(evidence(KEPT), ["a"])) == {"a": "in flight"}
    assert states(fates(evidence(KEPT, unexplained_drops=1), ["a", "b"])) == {
        "a": "lost",
        "b": "in flight",
    }


def test_an_order_in_two_places_counts_once_and_names_both() -> None:
    both = (arrival("a", "function's DLQ"), arrival("a", "on-failure destination"))
    (fate,) = fates(evidence(KEPT, attempt("a", 0), arrivals=both))
    assert fate.place == "function's DLQ and on-failure destination"


def test_work_done_in_batches_that_failed_counts_as_done_again() -> None:
    tries = [attempt("a", at_s, handler_outcome="ok") for at_s in (0, 30)]
    (fate,) = fates(of_queue(*tries, queued=1))
    assert (fate.state, fate.times_processed) == ("in flight", 2)


def test_an_order_of_several_messages_says_which_were_processed_and_that_orders_are_counted() -> (
    None
):
    # Given an order that failed, was entered again by hand, and redriven; and one as always
    failed = [attempt("a", at_s, attempt=number) for number, at_s in ((1, 0), (2, 30), (3, 60))]
    entered = attempt("a", 100, "ok", message_id="m-entered")
    redriven = attempt("a", 200, "ok", message_id="m-redriven")
    evidence = of_queue(*failed, entered, redriven, attempt("b", 0, "ok"), queued=0)
    several, one = fates(evidence)
    assert (several.messages, several.attempts, several.times_processed) == (3, 5, 2)
    assert several.why == "2 of its 3 messages were processed"
    assert (one.messages, one.why) == (1, "attempt 1 succeeded")
    # Then the ledger tells why "sent" is less than messages were
    told = Ledger(orders_table([("Repair", several), ("Repair", one)]), {"Repair": 2})
    page = told._repr_html_()
    assert "2 of its 3 messages were processed; its work was done 2 times" in page
    for text in (page, repr(told)):
        assert "Counted are orders, by their ids. 1 order went out as more than one" in text
    alone = Ledger(orders_table([("Repair", one)]), {"Repair": 1})
    assert "Counted are orders" not in repr(alone) + alone._repr_html_()


@pytest.fixture
def unbalanced() -> Ledger:
    rows = [
        ("SqsDlq", Fate("a", "processed", "", "attempt 1 succeeded", 1, 1, "log")),
        ("SqsDlq", Fate("<b>", "lost", "", "no trace of it anywhere", 0, 0, "nothing")),
    ]
    return Ledger(orders_table(rows), {"SqsDlq": 2})


def test_the_ledger_says_what_is_lost_in_words_and_colour(unbalanced: Ledger) -> None:
    assert str(unbalanced) == "sent 2 = processed 1 + in flight 0 + lost 1"
    assert unbalanced.balances
    assert "1 lost: no trace of it anywhere" in repr(unbalanced)
    page = unbalanced._repr_html_()
    assert "lost 1</span>" in page
    assert "✗ lost" in page
    assert "&lt;b&gt;" in page
    assert unbalanced.summary["lost"].tolist() == [1]


def test_a_ledger_that_does_not_balance_says_so() -> None:
    rows = [("SqsDlq", Fate("a", "processed", "", "", 1, 1, "log"))]
    wrong = Ledger(orders_table(rows), {"SqsDlq": 2})
    assert not wrong.balances
    assert "≠" in str(wrong)
    assert "does not balance" in repr(wrong)
