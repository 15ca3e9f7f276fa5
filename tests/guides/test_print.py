"""On paper: answers at the end, what belongs together on one sheet, nothing cut or to press."""

import base64
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from tests.browser import needs_chromium
from tests.guides.notebook import code, display, markdown, notebook
from tests.guides.test_player import player
from tests.unit.workshop.player.runs import three_orders
from workshop import html
from workshop.guides.export import export
from workshop.guides.guide import Neighbours
from workshop.guides.search import sections_of

FIGURE = str(html.figure('<svg viewBox="0 0 9 9" width="700" height="500"></svg>', "A figure", 700))
ASKED = str(html.details("The answer", html.paragraph("Three times.")))
SOLVED = "<details>\n<summary>Solution</summary>\n\nLook at `it`.\n\n</details>"
DRAWN = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"/>').decode()
PICTURED = f'<img alt="The pattern" src="data:image/svg+xml;base64,{DRAWN}">'
GUESSED = SOLVED.replace("Solution", "The picture of it. Guess first: it tells.").replace(
    "Look at `it`.", PICTURED
)
ANSWERING = '<svg viewBox="0 0 9 9"><g id="f-a"><path clip-path="url(#f-b)"/></g></svg>'
WHOLE = str(
    html.whole_picture(html.figure(ANSWERING, "What came", 700, html.Markup("phone")), is_open=True)
)
# A column of words beside one that takes all the room it gets.
WIDE = str(html.table(("lost", "told"), [("False", "said again and again " * 20)]))


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("print")
    cells = notebook(
        markdown("# A lesson\n\n## Run"),
        code("timeline()", display(text__html=FIGURE), player(three_orders())),
        code("compare()", display(text__html=ASKED)),
        markdown(f"## Yours\n\n{SOLVED}"),
        code("ledger", display(text__html=WIDE)),
        markdown("## Recap\n\nThe last words."),
    )
    around = Neighbours(("00-b.html", "Before"), ("02-c.html", "After"))
    return export(cells, folder / "01-a.ipynb", folder, around).path


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose pictures tell answers."""
    folder = tmp_path_factory.mktemp("asking")
    cells = notebook(
        markdown(f"# A lesson\n\n{GUESSED}"),
        code("asks()", display(text__html=WHOLE)),
        markdown("Write the letter of your answer, or a number, for each of the dots."),
        code("recall()", display(text__html=ASKED)),
    )
    return export(cells, folder / "01-a.ipynb", folder).path


def test_answers_are_numbered_and_told_once_more_at_the_end(guide: Path) -> None:
    page = BeautifulSoup(guide.read_text(encoding="utf-8"), "html.parser")
    numbers = [one["data-number"] for one in page.select("details.answer > summary")]
    told = [one.get_text().strip() for one in page.select(".answers li")]
    assert dict(zip(numbers, told, strict=True)) == {"1": "Three times.", "2": "Look at it."}
    content = page.find(id="content")
    assert content
    assert content.find_all(recursive=False)[-1].get("class") == ["answers"]  # type: ignore[union-attr]
    assert "Answers" not in page.select_one("nav.contents").get_text()  # type: ignore[union-attr]


def test_the_picture_that_answers_is_at_the_end_with_ids_of_its_own(asking: Path) -> None:
    page = BeautifulSoup(asking.read_text(encoding="utf-8"), "html.parser")
    assert page.select_one("details.whole-picture.answer figure #f-a")
    assert page.select_one(".answers figure #end-f-a > [clip-path='url(#end-f-b)']")
    ids = [str(one["id"]) for one in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


@needs_chromium
def test_paper_invites_nobody_to_unfold_and_has_no_picture_that_answers(
    page: Page, asking: Path
) -> None:
    page.goto(asking.as_uri())
    assert "then unfold the answer" in page.locator("main").inner_text()
    page.emulate_media(media="print")
    told = page.locator("main").inner_text()
    assert "Answer for yourself." in told
    assert "unfold" not in told
    assert "Guess first" not in told
    summaries = page.locator("details.answer > summary")
    assert [" ".join(one.split()) for one in summaries.all_inner_texts()] == [
        "The picture of it",
        "The whole picture",
        "The answer",
    ]
    assert not page.locator("details.whole-picture figure").is_visible()
    assert page.locator(".answers figure").is_visible()
    # As wide as a figure elsewhere, so that its letters are as large
    drawn, sheet = (page.locator(one).bounding_box() for one in (".answers svg", "main"))
    assert drawn
    assert sheet
    assert drawn["width"] > 0.98 * sheet["width"]


@needs_chromium
def test_a_picture_that_answers_is_as_wide_as_the_sheet_and_its_number_not_alone(
    page: Page, asking: Path
) -> None:
    page.goto(asking.as_uri())
    page.emulate_media(media="print")
    drawn, sheet = (page.locator(one).bounding_box() for one in (".answers img", "main"))
    assert drawn
    assert sheet
    assert drawn["width"] > 0.98 * sheet["width"]
    # What it is stands beside its number; what is told in words needs no title
    first_lines = [one.inner_text().split("\n")[0] for one in page.locator(".answers li").all()]
    assert first_lines == ["The picture of it", "The whole picture", "Three times."]


@needs_chromium
def test_paper_has_room_for_the_number_of_the_tenth_answer(page: Page, asking: Path) -> None:
    page.goto(asking.as_uri())
    page.emulate_media(media="print")
    room, number = page.locator(".answers ol").evaluate("""list => {
        const number = document.createElement("span")
        number.textContent = "10.\u00a0"
        list.querySelector("li").append(number)
        const room = parseFloat(getComputedStyle(list).paddingLeft)
        return [room, number.getBoundingClientRect().width]
    }""")
    assert room > number


def test_a_search_finds_an_answer_once(guide: Path) -> None:
    text = " ".join(section["folded"] for section in sections_of(guide))
    assert text.count("Three times.") == 1


@needs_chromium
def test_paper_has_answers_at_the_end_and_a_screen_where_they_are_folded(
    page: Page, guide: Path
) -> None:
    page.goto(guide.as_uri())
    at_their_place, at_the_end = page.locator("details.answer p"), page.locator(".answers")
    page.locator("details.answer summary").first.click()
    assert at_their_place.first.is_visible()
    assert not at_the_end.is_visible()
    page.emulate_media(media="print")
    assert [one.is_visible() for one in at_their_place.all()] == [False, False]
    assert at_the_end.is_visible()
    leads = "one => getComputedStyle(one, '::after').content"
    assert "the end" in page.locator("details.answer summary").first.evaluate(leads)


@needs_chromium
def test_nothing_to_press_is_printed(page: Page, guide: Path) -> None:
    page.emulate_media(media="print")
    page.goto(guide.as_uri())
    for selector in (".workshop-player", "nav.series", "nav.contents"):
        assert page.locator(selector).count()
        assert not page.locator(selector).first.is_visible()


@needs_chromium
def test_code_keeps_its_figure_and_no_word_of_a_table_is_broken(page: Page, guide: Path) -> None:
    page.set_viewport_size({"width": 730, "height": 900})
    page.emulate_media(media="print")
    page.goto(guide.as_uri())
    together = "one => getComputedStyle(one).breakInside"
    assert page.locator(".cell:has(figure)").evaluate(together) == "avoid"
    assert page.locator("table").evaluate(together) == "avoid"
    word = page.locator("td", has_text=re.compile("^False$"))
    # In one line, as high as its letters
    lines = "one => { const r = document.createRange(); r.selectNodeContents(one);"
    assert word.evaluate(lines + " return r.getClientRects().length }") == 1


@needs_chromium
def test_a_lesson_of_many_words_has_numbered_sheets(page: Page, tmp_path: Path) -> None:
    cells = notebook(markdown("# A\n\n" + "Some words.\n\n" * 300))
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) > 2
    numbered = "[...document.styleSheets].some(s => [...s.cssRules].some(r => r.media && "
    numbered += "r.media.mediaText === 'print' && r.cssText.includes('counter(page)')))"
    assert page.evaluate(numbered)
