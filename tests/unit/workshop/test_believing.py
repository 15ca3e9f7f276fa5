"""An attempt that looks good may have failed, as long as the line of its error can still come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from tests.unit.workshop.test_late_logs import lab_whose_logs_show, waited_s
from workshop.evidence.attempts import attempts_table
from workshop.evidence.believing import believed
from workshop.evidence.endings import all_told
from workshop.lab import Lab
from workshop.outage import bars

BEGUN = datetime.fromtimestamp(T0_MS / 1000, UTC)


def outcome(
    *records: dict[str, Any], after_s: float = 10, largest_batch: int | None = None, **more: Any
) -> list[str]:
    """What is believed of an attempt that ended at once, when logs of `after_s` later are seen."""
    table = attempts_table(logs(invocation(0, "r1", *records, **more)))
    seen_until = BEGUN + timedelta(seconds=after_s - 30)
    return list(believed(table, seen_until, largest_batch)["outcome"])


def said(source: str = "sns", **more: Any) -> dict[str, Any]:
    return record("m", "A", source=source, **{"outcome": "ok", **more})


def test_start_end_and_report_do_not_tell_that_an_attempt_was_good() -> None:
    # Given START, END and REPORT of the second attempt at an order, and nothing that it printed
    assert outcome() == ["not known yet"]
    # Then only time tells, if the function prints nothing
    assert outcome(after_s=31) == ["ok"]
    # Or the handler's own line
    assert outcome(said()) == ["ok"]


def test_an_error_that_is_seen_is_an_error_at_once() -> None:
    assert outcome(error="ValueError: no") == ["error"]
    assert outcome(said(outcome="error")) == ["error"]
    assert outcome(status="timeout") == ["timeout"]


@pytest.mark.parametrize(
    ("line", "largest_batch", "told"),
    [
        # Another message of the batch may have failed the invocation
        (said("sqs"), 10, "not known yet"),
        (said("sqs"), None, "not known yet"),
        (said("sqs"), 1, "ok"),
        (said("invoke"), None, "ok"),
        # And an order that asked for a fault after its work: an answer that is no JSON
        (said(fault="malformed"), None, "not known yet"),
    ],
)
def test_the_handlers_line_proves_no_more_than_it_can(
    line: dict[str, Any], largest_batch: int | None, told: str
) -> None:
    assert outcome(line, largest_batch=largest_batch) == [told]
    assert outcome(line, largest_batch=largest_batch, after_s=31) == ["ok"]


def test_where_nothing_is_late_every_report_is_believed() -> None:
    table = attempts_table(logs(invocation(0, "r1")))
    assert list(believed(table, None)["outcome"]) == ["ok"]
    assert believed(table.iloc[:0], BEGUN).empty


def test_a_story_whose_last_attempt_is_not_known_is_not_told() -> None:
    # Given as many attempts as there can be, the last with START, END and REPORT alone
    failed = [
        invocation(60_000 * n, "r", said(outcome="error"), error="ValueError: no") for n in (0, 1)
    ]
    table = attempts_table(logs(*failed, invocation(180_000, "r")))
    seen_until = BEGUN + timedelta(seconds=170)
    assert not all_told(believed(table, seen_until), ["A"], 3, seen_until)
    assert all_told(believed(table, seen_until + timedelta(60)), ["A"], 3)


def test_a_receive_without_a_line_is_waited_for_while_the_line_can_come() -> None:
    # Given an order that succeeded at its third receive, and no line of the second
    first = invocation(
        0, "r1", said("sqs", receive_count=1, outcome="error"), error="ValueError: no"
    )
    third = invocation(20_000, "r3", said("sqs", receive_count=3))
    table = attempts_table(logs(first, third))
    assert not all_told(table, ["A"], 3, BEGUN + timedelta(seconds=19))
    # Then it left none once the lines of the third must be seen
    assert all_told(table, ["A"], 3, BEGUN + timedelta(seconds=20))
    assert all_told(table, ["A"], 3)


def now_ms(lab: Lab) -> int:
    """The lab's time, as the events of `log_events` count it."""
    return int(lab.clock.now().timestamp() * 1000) - T0_MS


def test_a_lab_reads_again_until_the_line_that_decides_is_there() -> None:
    # Given a log that shows what the second attempt printed with the third look only
    at_ms = now_ms(lab_whose_logs_show([])) - 5_000
    first = invocation(at_ms - 60_000, "r", said(outcome="error"), error="ValueError: no")
    bare, whole = invocation(at_ms, "r"), invocation(at_ms, "r", said(), cold=True)
    lab = lab_whose_logs_show(first + bare, first + bare, first + whole)
    assert list(lab.attempts("LambdaDlq", order_ids="A")["outcome"]) == ["error", "ok"]
    assert waited_s(lab) == 30
    # And without orders to look for it says that it does not know
    lab = lab_whose_logs_show(first + bare)
    assert list(lab.attempts("LambdaDlq")["outcome"]) == ["error", "not known yet"]


def test_a_wait_for_the_end_of_an_order_does_not_take_a_bare_report_for_success() -> None:
    # Given a second attempt with START, END and REPORT alone; what it printed comes a look later
    at_ms = now_ms(lab_whose_logs_show([])) - 65_000
    first = invocation(at_ms, "r", said(outcome="error"), error="ValueError: no")
    bare = invocation(at_ms + 60_000, "r")
    second = invocation(at_ms + 60_000, "r", said(outcome="error"), error="ValueError: no")
    third = invocation(at_ms + 180_000, "r", said(outcome="error"), error="ValueError: no")
    lab = lab_whose_logs_show(first + bare, first + bare, first + second, first + second + third)
    # Then the wait goes on until the third has failed
    waited = lab.wait_for_end("LambdaDlq", ["A"])
    assert waited.value == {"A": "given up"}
    assert waited.during_s > 30


def test_bars_draw_no_attempt_as_failed_whose_end_is_not_known() -> None:
    table = attempts_table(logs(invocation(0, "r1", said("sqs")), invocation(9, "r2")))
    crowd = believed(table, BEGUN - timedelta(seconds=9), largest_batch=1)
    drawn = bars.crowd({"all": crowd}, outage_s=60)
    assert "1 at 0 s (0 failed)" in drawn.description


def test_attempts_of_a_bench_are_read_again_while_one_is_not_known() -> None:
    from workshop.evidence.late_logs import settled_attempts

    at_ms = now_ms(lab_whose_logs_show([])) - 5_000
    bare, failed = invocation(at_ms, "r"), invocation(at_ms, "r", error="ValueError: no")
    lab = lab_whose_logs_show(bare, bare, failed)
    assert list(settled_attempts(lab.session, "group")["outcome"]) == ["error"]
    assert pd.Timestamp(lab.clock.now()) > pd.Timestamp(lab_whose_logs_show([]).clock.now())
