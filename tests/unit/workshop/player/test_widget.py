"""What a displayed timeline leaves in a notebook: the still figure, then its player."""

from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from tests.unit.workshop.player.runs import SQS, tables, three_orders
from workshop.drawing import timeline as drawing
from workshop.drawing.comparison import timelines
from workshop.player.widget import FACTS, WIDGET, Player


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is displayed."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(drawing, "display", lambda bundle, raw: bundles.append(dict(bundle)))
    return bundles


def test_a_timeline_shows_its_figure_and_below_it_its_player(shown: list[dict[str, Any]]) -> None:
    attempts, arrivals = tables()
    picture = drawing.timeline(attempts, arrivals, settings=SQS)
    picture._ipython_display_()
    still, player = shown
    assert "<figure" in still["text/html"]
    assert WIDGET not in still
    assert player[FACTS] == three_orders()
    assert player[WIDGET]["model_id"] == picture.player.model_id
    # One player, however often it is shown
    picture._ipython_display_()
    assert shown[3][WIDGET] == player[WIDGET]


def test_plain_nbconvert_shows_the_figure_and_no_source_of_a_widget(
    shown: list[dict[str, Any]],
) -> None:
    attempts, arrivals = tables()
    drawing.timeline(attempts, arrivals, settings=SQS)._ipython_display_()
    outputs = [nbformat.v4.new_output("display_data", data=bundle) for bundle in shown]
    cells = [nbformat.v4.new_code_cell("timeline", outputs=outputs)]
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    assert "<figure" in page
    for source in ("clockOf", "Player(", "AnyWidget", "_esm"):
        assert source not in page


def test_where_nobody_can_click_there_is_no_widget_but_what_a_guide_plays(
    shown: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a kernel that a program runs: it cannot be asked for input
    monkeypatch.setattr(drawing, "is_attended", lambda: False)
    monkeypatch.setattr(drawing, "Player", None)
    attempts, arrivals = tables()
    drawing.timeline(attempts, arrivals, settings=SQS)._ipython_display_()
    still, player = shown
    assert "<figure" in still["text/html"]
    assert player.keys() == {FACTS, "text/plain"}
    assert player[FACTS] == three_orders()


def test_a_timeline_can_be_told_to_ask_about_an_order() -> None:
    attempts, arrivals = tables()
    asking = drawing.timeline(attempts, arrivals, settings=SQS, questions="flaky")
    assert [question["id"] for question in asking.facts["questions"]] == [
        "next-flaky",
        "when-flaky",
    ]


def test_a_player_that_asks_comes_first_and_what_tells_its_answers_is_folded(
    shown: list[dict[str, Any]],
) -> None:
    attempts, arrivals = tables()
    drawing.timeline(attempts, arrivals, settings=SQS, questions="bad")._ipython_display_()
    player, still = shown
    assert WIDGET in player
    assert still["text/html"].startswith(
        '<details class="whole-picture"><summary>The whole picture'
    )
    assert "<figure" in still["text/html"].partition("</summary>")[2]
    # Of an order that did not fail nothing is asked, and nothing is folded
    drawing.timeline(attempts, arrivals, settings=SQS, questions="good")._ipython_display_()
    still, player = shown[2:]
    assert "whole-picture" not in still["text/html"]
    assert WIDGET in player


def test_where_nobody_can_answer_everything_is_shown(
    shown: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "is_attended", lambda: False)
    attempts, arrivals = tables()
    drawing.timeline(attempts, arrivals, settings=SQS, questions="bad")._ipython_display_()
    assert '<details class="whole-picture" open>' in shown[1]["text/html"]


def test_answers_are_put_into_a_dict_of_the_reader_s_in_words() -> None:
    said: dict[str, Any] = {}
    attempts, arrivals = tables()
    asking = drawing.timeline(attempts, arrivals, settings=SQS, questions="bad", answers=said)
    asking.player.answers = {"next-bad": 1}
    asking.player.answers = {"next-bad": 1, "when-bad": 35}
    assert said == {"next-bad": "Lambda runs it again at once.", "when-bad": 35}
    # "Show me" is no answer
    asking.player.answers = {"next-bad": None, "when-bad": None}
    assert said == {"next-bad": None, "when-bad": None}


def test_a_comparison_is_one_player_with_several_runs() -> None:
    attempts, arrivals = tables()
    runs = {"one": (attempts, arrivals, SQS), "two": (attempts, None, SQS)}
    facts = timelines(runs).facts
    assert [run["title"] for run in facts["runs"]] == ["one", "two"]


def test_answers_are_a_plain_mapping() -> None:
    player = Player(facts=three_orders())
    assert player.answers == {}
    player.answers = {"next-bad": 2}
    assert player.answers["next-bad"] == 2
    assert "step by step" in repr(player)
