"""The stage's pages for everybody, without AWS: axe-core on a frozen scene, light and dark."""

import copy
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
