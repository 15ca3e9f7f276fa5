"""On a target that shows facts late nothing is lost before the last evidence could have come."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.workshop.test_ledger import KEPT, NOT_KEPT, SQS, attempt, evidence, states
from workshop.accounting.evidence import Evidence
from workshop.accounting.fates import fates
from workshop.accounting.ledger import Ledger, orders_table
from workshop.target.lateness import LATE

SENT_BY = datetime.fromtimestamp(1_700_000_000, UTC)


def of_queue(*tries: Any, after_s: float, **more: Any) -> Evidence:
    return evidence(
        SQS, *tries, after_s=after_s, queued=0, retention_s=345_600.0, lateness=LATE, **more
    )


def test_a_failed_order_in_no_queue_is_in_flight_until_its_receives_could_be_seen() -> None:
    # Given a first failed receive of three, a queue that counts nothing and an empty DLQ
    tries = [attempt("a", 0, receive_count=1)]
    (fate,) = fates(of_queue(*tries, after_s=100))
    # Then what is waited for is said, and until when: three visibility timeouts, four times the
    # function's timeout, and what AWS takes to show it
    assert fate.state == "in flight"
    assert fate.why.startswith("waiting for the log of another attempt, or its arrival until 22:16")
    assert "logs 30 s late" in fate.evidence
    # And only when that is over it is lost
    assert states(fates(of_queue(*tries, after_s=179))) == {"a": "in flight"}
    assert states(fates(of_queue(*tries, after_s=181))) == {"a": "lost"}


def test_an_order_without_a_trace_is_lost_only_when_it_is_known_to_have_been_sent() -> None:
    assert states(fates(of_queue(after_s=1_000), ["a"])) == {"a": "in flight"}
    early, late = (of_queue(after_s=after_s, sent_by=SENT_BY) for after_s in (150, 200))
    assert states(fates(early, ["a"])) == {"a": "in flight"}
    assert states(fates(late, ["a"])) == {"a": "lost"}
    # And a drop that a metric counts may be another order's
    dropped = {"lateness": LATE, "unexplained_drops": 1}
    assert states(fates(evidence(KEPT, after_s=20, **dropped), ["a"])) == {"a": "in flight"}
    known = evidence(KEPT, after_s=1_000, sent_by=SENT_BY, **dropped)
    assert states(fates(known, ["a"])) == {"a": "lost"}


def test_an_event_that_was_given_up_is_in_flight_until_its_record_could_be_seen() -> None:
    tries = [attempt("a", at_s) for at_s in (0, 60, 180)]
    for settings in (KEPT, NOT_KEPT):
        early = evidence(settings, *tries, after_s=240, lateness=LATE)
        assert states(fates(early)) == {"a": "in flight"}
        assert states(fates(evidence(settings, *tries, lateness=LATE))) == {"a": "lost"}


def test_why_nothing_keeps_an_event_is_told_when_metrics_could_be_seen() -> None:
    # Given an event that was given up, and no metric of a write to the DLQ that failed
    tries = [attempt("a", at_s) for at_s in (0, 60, 180)]
    early = evidence(KEPT, *tries, after_s=400, lateness=LATE)
    # Then the DLQ may have refused it, or hold it soon, until the last minute's metrics are there:
    # the timeout of 5 s, a minute, three minutes, and 10 s to spare
    (fate,) = fates(early)
    assert fate.state == "in flight"
    assert "or what metrics count of it until 22:20:35" in fate.why
    assert "metrics 180 s" in fate.evidence
    (gone,) = fates(evidence(KEPT, *tries, after_s=436, lateness=LATE))
    assert (gone.state, "no longer in the function's DLQ" in gone.why) == ("lost", True)
    # And where nothing was to keep it no metric is waited for
    assert states(fates(evidence(NOT_KEPT, *tries, after_s=400, lateness=LATE))) == {"a": "lost"}


def test_an_event_without_a_trace_may_have_been_dropped_in_a_minute_not_counted_yet() -> None:
    (fate,) = fates(evidence(KEPT, after_s=20, lateness=LATE), ["a"])
    assert fate.state == "in flight"
    assert fate.evidence.endswith("AWS can show metrics 180 s late")
    # And one that a metric counts is lost only when its own log must have been seen as well: two
    # waits of 60 and 120 s, timeouts, and the metrics of the last minute
    dropped = {"lateness": LATE, "unexplained_drops": 1, "sent_by": SENT_BY}
    assert states(fates(evidence(KEPT, after_s=439, **dropped), ["a"])) == {"a": "in flight"}
    assert states(fates(evidence(KEPT, after_s=446, **dropped), ["a"])) == {"a": "lost"}


@pytest.mark.parametrize("outcome", ["running", "not known yet"])
def test_an_attempt_without_an_end_is_in_flight(outcome: str) -> None:
    tries = [attempt("a", 0, outcome, ended_at=None, duration_ms=None)]
    assert states(fates(evidence(KEPT, *tries, lateness=LATE))) == {"a": "in flight"}


def test_an_attempt_without_an_error_is_believed_when_the_error_could_have_been_seen() -> None:
    # Given a REPORT without an error, and no word of the handler yet
    tries = [attempt("a", 0, "ok")]
    assert states(fates(evidence(KEPT, *tries, after_s=20, lateness=LATE))) == {"a": "in flight"}
    assert states(fates(of_queue(*tries, after_s=20))) == {"a": "in flight"}
    assert states(fates(of_queue(*tries, after_s=31))) == {"a": "processed"}
    # And at once when the handler says so
    said = [attempt("a", 0, "ok", handler_outcome="ok", source="sqs")]
    found = of_queue(*said, after_s=1)
    alone = replace(found, settings=replace(SQS, batch_size=1))
    assert states(fates(alone)) == {"a": "processed"}
    # But where it was one of a batch another message may have failed that
    batch = replace(found, settings=replace(SQS, batch_size=10))
    assert states(fates(batch)) == {"a": "in flight"}


def test_an_attempt_whose_own_line_is_late_is_no_order_of_its_own() -> None:
    # Given a queue that counts one message, and an attempt that does not say yet at which
    nameless = attempt(None, 0, "ok", message_id="r1", request_id="r1")
    found = evidence(SQS, nameless, after_s=9, queued=1, retention_s=345_600.0, lateness=LATE)
    # Then there is one message, and it is not claimed that nobody received it
    (fate,) = fates(found)
    assert (fate.order_id, fate.state, fate.number) == ("(not tried yet)", "in flight", 1)
    assert "or its log line is not seen yet" in fate.why
    # And a function that prints nothing is counted by its requests once the line must be seen
    late = replace(found, now=datetime.fromtimestamp(1_700_000_031, UTC), queued=0)
    assert states(fates(late)) == {"r1": "processed"}


def test_how_an_attempt_ended_is_not_called_running_when_it_is_over() -> None:
    (fate,) = fates(evidence(KEPT, attempt("a", 0, "ok"), after_s=20, lateness=LATE))
    assert fate.why == "how its last attempt ended is not known yet"


def test_the_ledger_shows_what_it_waits_for() -> None:
    found = fates(of_queue(attempt("a", 0, receive_count=1), after_s=20))
    shown = Ledger(orders_table([("SqsDlq", fate) for fate in found]), {"SqsDlq": 1})
    assert str(shown) == "sent 1 = processed 0 + in flight 1 + lost 0"
    assert "waiting for" in repr(shown)
