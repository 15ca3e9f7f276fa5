"""What scenes say at their end: the cause, the answer as it was measured, then what comes next."""

import copy
from typing import Any

import pytest

from tests.unit.workshop.player.runs import three_orders
from workshop.stage.acts import ACTS
from workshop.stage.answers import no_answer, of_batches, of_poison
from workshop.stage.remarks import at_end
from workshop.stage.scripts import scripts

FACTS = three_orders()
# Two lines of the stage, from edge to edge.
MOST_LETTERS = 270


def messages(*kinds: str) -> list[dict[str, Any]]:
    [run] = FACTS["runs"]
    found = {one["name"]: one for one in run["messages"]}
    return [copy.deepcopy(found[kind]) for kind in kinds]


def batch(title: str, often: int, fate: str) -> dict[str, Any]:
    """Two orders whose work was done so often, and one that is bad."""
    outcome = "shared" if often > 1 else "ok"
    own = messages("good", "good", "bad")
    for one in own[:2]:
        one["attempts"] = [{**one["attempts"][0], "outcome": outcome}] * often
        one["fate"] = fate
    return {"title": title, "messages": own}


def test_an_order_whose_batch_failed_was_done_each_time_and_lies_in_the_dlq_all_the_same() -> None:
    whole, partial = batch("Whole batch", 3, "source queue's DLQ"), batch("Partial", 1, "done")
    assert of_batches({"runs": [whole, partial]}) == (
        "Whole batch: good orders done 3 times, yet in the DLQ. "
        "Partial: good orders done once, processed."
    )
    # And where one of them got through, how many did not
    whole["messages"][0]["fate"] = "done"
    assert "3 times, yet 1 of 2 in the DLQ." in of_batches({"runs": [whole]})
    # A scene of which nothing was done has no answer
    assert of_batches({"runs": [{"title": "Whole batch", "messages": messages("bad")}]}) == ""


def test_what_a_poison_message_cost_the_others_is_what_was_measured() -> None:
    facts = {"runs": [{"title": "", "messages": messages("good", "bad", "good")}]}
    assert of_poison(facts) == (
        "The others: processed within 0.1 s. The bad one: tried 3 times, put aside after 90 s."
    )
    for one in facts["runs"][0]["messages"]:
        one["attempts"] = [{**a, "end_s": one["sent_s"] + 0.01} for a in one["attempts"]]
    assert of_poison(facts).startswith("The others: processed within 0.1 s.")
    assert of_poison({"runs": [{"title": "", "messages": messages("good")}]}) == ""


@pytest.mark.parametrize("name", ["batches", "poison"])
def test_a_question_that_the_picture_does_not_answer_has_an_answer(name: str) -> None:
    assert ACTS[name].answer is not no_answer


def test_the_end_of_the_longest_scene_has_room() -> None:
    whole, partial = (
        batch("Whole batch", 3, "source queue's DLQ"),
        batch("Partial batch", 1, "done"),
    )
    cause = "The same three orders were sent to both queues. One of them is bad."
    legend = "Pale mark: done, but its batch failed."
    told = at_end(
        scripts()["fifo"], (cause, of_batches({"runs": [whole, partial]})), is_stopped=False
    )
    assert len(f"{told} {legend}") <= MOST_LETTERS


def test_the_cause_stays_and_what_comes_next_is_said_after_it() -> None:
    told = ("A-first is bad.", "It was tried.")
    next_one = scripts()["time-out"]
    assert at_end(next_one, told, is_stopped=False) == (
        "A-first is bad. It was tried. Space: A time-out."
    )
    # A stopped scene has come to no answer
    assert at_end(next_one, told, is_stopped=True) == "Stopped. A-first is bad. Space: A time-out."
