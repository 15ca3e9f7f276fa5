"""Services stamp with clocks of their own: what rounds to nothing is shown as 0."""

import pytest

from tests.unit.workshop.log_events import T0_MS, invocation, logs, record
from workshop.evidence.attempts import attempts_table
from workshop.evidence.lanes import spoken_s
from workshop.lessons.predictions import compare
from workshop.target.waits import in_seconds


@pytest.mark.parametrize("zero", [-0.0, -0.001, -0.004])
def test_no_number_is_shown_as_minus_zero(zero: float) -> None:
    # Given a moment that another service stamped a little earlier
    assert spoken_s(zero) == "0 s"
    assert in_seconds(zero) == "less than 1 s"
    assert "-0" not in str(compare(zero, zero, "01/wait"))
    # Nor in a table
    early = record("m1", "A-1", receive_count=1, sent_at_ms=T0_MS + 20)
    assert "-0" not in attempts_table(logs(invocation(0, "r1", early)))["after_s"].to_string()
