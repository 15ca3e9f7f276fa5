"""The message-flow picture: numbers where they belong, motion only for who wants it."""

import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from tests.unit.workshop.test_ledger import KEPT, arrival, attempt, evidence, of_queue
from workshop.accounting.fates import fates
from workshop.accounting.passages import Passages, count
from workshop.stage.diagram import with_counts
from workshop.stage.flow import FlowPicture

IMAGES = Path(__file__).parents[3] / "images"
SVG = "{http://www.w3.org/2000/svg}"


def passages() -> Passages:
    found = of_queue(
        attempt("a", 0, "ok"),
        *(attempt("b", at_s) for at_s in (0, 30, 60)),
        queued=0,
        arrivals=(arrival("b", "source queue's DLQ", "maxReceiveCount"),),
    )
    return count(found, fates(found), 0)


def test_passages_are_counted_from_the_same_facts_as_the_ledger() -> None:
    found = passages()
    assert found.arrows["send"] == 2
    assert found.arrows["event-source-mapping"] == 4
    assert found.arrows["return"] == 3
    assert found.arrows["redrive-policy"] == found.cards["source-queue-dlq"] == 1
    assert (found.sent, found.processed, found.lost) == (2, 1, 0)


def test_notifications_that_sns_kept_did_not_reach_lambda() -> None:
    found = evidence(KEPT, arrivals=(arrival("a", "subscription's DLQ"),))
    ways = count(found, fates(found), 0).arrows
    assert (ways["publish"], ways["subscription"], ways["undelivered"]) == (1, 0, 1)


@pytest.mark.parametrize("folder", ["", "narrow"])
@pytest.mark.parametrize("name", ["sqs-dlq", "lambda-dest", "lambda-dlq"])
@pytest.mark.parametrize("is_moving", [False, True])
def test_every_diagram_gets_its_numbers_and_stays_well_formed(
    folder: str, name: str, is_moving: bool
) -> None:
    drawing = (IMAGES / folder / f"{name}.svg").read_text()
    drawn = with_counts(drawing, passages(), is_moving=is_moving)
    root = ET.fromstring(drawn)
    (live,) = [group for group in root.iter(f"{SVG}g") if group.get("id") == "live"]
    texts = [text.text for text in live.iter(f"{SVG}text")]
    assert "sent 2, processed 1, lost 0" in texts
    assert "2" in texts
    # And every number stands inside the drawing
    width, height = (float(value) for value in root.get("viewBox", "").split()[2:])
    for text in live.iter(f"{SVG}text"):
        assert 0 < float(text.get("x", -1)) < width
        assert 0 < float(text.get("y", -1)) < height
    # And none on another one
    pills = [rect for rect in live.iter(f"{SVG}rect") if rect.get("class") is None]
    boxes = [[float(rect.get(key, 0)) for key in ("x", "y", "width", "height")] for rect in pills]
    assert [
        (one, other)
        for one, other in combinations(boxes, 2)
        if abs(one[0] - other[0]) < one[2] and abs(one[1] - other[1]) < one[3]
    ] == []


def test_dots_stand_still_for_readers_who_prefer_reduced_motion() -> None:
    drawing = (IMAGES / "sqs-dlq.svg").read_text()
    still, moving = (with_counts(drawing, passages(), is_moving=m) for m in (False, True))
    assert "animation" not in still
    assert (
        "@media (prefers-reduced-motion:reduce){.workshop-moving-message{animation:none}}" in moving
    )
    # A failure's dot is square, so that it is not told by its colour alone
    dots = [e for e in ET.fromstring(moving).iter() if e.get("class") == "workshop-moving-message"]
    assert {dot.tag.removeprefix(SVG) for dot in dots} == {"circle", "rect"}
    assert all("offset-distance" in (dot.get("style") or "") for dot in dots)


def test_a_loss_is_said_in_words() -> None:
    found = of_queue(attempt("a", 0), queued=0)
    drawing = (IMAGES / "sqs-dlq.svg").read_text()
    assert "✗ lost 1" in with_counts(drawing, count(found, fates(found), 0), is_moving=False)


def test_a_phone_has_a_drawing_of_its_own() -> None:
    lab = SimpleNamespace()
    picture = FlowPicture(lab, "SqsDlq", None, evidence=of_queue(attempt("a", 0, "ok"), queued=0))  # type: ignore[arg-type]
    page = BeautifulSoup(picture._repr_html_(), "html.parser")
    figures = page.find_all("figure")
    assert len(figures) == 2
    for figure in figures:
        drawings = [one.select_one("svg") for one in figure.find_all("div", recursive=False)]
        wide, narrow = (float(one["viewbox"].split()[2]) for one in drawings if one)
        assert narrow < 400 < wide
        assert "processed 1" in figure.select_one(".narrow").get_text()
