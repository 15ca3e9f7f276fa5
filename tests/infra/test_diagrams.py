"""The architecture diagrams: what they say, and that the files show today's templates."""

import copy
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from diagrams.draw import DIAGRAMS, FOLDER, MOVING, narrow_pictures, pictures
from diagrams.narrow import WIDTH, narrow
from diagrams.outages import GROWING_RECEIVES, GROWING_VISIBILITY_S
from diagrams.shapes import Line, Picture, Point, Rect, Text
from diagrams.svg import svg, text_width
from infra.template import Template
from tests.unit.workshop.test_palette import contrast
from workshop.outage.plan import Plan
from workshop.palette import PAPER

REDRAW = "the picture is stale: run `python -m diagrams.draw`"


@pytest.fixture(scope="module")
def drawn(stacks: dict[str, Template]) -> dict[str, Picture]:
    return pictures(stacks)


def words(picture: Picture) -> str:
    texts = (shape for group in picture.groups for shape in group.shapes)
    return " ".join(text.text for text in texts if isinstance(text, Text))


@pytest.mark.parametrize("name", DIAGRAMS)
def test_the_files_show_the_templates_of_today(drawn: dict[str, Picture], name: str) -> None:
    assert (FOLDER / f"{name}.svg").read_text("utf-8") == svg(drawn[name]), REDRAW


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_phone_gets_a_picture_of_its_own_that_says_the_same(
    stacks: dict[str, Template], drawn: dict[str, Picture], name: str
) -> None:
    narrow = narrow_pictures(stacks)[name]
    # Given its file
    assert (FOLDER / "narrow" / f"{name}.svg").read_text("utf-8") == svg(narrow), REDRAW
    # Then no word of the picture is missing, but the name of a frame around cards
    missing = set(words(drawn[name]).split()) - set(words(narrow).split())
    assert missing <= {"AWS", "Lambda"}
    # And nothing is beside it or lies on something else
    assert narrow.width <= WIDTH
    texts = [shape for group in narrow.groups for shape in group.shapes if isinstance(shape, Text)]
    lefts = {"start": 0.0, "middle": 0.5, "end": 1.0}
    boxes = [(t, t.x - lefts[t.anchor] * text_width(t), text_width(t)) for t in texts]
    assert [t.text for t, left, width in boxes if left < 0 or left + width > WIDTH] == []
    clashes = [
        (one.text, other.text)
        for (one, a, wide), (other, b, long) in combinations(boxes, 2)
        if abs(one.y - other.y) < 12 and a < b + long and b < a + wide
    ]
    assert clashes == []


def test_numbers_come_from_the_template(stacks: dict[str, Template]) -> None:
    # Given a redrive policy that gives up after seven receives
    body: dict[str, Any] = copy.deepcopy(stacks["SqsDlq"].body)
    [redrive] = [
        queue["Properties"]["RedrivePolicy"]
        for queue in Template(body).of_type("AWS::SQS::Queue")
        if "RedrivePolicy" in queue["Properties"]
    ]
    redrive["maxReceiveCount"] = 7
    # When the diagram is drawn, then it says so in picture and description
    picture = pictures({**stacks, "SqsDlq": Template(body)})["sqs-dlq"]
    assert "maxReceiveCount 7" in words(picture)
    assert "After 7 receives" in picture.description


def test_a_connection_that_is_gone_is_noticed(stacks: dict[str, Template]) -> None:
    # Given a function without its DLQ, then the picture of it cannot be drawn
    body: dict[str, Any] = copy.deepcopy(stacks["LambdaDlq"].body)
    del Template(body).the("AWS::Lambda::Function")["DeadLetterConfig"]
    with pytest.raises(KeyError, match="DeadLetterConfig"):
        pictures({**stacks, "LambdaDlq": Template(body)})


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("sqs-dlq", ["visibility timeout 30 s", "1 message per invocation", "maxReceiveCount 3"]),
        ("lambda-dest", ["2 retries", "waits 1 min, then 2 min", "at most 1 h", "3 attempts"]),
        ("lambda-dlq", ["2 retries", "at most 6 h", "the event, 3 attributes"]),
        ("four-paths", ["3 receives", "30 s apart", "3 attempts", "waits 1 min and 2 min"]),
        ("batches", ["up to 10 messages per invocation", "(ReportBatchItemFailures)"]),
        ("repair", ["1 message per invocation", "a DynamoDB table", "redrive"]),
    ],
)
def test_the_diagrams_say_what_the_lessons_teach(
    drawn: dict[str, Picture], name: str, facts: list[str]
) -> None:
    missing = [fact for fact in facts if fact not in words(drawn[name])]
    assert missing == [], (
        "a number of infra/settings.py is taught in words as well: change it here, and where "
        "CONTRIBUTING's table says"
    )


@pytest.mark.parametrize("name", DIAGRAMS)
def test_only_a_queue_has_an_arrow_into_a_source_queues_dlq(
    drawn: dict[str, Picture], name: str
) -> None:
    # Given the cards of a picture, by their first words
    groups = drawn[name].groups
    cards = {group: rect for group in groups if isinstance(rect := group.shapes[0], Rect)}

    def at(point: Point) -> str:
        x, y = point
        [card, *_] = [
            group
            for group, box in cards.items()
            if box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
        ]
        return next(shape.text for shape in card.shapes if isinstance(shape, Text))

    # When arrows are followed to a DLQ that SQS moves messages to
    arrows = [line for g in groups if isinstance(line := g.shapes[0], Line) and line.arrow]
    begins = [at(line.points[0]) for line in arrows if _ends_in_dlq(at, line.points[-1])]
    # Then they come from a queue: no function sends anything there
    assert [begin for begin in begins if "queue" not in begin.lower()] == []


def _ends_in_dlq(at: Callable[[Point], str], point: Point) -> bool:
    try:
        return at(point) == "Source queue's DLQ"
    except ValueError:  # it ends beside all cards
        return False


def notebook(name: str) -> str:
    return (FOLDER.parent / "notebooks" / f"{name}.ipynb").read_text("utf-8")


def test_notebooks_with_queues_of_their_own_show_their_own_settings(
    drawn: dict[str, Picture],
) -> None:
    # Given the settings that notebook 08 makes its queues with, and those that the sliders of
    # notebook 09 begin with
    rigs = f'{{\\"receives\\": {GROWING_RECEIVES}, \\"visibility_s\\": {GROWING_VISIBILITY_S}}}'
    assert rigs in notebook("08-backing-off")
    assert "panel = outage.panel(lab, temporary)\\n" in notebook("09-designing-it")
    plan = Plan()
    # Then these are what their pictures say
    said = {
        "08-backing-off": ("growing-waits", ["visibility timeout 40 s", "after 5 receives"]),
        "09-designing-it": (
            "three-ways",
            [f"waits {plan.visibility_s} s each time", f"{plan.receives} receives", "at most 6 h"],
        ),
    }
    for name, (picture, facts) in said.items():
        assert f"../images/{picture}.svg" in notebook(name)
        assert "sqs-dlq.svg" not in notebook(name)
        assert [fact for fact in facts if fact not in words(drawn[picture])] == []


@pytest.mark.parametrize("name", DIAGRAMS)
def test_the_svg_stands_alone_and_can_be_read_aloud(name: str) -> None:
    text = Path(FOLDER / f"{name}.svg").read_text("utf-8")
    root = ElementTree.fromstring(text)
    described = {child.tag.rsplit("}")[-1]: child.text for child in root}
    assert described["title"]
    assert described["desc"]
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize("name", DIAGRAMS)
def test_the_words_of_a_card_stay_in_it_in_any_font(drawn: dict[str, Picture], name: str) -> None:
    for group in drawn[name].groups:
        [first, *others] = group.shapes
        if not isinstance(first, Rect):
            continue
        texts = [shape for shape in others if isinstance(shape, Text) and shape.anchor == "start"]
        ends = {text.text: text.x + text_width(text) for text in texts}
        room = first.x + first.width - 8
        assert {text: round(end - room) for text, end in ends.items() if end > room} == {}
    # And the file tells every font that width
    root = ElementTree.fromstring((FOLDER / f"{name}.svg").read_text("utf-8"))
    found = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert found
    assert all(text.get("textLength") for text in found)


def test_numbers_on_colour_can_be_read() -> None:
    for name in DIAGRAMS:
        text = (FOLDER / f"{name}.svg").read_text("utf-8")
        steps = re.findall(r'<circle [^>]*r="10.5" fill="(#\w+)"', text)
        assert all(contrast(colour, PAPER) >= 4.5 for colour in steps)


def test_on_a_phone_each_of_four_paths_has_its_heading(drawn: dict[str, Picture]) -> None:
    texts = [
        t.text for g in narrow(drawn["four-paths"]).groups for t in g.shapes if isinstance(t, Text)
    ]
    for number, last in enumerate(["Source queue's DLQ", "On-failure destination"], start=1):
        [place] = [n for n, text in enumerate(texts) if text.startswith(f"{number}. ")][1:]
        assert last in texts[place : place + 8]
    # The sender's arrows name them too
    assert sum(text.startswith("4. ") for text in texts) == 2


def test_the_moving_picture_shows_the_template_of_today_and_stands_where_nothing_may_move(
    stacks: dict[str, Template],
) -> None:
    picture = MOVING["moving"](stacks)
    text = (FOLDER / "moving.svg").read_text("utf-8")
    assert text == svg(picture), REDRAW
    # Given a reader who wants no motion, then all of it is behind that wish
    before, _, moved = picture.style.partition("@media (prefers-reduced-motion:no-preference)")
    assert "animation" not in before
    assert "animation" in moved
    # And what is seen for a while only is not seen then
    assert "#waiting{opacity:0}" in before
    ElementTree.fromstring(text)
    assert len(text) < 100_000


def test_the_moving_picture_follows_the_redrive_policy(stacks: dict[str, Template]) -> None:
    body: dict[str, Any] = copy.deepcopy(stacks["SqsDlq"].body)
    for queue in Template(body).of_type("AWS::SQS::Queue"):
        if "RedrivePolicy" in queue["Properties"]:
            queue["Properties"]["RedrivePolicy"]["maxReceiveCount"] = 2
            queue["Properties"]["VisibilityTimeout"] = 45
    picture = MOVING["moving"]({"SqsDlq": Template(body)})
    assert "fails 1 time" in picture.description
    assert {"+45 s", "+90 s"} <= set(re.findall(r"\+[0-9]+ s", words(picture)))
    assert "+60 s" not in words(picture)
