"""The stage's pages for everybody, without AWS: axe-core on a frozen scene, light and dark."""

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Witness, needs_chromium, violations
from tests.unit.workshop.stage.fakes import FACTS, FakeTheatre
from workshop.stage.director import Director
from workshop.stage.scripts import OWN, scripts, steps
from workshop.stage.server import StageServer

pytestmark = needs_chromium

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def stage() -> Iterator[StageServer]:
    """A scene that is frozen at the moment at which two orders have failed."""
    director = Director(FakeTheatre(), pause_s=0.0)
    server = StageServer(director)
    director.press("freeze")
    yield server
    server.stop()


@contextmanager
def shown(page: Page, facts: dict[str, Any]) -> Iterator[None]:
    """A stage on a projector, whose first scene is played to the end of these facts.

    Without motion, so that everything is where it belongs as soon as the end is told.
    """
    server = StageServer(Director(FakeTheatre(facts), pause_s=0.0))
    try:
        page.emulate_media(reduced_motion="reduce")
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.goto(server.address)
        expect(page.locator(".menu")).to_be_visible()
        page.keyboard.press("1")
        yield
    finally:
        server.stop()


def frozen(page: Page) -> None:
    page.keyboard.press("1")
    expect(page.locator("#sentence")).to_have_text("bad, flaky and good: sent.")
    for told in ("attempt 1 begins", "attempt 1 ended with error"):
        page.keyboard.press(" ")
        expect(page.locator("#sentence")).to_contain_text(told)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_stage_has_no_violation(
    stage: StageServer, page: Page, scheme: Literal["light", "dark"]
) -> None:
    witness = Witness(page)
    page.goto(stage.address)
    expect(page.locator(".menu")).to_be_visible()
    assert violations(page, 1280, scheme) == []
    frozen(page)
    assert violations(page, 1280, scheme) == []
    for key, dialog in (("?", "#help"), ("c", "#code"), ("f", "#own")):
        page.keyboard.press(key)
        expect(page.locator(dialog)).to_be_visible()
        assert violations(page, 1280, scheme) == []
        page.locator(dialog).get_by_role("button", name="Close").click()
    assert witness.problems == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_presenters_view_has_no_violation(
    stage: StageServer, page: Page, scheme: Literal["light", "dark"]
) -> None:
    page.goto(stage.address.replace("/?", "/presenter?"))
    expect(page.locator("#talk")).to_contain_text("Next: SQS with a dead-letter queue")
    assert violations(page, 1280, scheme) == []
    page.keyboard.press("1")
    expect(page.locator("#talk")).to_contain_text("Now: SQS with a dead-letter queue")
    assert violations(page, 1280, scheme) == []


def test_menu_help_and_keys_are_those_of_the_script(stage: StageServer, page: Page) -> None:
    told = [(scripts()[name].key.upper(), scripts()[name].title) for name in steps()]
    page.goto(stage.address)
    # With the one that needs a form, which no key of the script begins
    listed = [*told, ("F", scripts()[OWN].title)]
    expect(page.locator(".menu li")).to_have_count(len(listed))
    assert page.locator(".menu li").all_inner_texts() == [f"{key} {title}" for key, title in listed]
    page.keyboard.press("?")
    shown = page.locator("#help .keys div").all_inner_texts()[: len(told)]
    assert [tuple(one.split("\n", 1)) for one in shown] == told
    # And the last of them begins its scene
    page.keyboard.press("?")
    page.keyboard.press(told[-1][0].lower())
    expect(page.locator("#title")).to_have_text(told[-1][1])


def test_equal_waits_are_equally_long_and_the_hand_shows_the_time(
    stage: StageServer, page: Page
) -> None:
    page.goto(stage.address)
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(page.locator(".menu")).to_be_visible()
    page.keyboard.press("z")
    page.keyboard.press("1")
    expect(page.locator("body")).to_have_attribute("data-phase", "over")
    lengths = page.locator("#scenery .waits").evaluate_all(
        "lines => lines.map(({ x1, x2 }) => x2.baseVal.value - x1.baseVal.value)"
    )
    # Then five waits of 30 s (two of one order, three of the other) have one length, uncut
    assert len(lengths) == 5
    assert max(lengths) - min(lengths) < 1
    assert page.locator("#scenery .cut-line").count() == 0
    # And the hand is where the last mark is
    page.wait_for_function(
        """() => {
          const places = [...document.querySelectorAll('#scenery .mark > g')]
            .map((mark) => mark.transform.baseVal[0].matrix.e)
          const [moved] = document.querySelector('#scenery .hand').transform.baseVal
          const hand = moved.matrix.e
          return Math.abs(hand - Math.max(...places)) < 1
        }"""
    )


def test_what_lasts_too_long_to_be_drawn_is_cut_as_large_as_a_mark(page: Page) -> None:
    # Given an order that was moved back an hour after it was given up
    facts = copy.deepcopy(FACTS)
    bad = next(one for one in facts["runs"][0]["messages"] if one["name"] == "bad")
    bad["steps"].append((3700.0, "redriven", "queue", "waiting", 0))
    bad["redriven_from"], bad["fate"] = "source queue's DLQ", "in flight"
    with shown(page, facts):
        expect(page.locator("#sentence")).to_contain_text("moved back")
        cuts = page.locator("#scenery .cut-line")
        # Then its line alone is cut, and the length stands there
        expect(cuts).to_have_count(1)
        assert "1 h" in page.locator("#scenery text.length").all_text_contents()
        mark = page.locator("#scenery .mark.attempt .shape").first.bounding_box()
        stroke = cuts.first.bounding_box()
        assert mark
        assert stroke
        assert stroke["height"] >= mark["height"]


def test_a_counter_has_the_messages_of_this_scene_and_what_else_lies_there_can_be_read(
    page: Page,
) -> None:
    # Given an order that was given up, to a place with a long name where four others lie
    facts = copy.deepcopy(FACTS)
    [run] = facts["runs"]
    place = next(one for one in run["places"] if one["id"] == "source queue's DLQ")
    place["name"], place["told"] = "On-failure destination", ""
    run["others"] = {place["id"]: 4}
    with shown(page, facts):
        expect(page.locator("body")).to_have_attribute("data-phase", "over")
        card = page.locator("#scenery .card.failure")
        # Then the counter is not the answer that the others would be
        expect(card.locator(".counter text").first).to_have_text("1")
        told = card.locator(".counter .soft")
        expect(told).to_have_text("and 4 of other scenes")
        # And neither the name nor the message lies on those words
        below, [token] = told.bounding_box(), page.locator("#scenery .token.kept").all()
        assert below
        for other in (*card.locator(".name").all(), token):
            box = other.bounding_box()
            assert box
            upper, lower = sorted((box, below), key=lambda one: one["y"])
            assert upper["y"] + upper["height"] <= lower["y"] + 4


def test_the_form_forgets_the_settings_of_the_message_before(
    stage: StageServer, page: Page
) -> None:
    page.goto(stage.address)
    expect(page.locator(".menu")).to_be_visible()
    page.keyboard.press("f")
    often = page.get_by_label("maxReceiveCount").locator("visible=true").last
    often.fill("2")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#own")).to_be_hidden()
    page.keyboard.press("f")
    expect(often).to_have_value("")


def test_the_button_of_a_dialog_stands_apart_from_its_text(page: Page) -> None:
    with shown(page, copy.deepcopy(FACTS)):
        page.keyboard.press("?")
        button = page.locator("#help[open] p")
        expect(button).to_be_visible()
        gap = button.evaluate(
            """one => one.getBoundingClientRect().top
                - one.previousElementSibling.getBoundingClientRect().bottom"""
        )
        assert gap >= 12


def test_names_and_lines_keep_clear_of_marks_where_lines_are_low(page: Page) -> None:
    # Given six orders that lay in the DLQ, are moved back, and are processed at different times
    facts = copy.deepcopy(FACTS)
    [run] = facts["runs"]
    good = next(one for one in run["messages"] if one["name"] == "good")
    run["messages"] = [
        {
            **copy.deepcopy(good),
            "id": f"lying-{number}",
            "name": f"good-{number}",
            "redriven_from": "source queue's DLQ",
            "steps": [
                (0.0, "arrived", "source queue's DLQ", "kept", 0),
                (1.0 + number, "redriven", "queue", "waiting", 0),
                (1.1 + number, "attempt", "function", "running", 0),
                (10.0 + 0.01 * number, "ended", "done", "done", 0),
            ],
            "attempts": [{**good["attempts"][0], "start_s": 9.9, "end_s": 10.0 + 0.01 * number}],
            "arrivals": [
                {"place": "source queue's DLQ", "reason": "moved", "at_s": 0.0, "is_success": False}
            ],
        }
        for number in range(6)
    ]
    with shown(page, facts):
        expect(page.locator("body")).to_have_attribute("data-phase", "over")
        # Then no diamond lies on the name of its order
        names = page.locator("#scenery svg.lanes > text.name").all()
        diamonds = page.locator("#scenery .mark.arrived .shape").all()
        assert len(names) == len(diamonds) == 6
        for name, diamond in zip(names, diamonds, strict=True):
            left, beside = diamond.bounding_box(), name.bounding_box()
            assert left
            assert beside
            assert left["x"] + left["width"] <= beside["x"]
        # And no line goes on behind the last mark
        ends = page.locator("#scenery .lane > line").evaluate_all(
            "lines => lines.map(line => line.x2.baseVal.value)"
        )
        marks = page.locator("#scenery .mark.attempt > g").evaluate_all(
            "marks => marks.map(mark => mark.transform.baseVal[0].matrix.e)"
        )
        assert ends == pytest.approx(marks)


def test_a_way_on_which_nothing_goes_says_why_as_large_as_its_cross(page: Page) -> None:
    facts = copy.deepcopy(FACTS)
    [run] = facts["runs"]
    arrow = next(one for one in run["arrows"] if one["to"] == "function")
    arrow |= {"kind": "broken", "why": "no permission"}
    with shown(page, facts):
        expect(page.locator("#scenery .arrow.broken .why")).to_have_text("no permission")
        cross = page.locator("#scenery .arrow.broken .cross").bounding_box()
        card = page.locator("#scenery .card.function rect").first.bounding_box()
        assert cross
        assert card
        assert cross["height"] >= card["height"] / 2


def test_a_key_that_comes_to_nothing_is_answered_and_its_cause_stays_at_the_end(
    page: Page,
) -> None:
    theatre = FakeTheatre()
    theatre.may_go_on = threading.Event()
    server = StageServer(Director(theatre, pause_s=0.0))
    try:
        page.goto(server.address)
        expect(page.locator(".menu")).to_be_visible()
        page.keyboard.press("3")
        expect(page.locator("#sentence")).to_contain_text("sent")
        page.keyboard.press("3")
        page.keyboard.press("7")
        expect(page.locator("#refused")).to_have_text("Scene 3 is running: S stops it.")
        expect(page.locator("#refused")).to_have_text("")
        theatre.may_go_on.set()
        expect(page.locator("body")).to_have_attribute("data-phase", "over")
        expect(page.locator("#note")).to_have_text(
            "Three orders were sent. The bad one is given up after 90 s. "
            f"Space: {scripts()['fourth-path'].title}."
        )
    finally:
        theatre.may_go_on.set()
        server.stop()


def test_each_moment_is_told_when_the_clock_has_got_there(page: Page) -> None:
    # Given who notes what the page shows, each time that it changes
    server = StageServer(Director(FakeTheatre(), pause_s=1.0))
    try:
        page.goto(server.address)
        expect(page.locator(".menu")).to_be_visible()
        page.evaluate(
            """() => {
              window.noted = []
              const text = (id) => document.getElementById(id).textContent
              new MutationObserver(() => window.noted.push([text("clock"), text("sentence")]))
                .observe(document.body, { subtree: true, childList: true, characterData: true })
            }"""
        )
        page.keyboard.press("1")
        expect(page.locator("body")).to_have_attribute("data-phase", "over")
        noted = page.evaluate("() => window.noted")
    finally:
        server.stop()
    told = [(clock.rpartition("+")[2], text) for clock, text in noted if clock]
    # Then the last of them is told at its time alone, and it is shown before
    assert {clock for clock, text in told if "arrives in the" in text} == {"90 s"}
    assert any(clock == "90 s" for clock, text in told if "arrives in the" not in text)
