"""What a story says of a receive without a log line."""

from datetime import timedelta

import pandas as pd

from tests.unit.workshop.test_ledger import SQS, START, attempt
from workshop.accounting.story import events_of
from workshop.evidence.arrivals import COLUMNS as ARRIVAL_COLUMNS
from workshop.evidence.attempts import COLUMNS as ATTEMPT_COLUMNS


def test_a_receive_left_no_log_line_only_when_that_would_be_seen_by_now() -> None:
    # Given an attempt at 30 s that was the second receive
    row = attempt("a", 30, receive_count=2)
    tries = pd.DataFrame([row], columns=list(ATTEMPT_COLUMNS)).astype(ATTEMPT_COLUMNS)
    none = pd.DataFrame(columns=list(ARRIVAL_COLUMNS)).astype(ARRIVAL_COLUMNS)

    def told(seen_until_s: float | None) -> list[str]:
        until = None if seen_until_s is None else START + timedelta(seconds=seen_until_s)
        events = events_of(tries, none, SQS, until)
        return [event.what for event in events if event.what.startswith("receive 1")]

    # Then the first receive left no line, unless its line may still be on its way
    assert told(None) == told(10) == ["receive 1 left no log line"]
    assert told(-10) == ["receive 1 has no log line yet"]
