"""Pages tell AWS's seconds and not those of the machine that made them."""

from datetime import UTC, datetime, timedelta

import nbformat
import pytest

from tests.guides.notebook import code, notebook
from workshop.guides.own_seconds import without_own_seconds
from workshop.stage.clearing import told_of
from workshop.stage.emptying import Emptied
from workshop.target.telling import passed, passing
from workshop.target.waits import Waited

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
WAITED = Waited("it is there", True, aws_s=90.0, real_s=0.6, is_virtual=True)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (str(WAITED), "it is there: after 90 s of AWS time"),
        (
            passed(60, "an alarm's period", 0.1, is_virtual=True),
            "60 s of AWS time have passed (an alarm's period)",
        ),
        (
            f"AWS's clock: {WAITED.aws_s:.0f} s, your clock: {WAITED.real_s:.1f} s",
            "AWS's clock: 90 s, your clock: a moment",
        ),
        # On a busy machine it was none, and on an account the two are the same
        ("AWS's clock: 90 s, your clock: 10.2 s", "AWS's clock: 90 s"),
        ("AWS's clock: 90 s, your clock: 90.4 s", "AWS's clock: 90 s"),
        (told_of(Emptied(1, 0, 0), 0.5), "Reset: 1 message deleted."),
        (
            passing(60, "", BEGAN, BEGAN + timedelta(seconds=60), own_s=2.3),
            "letting 60 s pass: until 00:01:00 UTC, 60 s left on AWS's clock",
        ),
    ],
)
def test_sentences_as_they_are_made(told: str, left: str) -> None:
    output = nbformat.v4.new_output("stream", text=told)
    done = without_own_seconds(notebook(code("x", output)))
    assert done.cells[0].outputs[0].text == left


def test_a_difference_of_clocks_stays_where_it_is_the_lesson() -> None:
    text = "30 s of AWS time, 30 s apart, in 5.0 s"
    output = nbformat.v4.new_output("display_data", data={"text/plain": text})
    done = without_own_seconds(notebook(code("x", output)))
    assert done.cells[0].outputs[0].data["text/plain"] == text
