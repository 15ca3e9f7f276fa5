"""The index finds what stands in the pages: sections, words, an address that leads there."""

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from tests.browser import Witness, needs_chromium
from tests.guides import notebook
from workshop import html
from workshop.cli.guide_writing import write_guides
from workshop.cli.progress import Progress
from workshop.guides.export import export
from workshop.guides.search import sections_of
from workshop.masking.mask import Mask

NOWHERE = "No section has all of these words. Try fewer; all guides are listed below."
TEXT = """## A `</script>` heading

The *visibility* timeout.

<details><summary>The answer</summary>

A folded timeout, of an okapi.

</details>

<details><summary>Aside</summary>

A zebra.

</details>

### Deeper

A café: "quoted" & <b>bo</b>ld, a.*b, [1]."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    printed = notebook.nbformat.v4.new_output("stream", text="an elephant")
    path = notebook.write(
        folder / "01-one.ipynb",
        notebook.markdown("# One\n\nWhat of it?"),
        notebook.markdown(TEXT),
        notebook.code("print(1)", printed),
    )
    read = lambda one: notebook.nbformat.read(one, as_version=4)  # noqa: E731
    write_guides([path], folder / "out", read, Progress(), Mask(), series=[path])
    return folder / "out"


def test_a_section_is_what_stands_below_its_heading(out: Path) -> None:
    first, second, third = sections_of(out / "01-one.html")
    assert (first["heading"], second["heading"], third["heading"]) == (
        "01 · One",
        "A </script> heading",
        "Deeper",
    )
    # What is folded as an answer is apart: no hit may tell it
    assert second["text"] == "The visibility timeout. Aside A zebra."
    assert second["folded"] == "The answer A folded timeout, of an okapi."
    assert "A café:" in third["text"]
    # What a cell printed is found as well
    assert "an elephant" in third["text"]
    assert third["address"] == "01-one.html#Deeper"


def test_what_pages_say_ends_no_script(out: Path) -> None:
    page = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    data = page.find(id="sections")
    assert data is not None
    assert [one["heading"] for one in json.loads(data.string or "")][1] == "A </script> heading"


def test_what_stands_beside_each_other_in_a_figure_are_several_words(tmp_path: Path) -> None:
    phone = html.Markup("<span>timeout</span><span>Status</span>")
    figure = html.figure('<svg viewBox="0 0 1 1"><text>drawn</text></svg>', "A", 700, phone)
    shown = notebook.display(text__html=str(figure))
    cells = [notebook.markdown("# A"), notebook.code("max_attempts=3", shown)]
    page = export(notebook.notebook(*cells), tmp_path / "00.ipynb", tmp_path).path
    [section] = sections_of(page)
    # And what a highlighter took to pieces is one
    assert section["text"] == "max_attempts=3 timeout Status"


@needs_chromium
def test_a_reader_finds_a_section_from_a_file(out: Path, page: Page) -> None:
    witness = Witness(page)
    page.goto((out / "index.html").as_uri())
    page.get_by_role("searchbox").fill("VISIBILITY timeout")
    expect(page.get_by_role("status")).to_have_text("1 section")
    expect(page.locator("#search mark")).to_have_text(["visibility", "timeout"])
    page.get_by_role("link", name="One: A").click()
    landed = (out / "01-one.html").as_uri() + "?find=VISIBILITY%20timeout"
    expect(page).to_have_url(f"{landed}#A-%3C/script%3E-heading")
    # Where one lands they are marked as well, and nothing else is
    expect(page.locator("mark")).to_have_text(["visibility", "timeout", "found in here", "timeout"])
    assert witness.problems == []
    # And what is nowhere is said
    page.goto((out / "index.html").as_uri())
    page.get_by_role("searchbox").fill("giraffe")
    expect(page.get_by_role("status")).to_have_text(NOWHERE)


@needs_chromium
@pytest.mark.parametrize(
    ("query", "fold", "told"),
    [("okapi", "The answer", 1), ("zebra", "Aside", 0)],
)
def test_a_hit_in_a_fold_says_where_it_is_and_tells_no_answer(
    out: Path, page: Page, query: str, fold: str, told: int
) -> None:
    # Given a word that stands only in a fold
    page.goto((out / "index.html").as_uri())
    page.get_by_role("searchbox").fill(query)
    hit = page.locator("#search li")
    expect(hit.get_by_text("Found in an answer that is folded there.")).to_have_count(told)
    expect(hit.locator("mark")).to_have_count(1 - told)
    # When the hit is followed, then the fold says so, closed as it is
    page.get_by_role("link", name="One: A").click()
    summary = page.locator("summary", has_text=fold)
    expect(summary.get_by_text("found in here")).to_be_visible()
    expect(page.locator("summary mark:visible")).to_have_count(1)
    # And opened it shows the word
    summary.click()
    expect(page.locator("mark", has_text=query)).to_be_visible()
    expect(summary.get_by_text("found in here")).to_be_hidden()


@needs_chromium
@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("CAFE bold", ["café", "bo", "ld"]),
        ("cafe\u0301", ["café"]),
        ("“quoted” &", ["quoted", "&"]),
        ("<b>", []),
        ("a.*b [1]", ["a.*b", "[1]"]),
        (".+", []),
        ("\"'", []),
        ("1", ["1", "1"]),
        ("a", None),
    ],
)
def test_whatever_is_looked_for_is_marked_as_it_stands_and_harms_nothing(
    out: Path, page: Page, query: str, marked: list[str] | None
) -> None:
    # Given what a reader typed into the index
    witness = Witness(page)
    page.goto((out / "index.html").as_uri())
    page.get_by_role("searchbox").fill(query)
    links = page.locator("#search ol a")
    # Where it is nowhere, it is said
    if marked == []:
        expect(page.get_by_role("status")).to_have_text(re.compile(f"{re.escape(NOWHERE)}|^$"))
        expect(links).to_have_count(0)
    else:
        text = "document.getElementById('content').textContent"
        page.get_by_role("link", name="Deeper").click()
        # A click waits for no page that it leads to
        page.wait_for_url(re.compile("#Deeper$"))
        # Then the page says what it says without the search, and the words are marked in it
        assert page.evaluate(f"{text}.includes(', a.*b, [1].')")
        found = page.locator("#Deeper").locator("xpath=following::mark").all_inner_texts()
        assert found[: len(marked)] == marked if marked else found
    assert witness.problems == []


@needs_chromium
def test_who_comes_back_from_a_hit_finds_the_search_as_it_was(page: Page, tmp_path: Path) -> None:
    # Given a page with more hits than are shown at first
    sections = "\n\n".join(f"## Part {number}\n\nA heron." for number in range(23))
    path = notebook.write(tmp_path / "01-one.ipynb", notebook.markdown(f"# One\n\n{sections}"))
    read = lambda one: notebook.nbformat.read(one, as_version=4)  # noqa: E731
    write_guides([path], tmp_path / "out", read, Progress(), Mask(), series=[path])
    page.goto((tmp_path / "out" / "index.html").as_uri())
    field, hits = page.get_by_role("searchbox"), page.locator("#search li a")
    field.press_sequentially("heron")
    expect(page.get_by_role("status")).to_have_text("23 sections, the first 20 are shown")
    # When the rest is asked for, then it is shown, and the keyboard is at its first
    page.get_by_role("button", name="Show the other 3").press("Enter")
    expect(hits).to_have_count(23)
    expect(hits.nth(20)).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("23 sections")
    # And whoever follows a hit and goes back finds the same
    hits.nth(22).click()
    expect(page.locator("h2 mark, p mark").first).to_be_visible()
    page.go_back()
    expect(field).to_have_value("heron")
    expect(hits).to_have_count(23)
    # When another word is looked for, the button is gone with its hits
    field.fill("giraffe")
    expect(page.get_by_role("button", name="Show the other")).to_have_count(0)


def test_the_index_says_what_its_lists_are(tmp_path: Path) -> None:
    goals = "**After this notebook you can**\n\n- name a heron."
    path = notebook.write(tmp_path / "01-one.ipynb", notebook.markdown(f"# One\n\nA.\n\n{goals}"))
    read = lambda one: notebook.nbformat.read(one, as_version=4)  # noqa: E731
    write_guides([path], tmp_path / "out", read, Progress(), Mask(), series=[path])
    page = BeautifulSoup((tmp_path / "out" / "index.html").read_text("utf-8"), "html.parser")
    goal = page.select_one("ol.guides ul")
    assert goal is not None
    assert goal.find_previous_sibling("p").get_text() == "After it you can"  # type: ignore[union-attr]


@needs_chromium
def test_marks_are_on_no_paper(out: Path, page: Page) -> None:
    page.goto(f"{(out / '01-one.html').as_uri()}?find=caf%C3%A9")
    background = "one => getComputedStyle(one).backgroundColor"
    assert page.locator("mark").evaluate(background) != "rgba(0, 0, 0, 0)"
    page.emulate_media(media="print")
    assert page.locator("mark").evaluate(background) == "rgba(0, 0, 0, 0)"


@needs_chromium
def test_without_scripts_there_is_no_field_that_does_nothing(out: Path, page: Page) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    try:
        still = context.new_page()
        still.goto((out / "index.html").as_uri())
        expect(still.get_by_role("searchbox")).to_have_count(0)
        expect(still.get_by_role("link", name="One")).to_be_visible()
    finally:
        context.close()
