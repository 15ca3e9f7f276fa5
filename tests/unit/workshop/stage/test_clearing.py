"""What is said of a stage that was emptied: what was done, and what is only counted."""

import pytest

from workshop.stage.clearing import told_of
from workshop.stage.emptying import Emptied


@pytest.mark.parametrize(
    ("done", "counts_s", "told"),
    [
        # Where counts are of now, nothing is said of nothing
        (Emptied(3, 0, 0), 0.0, "Reset: 3 messages deleted in 2.0 s."),
        (
            Emptied(1, 2, 1),
            0.0,
            "Reset: 1 message deleted in 2.0 s. Sent meanwhile, so they stay: 2. Held by a poller, "
            "to show again when visible: 1.",
        ),
        # Where they may be a minute old, also a zero is told with its age
        (
            Emptied(3, 0, 0),
            60.0,
            "Reset: 3 messages deleted in 2.0 s. In flight, as SQS counted up to 60 s ago: 0. What "
            "a poller holds shows again when it is visible.",
        ),
    ],
)
def test_a_count_that_may_be_old_is_told_as_one(done: Emptied, counts_s: float, told: str) -> None:
    assert told_of(done, 2.0, counts_s=counts_s) == told
