"""Figures for a narrow page: the words of the wide ones, and a scale that is true or says so."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.unit.workshop.test_figure_layout import FIGURES, both, tried
from workshop.drawing.timeline import timeline
from workshop.drawing.upright import Happening, Upright, upright
from workshop.evidence.lanes import Arrival, Attempt, Lane, Wait
from workshop.outage.figure import drawn
from workshop.outage.plan import Plan, foretold


def lane(*at_s: float, arrived_s: float | None = None, **fields: object) -> Lane:
    attempts = tuple(Attempt(n, s, 0.1, "error", "E", "no", "") for n, s in enumerate(at_s, 1))
    arrival = Arrival(arrived_s, "source queue's DLQ", "", False, True) if arrived_s else None
    waits = (Wait(at_s[0], at_s[-1], at_s[-1] - at_s[0], "visibility timeout"),)
    return Lane("m-1", "bad", attempts, waits, (), arrival, **{"predicted_s": (), **fields})  # type: ignore[arg-type]


def one(shown: Lane) -> Upright:
    [made] = upright([(shown, None)])
    return made


def high(rows: tuple[Happening, ...]) -> list[int]:
    return [row.height_px for row in rows if row.height_px]


def test_time_goes_down_true_to_scale() -> None:
    first, second = high(one(lane(0.0, 60.0, 180.0)).rows)
    assert second == pytest.approx(2 * first, abs=1)


def test_words_have_room_between_two_marks() -> None:
    assert all(row.height_px >= row.needed_px - 1 for row in one(lane(0.0, 30.0, 60.0)).rows[1:-1])


def test_a_stretch_that_is_cut_says_how_long_it_is() -> None:
    rows = one(lane(0.0, 60.0, 21_600.0)).rows
    assert [row.cut for row in rows] == ["", "", "5 h 59 min", ""]


def test_a_prediction_is_a_moment_of_its_own_or_said_beside_the_attempt() -> None:
    rows = one(lane(0.0, 30.0, predicted_s=(0.0, 45.0))).rows
    assert [row.title for row in rows] == ["sent", "✗ error", "✗ error", "you said: an attempt"]
    assert "you said so" in rows[1].details


def test_an_outage_shades_the_rows_that_it_covers_and_has_an_end() -> None:
    recovered, given_up = lane(0.0, 40.0, 280.0), lane(0.0, 40.0, 80.0)
    made = upright([(recovered, None), (given_up, None)], outage_s=240)
    told = [[(row.title, row.is_down) for row in one.rows] for one in made]
    down = [("sent", True), ("✗ error", True), ("✗ error", True)]
    # Where nothing happens after it, nobody saw its end
    assert told == [
        [*down, ("no longer down", False), ("✗ error", False)],
        [*down, ("✗ error", True)],
    ]
    page = BeautifulSoup(FIGURES["an outage"](9.2).narrow, "html.parser")
    assert len(page.select("li.down")) == 6 + 4
    assert "shaded: down for 240 s" in page.get_text()


def test_an_outage_of_many_messages_is_shaded_on_each_line() -> None:
    orders = [f"order-{n}" for n in range(8)]
    figure = timeline(both(*(tried(order, 0, 40, 280) for order in orders)), outage_s=240)
    page = BeautifulSoup(figure.narrow, "html.parser")
    widths = {str(shade["style"]) for shade in page.select(".track .shade")}
    assert len(page.select(".track .shade")) == len(orders)
    [share] = [float(re.sub(r"[^\d.]", "", width)) for width in widths]
    assert share == pytest.approx(100 * 240 / 280, abs=1)
    assert "shaded: down for 240 s" in page.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_a_phone_is_told_what_the_figure_tells(name: str) -> None:
    figure = FIGURES[name](9.2)
    told = " ".join(BeautifulSoup(figure.narrow, "html.parser").get_text(" ").split())
    for fact in (figure.finding, *re.findall(r"\d+ s apart", figure.finding)):
        assert fact in told
    # Every message, and where it ended
    assert {order for order in figure.table["message"] if order not in told} == set()
    assert ("limit: " in told) == ("limit: " in figure.svg())


def test_figure_and_phone_are_in_one_place_with_one_name_and_no_id_twice() -> None:
    page = BeautifulSoup(FIGURES["three attempts"](9.2).html(), "html.parser")
    figure = page.find("figure")
    assert figure is not None
    hidden = figure.select_one(".narrow")
    # Shown by the guides' style sheet alone
    assert hidden is not None
    assert hidden.has_attr("hidden")
    assert hidden.find(id=True) is None
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_an_outage_on_a_phone_has_every_way_foretold_and_measured() -> None:
    plan = Plan()
    page = BeautifulSoup(drawn(plan, foretold(plan)).narrow, "html.parser")
    assert len(page.select(".track")) == 6
    assert len(page.select(".track .hollow")) == len(page.select(".track .mark:not(.hollow)"))
