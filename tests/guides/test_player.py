"""The player in a guide, in a real browser: keys, sentences, evidence, and nothing asked for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Witness, needs_chromium
from tests.guides.notebook import code, display, markdown, notebook, scripts_of
from tests.guides.test_browser import CONTRAST
from tests.unit.workshop.player.runs import ASYNC, SQS, crowd, tables, three_orders
from workshop import html
from workshop.drawing.timeline import timeline
from workshop.evidence.behind import carrying
from workshop.evidence.lane_making import make_lanes
from workshop.guides import scripts
from workshop.guides.export import export
from workshop.guides.search import sections_of
from workshop.player import look
from workshop.player.facts import facts_of
from workshop.player.questions import what_next
from workshop.player.widget import FACTS, WIDGET

pytestmark = needs_chromium


def player(facts: dict[str, Any]) -> Any:
    """What a notebook stores of a displayed player."""
    output = display(text__plain="In JupyterLab this run can be watched.")
    output.data |= {WIDGET: {"model_id": "1"}, FACTS: facts}
    return output


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with the still figure, its player, and one that asks."""
    folder = tmp_path_factory.mktemp("guide")
    attempts, arrivals = tables()
    still = timeline(attempts, arrivals, settings=SQS)
    facts = three_orders()
    folded = html.whole_picture(still._repr_html_(), is_open=False)
    cells = notebook(
        markdown("# A guide\n\nText."),
        code("timeline", display(text__html=still._repr_html_()), player(facts)),
        code(
            "asks",
            player(facts | {"questions": what_next(facts, "bad")}),
            display(text__html=folded),
        ),
    )
    return export(cells, folder / "00.ipynb", folder).path


@pytest.fixture
def opened(page: Page, guide: Path) -> Page:
    page.goto(guide.as_uri())
    return page


# Twenty frames in a row in which the replay did not move.
STANDS = """range => new Promise((resolve) => {
    let before, same = 0
    const look = () => {
        same = range.value === before ? same + 1 : 0
        before = range.value
        if (same >= 20) resolve(true)
        else requestAnimationFrame(look)
    }
    look()
})"""


def first(page: Page) -> Locator:
    return page.locator(".workshop-player").first


def status(view: Locator) -> Locator:
    return view.locator(".status")


def test_the_page_has_the_module_once_and_its_policy_knows_it_by_its_hash(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert scripts_of(text) == [scripts.of_page()[0].text, look.script()]
    assert text.count("function clockOf(") == 1


def test_a_page_without_a_player_allows_none_of_it(tmp_path: Path) -> None:
    page = export(notebook(markdown("# A")), tmp_path / "00.ipynb", tmp_path).path.read_text(
        "utf-8"
    )
    assert scripts_of(page) == [scripts.of_page()[0].text]
    assert "clockOf" not in page


def test_nothing_is_asked_for_and_nothing_goes_wrong(page: Page, guide: Path) -> None:
    witness = Witness(page)
    page.goto(guide.as_uri())
    view = first(page)
    view.get_by_role("button", name="Next event").click()
    view.get_by_role("slider", name="Time").fill("12")
    expect(view.locator(".time")).to_contain_text("+")
    assert witness.problems == []
    assert witness.requests == [guide.as_uri()]


def test_keys_alone_go_from_event_to_event_and_each_is_said(opened: Page) -> None:
    view = first(opened)
    expect(status(view)).to_have_attribute("aria-live", "polite")
    expect(status(view)).to_contain_text("watch what happened to 3 messages")
    view.get_by_role("button", name="Play or pause").focus()
    told = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        opened.keyboard.press(key)
        told.append(status(view).inner_text())
    assert told == [
        "bad, flaky and good: sent.",
        "bad, flaky and good: attempt 1 begins.",
        "bad and flaky: attempt 1 ended with error (ValueError). "
        "good: attempt 1 succeeded, it is processed.",
        "bad, flaky and good: attempt 1 begins.",
    ]


def test_after_a_step_the_clock_shows_the_second_of_the_event(opened: Page) -> None:
    view = first(opened)
    for sentence, second in (
        ("bad, flaky and good: sent.", "+0 s"),
        ("bad, flaky and good: attempt 1 begins.", "+0.1 s"),
        ("attempt 1 succeeded", "+0.1 s"),
        ("bad and flaky: attempt 2 begins.", "+30 s"),
    ):
        view.get_by_role("button", name="Next event").click()
        expect(status(view)).to_contain_text(sentence)
        # Also when the messages have arrived where they went
        opened.wait_for_function(STANDS, arg=view.locator("input[type=range]").element_handle())
        expect(view.locator(".time")).to_contain_text(f", {second}")


def test_end_and_home_go_to_the_last_event_and_before_the_first(opened: Page) -> None:
    view = first(opened)
    view.get_by_role("slider", name="Time").focus()
    opened.keyboard.press("End")
    expect(status(view)).to_contain_text("bad: arrives in the source queue's DLQ")
    opened.keyboard.press("Home")
    expect(status(view)).to_contain_text("watch what happened to 3 messages")


@pytest.mark.parametrize("width", [390, 1280])
def test_its_buttons_stay_where_they_are_whatever_it_says(
    page: Page, guide: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(guide.as_uri())
    view = first(page)
    follower = view.get_by_role("button", name="Next event")
    # At once, since the page may be scrolling
    where = """view => [".settings", "svg.picture", "svg.lanes"].map(one => Math.round(
        view.querySelector(one).getBoundingClientRect().top - view.getBoundingClientRect().top))"""
    places = set()
    for _ in range(12):
        follower.press("ArrowRight")
        page.wait_for_function(STANDS, arg=view.locator("input[type=range]").element_handle())
        places.add(tuple(view.evaluate(where)))
    assert len(places) == 1


def test_on_a_phone_its_letters_are_read_and_no_card_is_cut(page: Page, guide: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(guide.as_uri())
    sizes = first(page).evaluate(
        """view => [...view.querySelectorAll("svg text")].filter((one) => one.textContent).map(
            (one) => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"""
    )
    assert min(sizes) >= 11
    wide = first(page).evaluate(
        """view => [...view.querySelectorAll(".card")].filter((card) => {
            const {right} = card.querySelector("rect").getBoundingClientRect()
            return [...card.querySelectorAll(":scope > text")].some(
                (one) => one.getBoundingClientRect().right > right)
        }).map((card) => card.textContent)"""
    )
    assert wide == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_words_of_a_card_lie_on_others(page: Page, tmp_path: Path, width: int) -> None:
    # Given the longest name of a place, with what it is set to below it
    attempts, _ = tables()
    lanes = make_lanes(attempts, None, ASYNC, None)
    facts = facts_of({"": (lanes, attempts, None, ASYNC)})
    guide = export(
        notebook(markdown("# A"), code("a", player(facts))), tmp_path / "0.ipynb", tmp_path
    )
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(guide.path.as_uri())
    overlapping = first(page).evaluate(
        """view => [...view.querySelectorAll(".card")].filter((card) => {
            const boxes = [...card.querySelectorAll(":scope > text")]
                .filter((one) => one.textContent).map((one) => one.getBoundingClientRect())
            return boxes.some((a, i) => boxes.slice(i + 1).some(
                (b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3))
        }).map((card) => card.textContent)"""
    )
    assert overlapping == []


def test_a_card_says_how_many_more_lie_there_than_are_drawn(page: Page, tmp_path: Path) -> None:
    cells = notebook(markdown("# A"), code("crowd", player(crowd(10))))
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    first(page).get_by_role("slider", name="Time").press("ArrowRight")
    expect(status(first(page))).to_contain_text("sent")
    # They were sent together, and all have gone to the queue, where five of them are drawn
    expect(first(page).locator('.token:not([visibility="hidden"])')).to_have_count(5)
    rests = [text for text in first(page).locator(".more").all_text_contents() if text]
    assert rests == ["+5"]
    # And those that came together to lie beyond the room are counted as soon as they are there
    first(page).get_by_role("slider", name="Time").press("End")
    seen = first(page).locator('.token:not([visibility="hidden"])').count()
    rests = [text for text in first(page).locator(".more").all_text_contents() if text]
    assert seen + sum(map(int, rests)) == 10


def test_space_plays_and_pauses(stopped: Page, guide: Path) -> None:
    stopped.goto(guide.as_uri())
    view = first(stopped)
    slider = view.get_by_role("slider", name="Time")
    slider.focus()
    stopped.keyboard.press("Space")
    stopped.clock.run_for(3_000)
    expect(status(view)).to_contain_text("attempt 1 ended")
    stopped.keyboard.press("Space")
    expect(view.get_by_role("button", name="Play or pause")).to_have_text("▶ Play")
    at_rest = slider.input_value()
    stopped.clock.run_for(3_000)
    assert slider.input_value() == at_rest


def test_while_a_message_waits_it_is_told_for_what_and_how_long_still(opened: Page) -> None:
    view = first(opened)
    show(view, 45)
    expect(view.locator(".waits-now")).to_contain_text(
        re.compile("bad and flaky: hidden by their visibility timeout, 1[56] s left")
    )
    expect(view.locator(".time")).to_contain_text("UTC, +45 s")


def test_counters_are_on_every_place_and_the_parcel_is_shown_in_the_end(opened: Page) -> None:
    view = first(opened)
    view.get_by_role("slider", name="Time").fill(
        view.get_by_role("slider").get_attribute("max") or ""
    )
    counted = {
        card.locator(".name").inner_html(): card.locator(".counter text").first.inner_html()
        for card in view.locator(".card").all()
        if card.locator(".counter").count()
    }
    assert counted == {
        "Source queue": "0",
        "Function": "0",
        "Source queue's DLQ": "1",
        "Processed": "2",
    }
    expect(view.locator(".evidence caption")).to_have_text("dead-lettered message")
    expect(view.locator(".evidence")).to_contain_text("DeadLetterQueueSourceArn")


def test_enter_on_a_mark_opens_its_log_lines_and_its_wait(opened: Page) -> None:
    view = first(opened)
    show(view, 45)
    # A mark that is still to come cannot be reached.
    assert view.locator(".mark.arrived").first.get_attribute("tabindex") == "-1"
    mark = view.get_by_role("button", name="bad: attempt 2, ✗ error")
    mark.focus()
    opened.keyboard.press("Enter")
    expect(view.locator(".evidence")).to_contain_text("[ERROR] ValueError: no")
    expect(view.locator(".evidence")).to_contain_text("START RequestId: bad2")
    wait = view.get_by_role("button", name="bad: visibility timeout 30 s").first
    wait.focus()
    opened.keyboard.press("Enter")
    expect(view.locator(".evidence")).to_contain_text("VisibilityTimeout = 30")


def test_one_message_can_be_followed_and_waits_be_as_long_as_they_were(opened: Page) -> None:
    view = first(opened)
    view.get_by_role("combobox", name="Follow").select_option(label="good")
    for _ in range(3):
        view.get_by_role("button", name="Next event").click()
    expect(status(view)).to_have_text("good: attempt 1 succeeded, it is processed.")
    short = float(view.get_by_role("slider").get_attribute("max") or 0)
    view.get_by_role("checkbox", name="real proportions").check()
    assert float(view.get_by_role("slider").get_attribute("max") or 0) > 90 > 2 * short


# In which card each message is drawn, what the counters say, and whether the slider is at its end.
PICTURED = """view => {
    const inside = (token, card) => {
        const [a, b] = [token, card.querySelector("rect")].map(one => one.getBoundingClientRect())
        const [x, y] = [(a.left + a.right) / 2, (a.top + a.bottom) / 2]
        return b.left < x && x < b.right && b.top < y && y < b.bottom
    }
    const cards = [...view.querySelectorAll(".card")]
    const name = card => card.querySelector(".name").textContent
    const tokens = [...view.querySelectorAll('.token:not([visibility="hidden"])')]
    const range = view.querySelector("input[type=range]")
    return {
        said: view.querySelector(".status").textContent,
        lies: Object.fromEntries(tokens.map(token => [token.textContent,
            cards.filter(card => inside(token, card)).map(name).join()])),
        counted: Object.fromEntries(cards.map(card => [name(card),
            card.querySelector(".counter text")?.textContent])),
        isAtEnd: Number(range.value) > Number(range.max) - 0.02,
        button: view.querySelector(".main").textContent,
    }
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_real_proportions_show_the_same_moment_and_where_it_led(
    page: Page, guide: Path, motion: Any
) -> None:
    page.emulate_media(reduced_motion=motion)
    page.goto(guide.as_uri())
    view = first(page)
    slider = view.get_by_role("slider", name="Time")
    proportions = view.get_by_role("checkbox", name="real proportions")

    def at_rest() -> Any:
        page.wait_for_function(STANDS, arg=slider.element_handle())
        return view.evaluate(PICTURED)

    # Before the first event, after each one, and at the end
    seen = []
    for key in ("Home", *["ArrowRight"] * 9, "End"):
        slider.press(key)
        seen.append(before := at_rest())
        for _ in range(2):
            proportions.click()
            assert view.evaluate(PICTURED) == before
    assert "watch what happened" in seen[0]["said"]
    end = seen[-1]
    assert (end["lies"]["1"], end["counted"]["Source queue's DLQ"]) == ("Source queue's DLQ", "1")
    assert (end["isAtEnd"], end["button"]) == (True, "↻ Again")
    # Also when it is drawn for another width, and when it goes on from there
    proportions.click()
    lanes = view.locator("svg.lanes")
    wide = lanes.get_attribute("width") or ""
    page.set_viewport_size({"width": 700, "height": 800})
    expect(lanes).not_to_have_attribute("width", wide)
    assert view.evaluate(PICTURED) == end
    slider.press("Home")
    slider.press("ArrowRight")
    expect(status(view)).to_have_text("bad, flaky and good: sent.")


# Buttons whose name has not the word that is read on them.
MISNAMED = """view => [...view.querySelectorAll("button")]
    .map(one => [one.textContent.replace(/[^A-Za-z ]/g, "").trim(), one.getAttribute("aria-label")])
    .filter(([text, name]) => name && !name.toLowerCase().includes(text.toLowerCase()))"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_button_is_called_what_is_read_on_it(page: Page, guide: Path, motion: Any) -> None:
    page.emulate_media(reduced_motion=motion)
    page.goto(guide.as_uri())
    for number in (0, 1):
        view = page.locator(".workshop-player").nth(number)
        assert view.evaluate(MISNAMED) == []
        # At its end, or at its question
        view.get_by_role("slider", name="Time").press("End")
        assert view.evaluate(MISNAMED) == []


def test_a_timeline_begins_empty_and_its_words_come_whole(opened: Page) -> None:
    view = first(opened)
    slider = view.get_by_role("slider", name="Time")
    assert view.locator(".lanes clipPath rect").get_attribute("width") == "0"
    # While the hand goes over the words of a wait they are not cut
    cut = """view => {
        const hand = view.querySelector(".hand").getBoundingClientRect().right
        return [...view.querySelectorAll(".lane .length, .lane .cause")].filter(one => {
            const {left, right} = one.getBoundingClientRect()
            return left < hand - 2 && hand + 2 < right
                && getComputedStyle(one).visibility !== "hidden"
        }).map(one => one.textContent)
    }"""
    seen = set()
    for tenth in range(1, 120, 2):
        slider.fill(f"{tenth / 10}")
        seen.update(view.evaluate(cut))
    assert seen == set()
    slider.press("End")
    assert view.locator(".lane .length:not(.later)").count() > 0


def test_who_is_followed_at_the_end_is_told_of_with_what_is_known_of_that_message(
    opened: Page,
) -> None:
    # Given a run at its end, in real proportions, where the last event is another message's
    view = first(opened)
    view.get_by_role("checkbox", name="real proportions").check()
    opened.keyboard.press("End")
    expect(status(view)).to_contain_text("bad: arrives in the source queue's DLQ")
    # When one that ended long before is followed, then its own end and log lines are told
    follow = view.get_by_role("combobox", name="Follow")
    follow.select_option(label="good")
    expect(status(view)).to_have_text("good: attempt 1 succeeded, it is processed.")
    expect(view.locator(".evidence")).not_to_contain_text("ValueError")


# Names that lie below the word of a ring.
COVERED = """view => {
    const said = view.querySelector("text.said").getBoundingClientRect()
    return [...view.querySelectorAll(".lanes > .name")].filter(one => {
        const box = one.getBoundingClientRect()
        return box.left < said.right && said.left < box.right && box.top + 3 < said.bottom - 3
            && said.top + 3 < box.bottom - 3
    }).map(one => one.textContent)
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_it_asks_before_it_shows_and_draws_the_answer(
    stopped: Page, guide: Path, width: int
) -> None:
    stopped.set_viewport_size({"width": width, "height": 900})
    stopped.goto(guide.as_uri())
    view = stopped.locator(".workshop-player").nth(1)
    view.get_by_role("button", name="Play or pause").click()
    stopped.clock.run_for(3_000)
    # Then it stops, and what comes next is not told
    view.get_by_role("group", name="bad: attempt 1 failed. What happens next?").wait_for()
    assert view.locator(".waits-now").inner_text() == ""
    ticks = ["+0 s", "+0.1 s"] if width > 400 else ["+0 s"]
    assert view.locator(".axis text:visible").all_text_contents() == ticks
    view.get_by_text("Lambda runs it again at once.").click()
    view.get_by_role("button", name="Answer", exact=True).click()
    # And after a wrong answer there is a sentence for it, the right one, and the next question
    expect(view.locator(".verdict")).to_contain_text(
        "Lambda has to wait until SQS shows it. The answer: It stays in the queue, hidden, and is "
        "received again later."
    )
    view.get_by_role("spinbutton").fill("60")
    stopped.keyboard.press("Enter")
    # Then time goes on, with the answer drawn
    stopped.clock.run_for(1_000)
    expect(view.locator(".verdict")).to_contain_text("You said: 60 s")
    expect(view.locator("circle.said")).to_have_count(1)
    assert view.evaluate(COVERED) == []
    expect(view.locator(".waits-now")).to_contain_text("left")


def test_an_answer_that_is_none_is_told_kindly(opened: Page) -> None:
    view = opened.locator(".workshop-player").nth(1)
    view.get_by_role("slider", name="Time").focus()
    opened.keyboard.press("End")
    answer = view.get_by_role("button", name="Answer", exact=True)
    answer.click()
    expect(view.get_by_role("alert")).to_have_text("Choose one of them, or press Show me.")
    view.get_by_text("It stays in the queue, hidden, and is received again later.").click()
    answer.click()
    expect(view.locator(".verdict")).to_contain_text("✓ Right. You said: It stays in the queue")
    expect(view.locator(".verdict")).not_to_contain_text("..")
    # Letters are no number of seconds
    view.get_by_role("spinbutton").press_sequentially("e")
    answer.click()
    expect(view.get_by_role("alert")).to_have_text("Type a number, or press Show me.")
    view.get_by_role("button", name="Go on without an answer").click()
    expect(view.locator(".verdict")).to_contain_text("The answer: It was after 30 s.")
    # And nothing of it is said before its question
    opened.keyboard.press("Home")
    expect(view.locator(".verdict")).to_have_count(0)


def test_the_picture_beside_a_question_does_not_answer_it(opened: Page) -> None:
    # Given a player that asks what happens after a failure
    view = opened.locator(".workshop-player").nth(1)
    view.get_by_role("slider", name="Time").focus()
    opened.keyboard.press("End")
    show = view.get_by_role("button", name="Go on without an answer")
    expect(show).to_be_visible()
    # Then the three messages are at the function still
    at_function = view.locator(".card.function .counter text").first
    expect(at_function).to_have_text("3")
    # When somebody asks to be shown, then the right words stand there
    show.click()
    expect(view.locator(".verdict")).to_contain_text(
        "The answer: It stays in the queue, hidden, and is received again later."
    )
    # And once all is asked it lies where it was said to
    show.click()
    expect(at_function).not_to_have_text("3")


def test_what_tells_the_answers_is_folded_by_the_script_alone(opened: Page, guide: Path) -> None:
    told = opened.locator("details.whole-picture")
    expect(told.locator("figure")).to_be_hidden()
    told.get_by_text("The whole picture: it tells the answers").click()
    expect(told.locator("figure")).to_be_visible()
    # Without scripts it is open, and on paper nothing is folded
    context = opened.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    still = context.new_page()
    still.goto(guide.as_uri())
    expect(still.locator("details.whole-picture figure")).to_be_visible()
    context.close()
    opened.reload()
    opened.emulate_media(media="print")
    # There it stands at the end, with the other answers
    expect(told.locator("figure")).to_be_hidden()
    expect(opened.locator("figure").last).to_be_visible()


# Where the line of the time runs through a name.
CROSSED = """view => {
    const hand = view.querySelector(".hand")
    if (hand.getAttribute("visibility") === "hidden") return "hidden"
    const names = [...view.querySelectorAll(".lanes > .name")].map(one => one.getBBox())
    const parts = [...hand.getAttribute("d").matchAll(/M0 ([\\d.]+)V([\\d.]+)/g)]
    return parts.filter(([, from, to]) =>
        names.some(one => one.y < Number(to) && Number(from) < one.y + one.height - 2)).length
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_time_s_line_goes_through_no_name_and_is_not_there_before_play(
    page: Page, guide: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(guide.as_uri())
    view = first(page)
    assert view.evaluate(CROSSED) == "hidden"
    # Nor is any mark: nothing has been sent yet
    assert view.locator(".lanes .mark:not(.later)").count() == 0
    view.get_by_role("slider", name="Time").fill("0.5")
    assert view.evaluate(CROSSED) == 0


# How far the sending's circle and the first attempt's mark are apart, in each lane.
APART = """view => [...view.querySelectorAll(".lanes .lane")].flatMap(lane => {
    const sent = lane.querySelector(".mark.sent")?.getBoundingClientRect()
    const tried = lane.querySelector(".mark.attempt .shape")?.getBoundingClientRect()
    return sent && tried ? [tried.left - sent.right] : []
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_no_attempt_hides_the_sending(page: Page, guide: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(guide.as_uri())
    view = first(page)
    view.get_by_role("slider", name="Time").focus()
    page.keyboard.press("End")
    apart = view.evaluate(APART)
    assert len(apart) == 3
    assert min(apart) > 0.5


# The size of the letters in a picture as they are seen, and what is drawn narrower than it is.
LETTERS = """view => [...view.querySelectorAll(".picture text")]
    .filter(one => one.textContent).map(one => [one.textContent,
    parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a,
    one.hasAttribute("textLength") ? one.getBBox().width / one.textContent.length : 9])"""


@pytest.mark.parametrize("width", [1280, 800, 600, 390])
def test_letters_of_a_picture_with_many_cards_are_11_px_or_more(
    page: Page, tmp_path: Path, width: int
) -> None:
    # Given five cards in a row: topic, event queue, and a place for success
    attempts, arrivals = tables()
    lanes = make_lanes(attempts, arrivals, ASYNC, None)
    outputs = {"TopicArn": "t", "OnSuccessQueueUrl": "q", "SubscriptionDlqUrl": "s"}
    facts = facts_of({"": (lanes, carrying(attempts, outputs=outputs), arrivals, ASYNC)})
    cells = notebook(markdown("# A"), code("run", player(facts)))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    seen = first(page).evaluate(LETTERS)
    assert [(text, size) for text, size, _ in seen if size < 11] == []
    # Nor squeezed until nobody can read them
    assert [(text, wide) for text, _, wide in seen if wide < 5] == []


def test_nothing_moves_by_itself_for_who_prefers_reduced_motion(stopped: Page, guide: Path) -> None:
    stopped.emulate_media(reduced_motion="reduce")
    stopped.goto(guide.as_uri())
    view = first(stopped)
    expect(view.get_by_role("combobox", name="Speed")).to_have_count(0)
    view.get_by_role("button", name="Next event").click()
    before = (
        view.locator(".token").first.get_attribute("transform"),
        view.get_by_role("slider").input_value(),
    )
    stopped.clock.run_for(3_000)
    # One press was one event, and the messages are where they came to
    assert (
        view.locator(".token").first.get_attribute("transform"),
        view.get_by_role("slider").input_value(),
    ) == before
    expect(status(view)).to_have_text("bad, flaky and good: sent.")
    # Also there it asks
    asking = stopped.locator(".workshop-player").nth(1)
    for _ in range(3):
        asking.get_by_role("button", name="Next event").click()
    asking.get_by_role("group", name="bad: attempt 1 failed. What happens next?").wait_for()


# What takes room on a page and shows nothing.
EMPTY = """() => [...document.querySelectorAll(".output")].filter(one => one.offsetHeight > 0
    && !one.innerText.trim() && !one.querySelector("svg, img")).length"""
PLAYED = "On a screen with JavaScript this run is played here, step by step"
ABOVE = "; what stands above tells the same."


def test_in_the_place_of_a_player_paper_and_a_page_without_scripts_say_what_stands_there(
    page: Page, guide: Path
) -> None:
    # Given a page whose players play
    page.goto(guide.as_uri())
    notes = page.locator(".unplayed")
    assert [one.is_visible() for one in notes.all()] == [False, False]
    # Then paper says in their place what they do, and what they ask
    page.emulate_media(media="print")
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    still = context.new_page()
    still.goto(guide.as_uri())
    for shown in (page, still):
        plays, asks = shown.locator(".unplayed").all()
        expect(plays).to_have_text(f"{PLAYED}{ABOVE}", use_inner_text=True)
        expect(asks).to_have_text(
            f"{PLAYED}, and you are asked: “bad: attempt 1 failed. What happens next?” “How many "
            "seconds after the start of attempt 1 does attempt 2 start?” The whole picture below "
            "tells the answers.",
            use_inner_text=True,
        )
        assert shown.evaluate(EMPTY) == 0
    context.close()


def test_nobody_finds_by_searching_what_only_paper_shows(guide: Path) -> None:
    assert "JavaScript" not in " ".join(section["text"] for section in sections_of(guide))


def test_paper_says_once_what_stands_on_a_screen_below_each_figure(
    page: Page, tmp_path: Path
) -> None:
    one = (display(text__html="<p>A figure</p>"), player(three_orders()))
    cells = notebook(markdown("# A"), code("a", *one), code("b", *one), code("c", one[1]))
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    page.emulate_media(media="print")
    # Where nothing tells the same, it does not say so
    shown = [one.inner_text() for one in page.locator(".unplayed:visible").all()]
    assert shown == [f"{PLAYED}{ABOVE}", f"{PLAYED}."]
    assert page.evaluate(EMPTY) == 0


def test_without_scripts_and_in_print_there_is_the_still_figure_alone(
    page: Page, guide: Path
) -> None:
    page.goto(guide.as_uri())
    page.emulate_media(media="print")
    expect(first(page)).to_be_hidden()
    expect(page.locator("figure").first).to_be_visible()
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    still = context.new_page()
    still.goto(guide.as_uri())
    expect(first(still)).to_be_hidden()
    expect(still.locator("figure").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_words_can_be_read(page: Page, guide: Path, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(guide.as_uri())
    show(first(page), 45)
    worst = page.evaluate(CONTRAST)
    assert worst["ratio"] >= 4.5, worst


def test_it_is_no_wider_than_a_phone(page: Page, guide: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(guide.as_uri())
    show(first(page), 45)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_colours_of_the_system_leave_shapes_and_words(page: Page, guide: Path) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(guide.as_uri())
    show(first(page), 45)
    fill = "getComputedStyle(document.querySelector('.mark.error .shape')).fill"
    ink = "getComputedStyle(document.querySelector('.mark.error .number')).fill"
    assert page.evaluate(fill) != page.evaluate(ink)
    assert page.locator(".mark.error .word").first.inner_html() == "✗ error"


def test_a_crowd_is_counted_and_not_drawn_one_by_one(page: Page, tmp_path: Path) -> None:
    cells = notebook(markdown("# A crowd"), code("crowd", player(crowd(200))))
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    view = first(page)
    view.get_by_role("slider", name="Time").fill("10")
    assert 0 < view.locator(".token").count() <= 80
    expect(view.locator(".run > p")).to_have_text("and 160 more messages, which the counters count")
    # And how many more lie in a card is said within it
    outside = """cards => cards.filter(card => {
        const [box, more] = ["rect", ".more"].map(
            one => card.querySelector(one)?.getBoundingClientRect())
        return more?.width > 0 && more.right > box.right
    }).map(card => card.textContent)"""
    for moment in ("Home", "End"):
        view.get_by_role("slider", name="Time").press(moment)
        assert view.locator(".more", has_text="+").count() > 0
        assert view.locator(".card").evaluate_all(outside) == []


def test_what_it_shows_of_a_message_is_text(page: Page, tmp_path: Path) -> None:
    # Given an order whose name would be a tag
    facts = json.loads(
        json.dumps(three_orders()).replace('"bad"', '"<img src=x onerror=alert(1)>"')
    )
    witness = Witness(page)
    cells = notebook(markdown("# A"), code("x", player(facts)))
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    show(first(page), 45)
    assert page.locator("img").count() == 0
    assert witness.problems == []


def show(view: Locator, t: float) -> None:
    """Go to a time of AWS, by the slider."""
    slider = view.get_by_role("slider", name="Time")
    early, late = 0.0, float(slider.get_attribute("max") or 0)
    while late - early > 0.02:
        middle = (early + late) / 2
        slider.fill(f"{middle:.2f}")
        told = re.search(r"\+([\d.]+) s", view.locator(".time").inner_text())
        is_late = told is not None and float(told[1]) >= t
        early, late = (early, middle) if is_late else (middle, late)
    slider.fill(f"{late:.2f}")
