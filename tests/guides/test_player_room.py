"""The room that a player takes, on a phone and elsewhere, and whose hand it plays under."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import DRAWN, LOOKS, needs_chromium, violations
from tests.guides.notebook import code, markdown, notebook
from tests.guides.test_player import STANDS, player
from tests.unit.workshop.player.runs import one_good_order, three_orders
from workshop.guides.export import export
from workshop.player.questions import what_next

pytestmark = needs_chromium

PHONE = {"width": 390, "height": 844}
SHOW_ME = "Show me, and go on without an answer"


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with much text around two players, the second of which asks."""
    folder = tmp_path_factory.mktemp("guide")
    facts = three_orders()
    cells = notebook(
        markdown("# A guide\n\n" + "Text. " * 800),
        code("plays", player(facts)),
        code("asks", player(facts | {"questions": what_next(facts, "bad")})),
        markdown("Text. " * 800),
    )
    return export(cells, folder / "00.ipynb", folder).path


def view_of(page: Page, guide: Path, number: int = 0) -> Locator:
    page.goto(guide.as_uri())
    return page.locator(".workshop-player").nth(number)


BOX = "one => one.getBoundingClientRect().height"

# How high a player is at every event, from before the first one to after the last.
HEIGHTS = """view => {
    const heights = []
    const button = name => [...view.querySelectorAll("button")].find(
        one => one.getAttribute("aria-label")?.startsWith(name))
    for (let i = 0; i < 60 && !view.textContent.includes("Again"); i += 1) {
        heights.push(view.getBoundingClientRect().height)
        const next = button("Show me") ?? button("Next event")
        next.click()
    }
    return [...heights, view.getBoundingClientRect().height]
}"""


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("width", [320, 390, 800, 1280])
def test_it_is_as_high_at_every_event(page: Page, guide: Path, width: int, number: int) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    heights = view_of(page, guide, number).evaluate(HEIGHTS)
    assert 8 <= len(heights) < 60
    unplayed, *played = heights
    assert set(played) == {played[0]}
    # And before anybody plays it keeps no room free for evidence
    assert unplayed < played[0]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_evidence_has_its_room_from_the_first_press_on(page: Page, guide: Path) -> None:
    page.emulate_media(reduced_motion="reduce")
    view = view_of(page, guide)
    below = view.get_by_role("group", name="Evidence", exact=True)
    # Its sentence and the line above it
    assert below.evaluate(BOX) == pytest.approx(below.locator(".evidence").evaluate(BOX) + 1)
    view.locator("button.main").click()
    expect(below).to_have_css("height", "280px")
    # And keeps it, back at the beginning too
    view.locator(".player-body").press("Home")
    expect(below).to_have_css("height", "280px")


def test_on_a_phone_its_head_leaves_the_picture_the_window(page: Page, guide: Path) -> None:
    page.set_viewport_size(PHONE)
    head = view_of(page, guide).locator(".head")
    assert head.evaluate(BOX) <= 0.18 * PHONE["height"]


def test_what_took_no_second_is_not_said_to_have_taken_none(page: Page, tmp_path: Path) -> None:
    # Given an order that was processed within a tenth of a second
    cells = notebook(markdown("# A guide"), code("plays", player(one_good_order())))
    view = view_of(page, export(cells, tmp_path / "00.ipynb", tmp_path).path)
    expect(view.locator(".status")).to_contain_text("in less than a second of AWS's time")


# Whether each button of the dock can be pressed where it is seen, and lies within its player.
REACHABLE = """view => {
    const {top, bottom} = view.getBoundingClientRect()
    return [...view.querySelectorAll(".dock button, .dock input")].every(one => {
        const box = one.getBoundingClientRect()
        const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2]
        const seen = document.elementFromPoint(x, y)
        return one.contains(seen) && top <= box.top && box.bottom <= bottom
    })
}"""


def scroll_to(view: Locator, part: str, height: float) -> None:
    """Scroll until the top of a part is so high in the window."""
    view.locator(part).evaluate(
        """(one, height) => {
            const main = document.querySelector("main")
            const port = main.style.height ? main : window
            port.scrollBy(0, one.getBoundingClientRect().top - height)
        }""",
        height,
    )


def test_on_a_phone_its_controls_stay_in_sight(page: Page, guide: Path) -> None:
    page.set_viewport_size(PHONE)
    view = view_of(page, guide)
    for part, height in (
        (".player-body", 0),
        (".player-body", 500),
        ("svg.picture", 300),
        ("svg.lanes", 250),
    ):
        scroll_to(view, part, height)
        assert view.evaluate(REACHABLE), (part, height)
    # And what happened is read beside the lanes
    scroll_to(view, "svg.lanes", 250)
    expect(view.locator(".status")).to_be_in_viewport()
    # Where they have no room they go with it, no further
    scroll_to(view, ".player-body", 830)
    dock = view.locator(".dock").bounding_box()
    body = view.locator(".player-body").bounding_box()
    assert dock is not None
    assert body is not None
    assert dock["y"] >= body["y"]


def test_what_stays_in_sight_leaves_the_picture_its_room(page: Page, guide: Path) -> None:
    # Given as much as is seen at 400 %, or of a phone that lies
    page.set_viewport_size({"width": 320, "height": 256})
    view = view_of(page, guide)
    scroll_to(view, "svg.picture", 0)
    for part in (".dock", ".head"):
        expect(view.locator(part)).not_to_be_in_viewport()


# Whether the whole picture is seen: in what is scrolled, between the sentence and the controls.
PICTURE_SEEN = """(view) => {
    const [picture, head, dock] = ["svg.picture", ".head", ".dock"].map(
        one => view.querySelector(one).getBoundingClientRect())
    const main = document.querySelector("main")
    const port = main.style.height ? main.getBoundingClientRect() : {top: 0, bottom: innerHeight}
    return port.top <= head.top && head.bottom <= picture.top + 1
        && picture.bottom <= dock.top + 1 && dock.bottom <= port.bottom + 1
}"""
# As JupyterLab does it: not the window is scrolled but a part of the page.
IN_A_PART = """main => {
    main.style.height = "700px"
    main.style.overflow = "auto"
    main.style.padding = "0"
}"""
# Twenty frames in a row in which nothing was scrolled in an element, or without one in the window.
STILL = """one => new Promise((resolve) => {
    const port = one ?? document.scrollingElement
    let before, same = 0
    const look = () => {
        same = port.scrollTop === before ? same + 1 : 0
        before = port.scrollTop
        if (same >= 20) resolve(true)
        else requestAnimationFrame(look)
    }
    look()
})"""


@pytest.mark.parametrize("where", ["window", "part"])
@pytest.mark.parametrize(("width", "motion"), [(390, "no-preference"), (1280, "reduce")])
@pytest.mark.parametrize("key", ["Space", "ArrowRight", "End"])
def test_what_is_played_comes_into_sight(
    page: Page, guide: Path, key: str, width: int, motion: Any, where: str
) -> None:
    # Given a player whose controls are seen, and of whose picture half is not
    page.emulate_media(reduced_motion=motion)
    page.set_viewport_size({"width": width, "height": 820})
    view = view_of(page, guide)
    if where == "part":
        page.locator("main").evaluate(IN_A_PART)
        page.evaluate(DRAWN)
    view.locator(".main").focus()
    scroll_to(view, "svg.picture", 650)
    assert not view.evaluate(PICTURE_SEEN)
    page.keyboard.press(key)
    # Then it is all there; who prefers no motion sees it jump
    if motion == "no-preference":
        page.wait_for_function(PICTURE_SEEN, arg=view.element_handle())
    assert view.evaluate(PICTURE_SEEN)


# How far a wheel was turned; a browser may make one event of several.
ROLLED = """() => {
    window.rolled = 0
    addEventListener("wheel", ({deltaY}) => { rolled += deltaY }, {passive: true})
}"""


def test_what_is_played_stays_where_somebody_scrolls_to(page: Page, guide: Path) -> None:
    page.set_viewport_size(PHONE)
    view = view_of(page, guide)
    page.mouse.move(190, 200)
    view.locator(".main").evaluate("one => one.focus({preventScroll: true})")
    scroll_to(view, "svg.picture", 700)
    before = page.evaluate("scrollY")
    page.keyboard.press("Space")
    page.wait_for_function("before => scrollY > before", arg=before)
    # (the browser tells late that a scrolling before the press has ended)
    page.evaluate("document.dispatchEvent(new Event('scrollend'))")
    page.evaluate(ROLLED)
    for _ in range(3):
        page.mouse.wheel(0, -100)
    page.wait_for_function("() => rolled === -300")
    # Then it does not go on against them
    page.wait_for_function(STILL)
    assert not view.evaluate(PICTURE_SEEN)
    # Nor does it call them back later
    scroll_to(view, "svg.picture", 600)
    scrolled = page.evaluate("scrollY")
    for key in ("Space", "ArrowRight", "End"):
        page.keyboard.press(key)
    page.wait_for_function(STILL)
    assert page.evaluate("scrollY") == scrolled
    # Who comes back from elsewhere is shown it again
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(
        "view => view.getBoundingClientRect().top > innerHeight", arg=view.element_handle()
    )
    page.wait_for_function(STILL)
    page.keyboard.press("Home")
    page.wait_for_function(PICTURE_SEEN, arg=view.element_handle())


# Marks of the timeline that have the focus behind what stays in sight.
BEHIND = """view => {
    const [mark, head, dock] = [document.activeElement, ...[".head", ".dock"].map(
        one => view.querySelector(one))].map(one => one.getBoundingClientRect())
    const isBehind = mark.bottom > dock.top || mark.top < head.bottom
    return document.activeElement.matches(".mark") && isBehind
        ? document.activeElement.getAttribute("aria-label") : ""
}"""


def test_no_mark_has_the_focus_behind_the_controls(page: Page, guide: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 720})
    view = view_of(page, guide)
    view.get_by_role("slider", name="Time").press("End")
    page.wait_for_function(STILL)
    behind = []
    for key in ("Shift+Tab", "Tab"):
        for _ in range(24):
            # From wherever somebody has scrolled to
            scroll_to(view, "svg.lanes", 560 if key == "Shift+Tab" else 60)
            page.keyboard.press(key)
            behind.append(view.evaluate(BEHIND))
    assert set(behind) == {""}


def test_what_is_too_long_is_scrolled_by_keys(page: Page, guide: Path) -> None:
    page.set_viewport_size(PHONE)
    view = view_of(page, guide)
    view.get_by_role("slider", name="Time").press("End")
    expect(view.locator(".evidence caption")).to_have_text("dead-lettered message")
    below = view.get_by_role("group", name="Evidence", exact=True)
    below.focus()
    page.keyboard.press("PageDown")
    page.wait_for_function("one => one.scrollTop > 0", arg=below.element_handle())
    page.wait_for_function(STILL, arg=below.element_handle())
    # What is opened next begins at its beginning
    view.get_by_role("button", name="Back to").press("Enter")
    assert below.evaluate("one => one.scrollTop") == 0


# How much of what stands below the controls is not seen.
HIDDEN = "one => one.scrollHeight - one.clientHeight"


def test_on_a_phone_what_is_behind_a_mark_is_shown_whole(page: Page, guide: Path) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    view = view_of(page, guide)
    view.get_by_role("slider", name="Time").press("End")
    below = view.get_by_role("group", name="Evidence", exact=True)
    height = view.evaluate(BOX)
    # Given a record that an event brought, in the room that every event has: its rest is told of
    rest = below.get_by_role("button", name="Show all of it")
    expect(rest).to_be_visible()
    assert below.evaluate(HIDDEN) > 100
    rest.press("Enter")
    assert below.evaluate(HIDDEN) == 0
    expect(rest).to_be_hidden()
    expect(below).to_be_focused()
    # The next event has its room again, and a mark that is opened all that it needs
    view.get_by_role("button", name="Back to").press("Enter")
    assert view.evaluate(BOX) == height
    view.get_by_role("slider", name="Time").press("End")
    assert view.evaluate(BOX) == height
    scroll_to(view, "svg.lanes", 300)
    view.locator(".mark.arrived").press("Enter")
    expect(below.locator("caption")).to_have_text("dead-lettered message")
    assert below.evaluate(HIDDEN) == 0
    view.get_by_role("slider", name="Time").press("Home")
    assert view.evaluate(BOX) == height


def test_what_is_scrolled_to_its_end_has_no_rest(page: Page, guide: Path) -> None:
    page.set_viewport_size(PHONE)
    view = view_of(page, guide)
    view.get_by_role("slider", name="Time").press("End")
    below = view.get_by_role("group", name="Evidence", exact=True)
    rest = below.get_by_role("button", name="Show all of it")
    expect(rest).to_be_visible()
    below.evaluate("one => { one.scrollTop = one.scrollHeight }")
    expect(rest).to_be_hidden()
    # A wide page has scrollbars
    page.set_viewport_size({"width": 1280, "height": 800})
    below.evaluate("one => { one.scrollTop = 0 }")
    expect(rest).to_be_hidden()


# Whether each line of an option begins beside its button, and whether the frame is around all.
SET = """view => {
    const lines = [...view.querySelectorAll("fieldset label")].flatMap(label => {
        const range = document.createRange()
        range.selectNodeContents(label.lastChild)
        const end = label.querySelector("input").getBoundingClientRect().right
        return [...range.getClientRects()].map(line => line.left >= end)
    })
    const [frame, legend] = ["fieldset", "legend"].map(
        one => view.querySelector(one).getBoundingClientRect())
    return {lines, isFramed: frame.top < legend.top && legend.bottom < frame.bottom}
}"""


def test_on_a_phone_a_question_is_within_its_frame_and_its_options_hang(
    page: Page, guide: Path
) -> None:
    page.set_viewport_size({"width": 320, "height": 844})
    view = view_of(page, guide, 1)
    view.get_by_role("slider", name="Time").press("End")
    view.get_by_role("group", name=QUESTION).wait_for()
    seen = view.evaluate(SET)
    # More lines than options
    assert len(seen["lines"]) > 4
    assert set(seen["lines"]) == {True}
    assert seen["isFramed"]


def test_a_question_comes_into_sight(page: Page, guide: Path) -> None:
    page.set_viewport_size(PHONE)
    view = view_of(page, guide, 1)
    scroll_to(view, ".player-body", 0)
    view.get_by_role("slider", name="Time").press("End")
    for name in ("Answer", SHOW_ME):
        expect(view.get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    assert view.evaluate(REACHABLE)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_has_no_violation_while_it_asks_nor_at_its_end(
    page: Page, guide: Path, width: int, scheme: Any
) -> None:
    page.emulate_media(reduced_motion="reduce")
    for number in (0, 1):
        view = view_of(page, guide, number)
        view.get_by_role("slider", name="Time").press("End")
        assert violations(page, width, scheme) == []


QUESTION = "bad: attempt 1 failed. What happens next?"


def at_the_question(page: Page, guide: Path) -> Locator:
    """The player, come to its first question step by step."""
    view = view_of(page, guide, 1)
    view.get_by_role("slider", name="Time").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    view.get_by_role("group", name=QUESTION).wait_for()
    return view


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_who_steps_is_shown_the_answer_and_stays_there(
    page: Page, guide: Path, motion: Any
) -> None:
    page.emulate_media(reduced_motion=motion)
    view = at_the_question(page, guide)
    # When both questions are passed over
    view.get_by_role("button", name=SHOW_ME).click()
    expect(view.locator("legend")).to_contain_text("How many seconds")
    view.get_by_role("button", name=SHOW_ME).click()
    # Then the answer is there, and the event that was asked about is the one that is shown
    expect(view.locator(".verdict")).to_contain_text("It was after 30 s.")
    slider = view.locator("input[type=range]")
    page.wait_for_function(STANDS, arg=slider.element_handle())
    expect(view.locator(".status")).to_contain_text("bad and flaky: attempt 1 ended with error")
    expect(view.locator(".card.function .counter text").first).to_have_text("0")
    expect(view.locator(".main")).not_to_contain_text("Pause")
    # And the next step is the next event
    page.keyboard.press("ArrowRight")
    expect(view.locator(".status")).to_have_text("bad and flaky: attempt 2 begins.")


def test_who_steps_and_answers_stays_there_too(page: Page, guide: Path) -> None:
    view = at_the_question(page, guide)
    view.get_by_text("It moves to the DLQ.").click()
    view.get_by_role("button", name="Answer", exact=True).click()
    view.get_by_role("spinbutton").fill("30")
    page.keyboard.press("Enter")
    expect(view.locator(".verdict")).to_contain_text("✓ Right. You said: 30 s")
    page.wait_for_function(STANDS, arg=view.locator("input[type=range]").element_handle())
    expect(view.locator(".status")).to_contain_text("bad and flaky: attempt 1 ended with error")


def test_who_plays_is_shown_the_answer_and_it_plays_on(stopped: Page, guide: Path) -> None:
    view = view_of(stopped, guide, 1)
    view.get_by_role("slider", name="Time").press("Space")
    stopped.clock.run_for(3_000)
    view.get_by_role("group", name=QUESTION).wait_for()
    for _ in range(2):
        view.get_by_role("button", name=SHOW_ME).click()
    expect(view.get_by_role("button", name="Play or pause")).to_contain_text("Pause")
    # The wait of 30 s takes four of the replay
    stopped.clock.run_for(4_300)
    expect(view.locator(".status")).to_have_text("bad and flaky: attempt 2 begins.")


FIRST = "Answer first, or press Show me: then it goes on."


@pytest.mark.parametrize("key", ["Space", "ArrowRight", "End"])
def test_who_wants_to_go_on_from_a_question_is_told_to_answer_first(
    page: Page, guide: Path, key: str
) -> None:
    view = at_the_question(page, guide)
    before = view.evaluate(BOX)
    view.get_by_role("slider", name="Time").press(key)
    # Then it says so, where the answer is given, and nothing else has happened
    expect(view.get_by_role("alert")).to_have_text(FIRST)
    expect(view.get_by_role("radio").first).to_be_focused()
    expect(view.get_by_role("group", name=QUESTION)).to_be_visible()
    assert view.evaluate(BOX) == before


def test_buttons_that_wait_for_an_answer_say_so_and_work_again_after_it(
    page: Page, guide: Path
) -> None:
    view = at_the_question(page, guide)
    buttons = [view.locator(".main"), view.get_by_role("button", name="Next event")]
    for button in buttons:
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("title", "Waits for your answer to the question below")
        # They can be pressed: who does not see why is told
        button.dispatch_event("click")
        expect(view.get_by_role("alert")).to_have_text(FIRST)
        expect(view.get_by_role("radio").first).to_be_focused()
    for _ in range(2):
        view.get_by_role("button", name=SHOW_ME).click()
    for button in buttons:
        expect(button).to_have_attribute("aria-disabled", "false")
        expect(button).not_to_have_attribute("title", re.compile("Waits"))


@pytest.mark.parametrize("key", ["ArrowLeft", "Home"])
def test_who_goes_back_from_a_question_looks_again_and_is_asked_again(
    page: Page, guide: Path, key: str
) -> None:
    view = at_the_question(page, guide)
    slider = view.get_by_role("slider", name="Time")
    slider.press(key)
    expect(view.locator("form")).to_have_count(0)
    expect(view.locator(".main")).to_have_attribute("aria-disabled", "false")
    expect(slider).to_be_focused()
    slider.press("End")
    expect(view.get_by_role("group", name=QUESTION)).to_be_visible()
    # From within the question, too: the focus is not lost
    view.get_by_role("button", name="Back to").evaluate("one => one.click()")
    expect(view.locator(".main")).to_be_focused()


def test_an_invitation_names_no_mouse(page: Page, guide: Path) -> None:
    evidence = view_of(page, guide).locator(".evidence")
    expect(evidence).to_contain_text("Choose a mark of the timeline to see what is behind it.")
    expect(evidence).not_to_contain_text("lick")
