"""Exported pages in a real browser: they show what they hold, and ask nobody for anything."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser import Witness, needs_chromium
from tests.guides.notebook import code, display, markdown, notebook
from workshop.guides.export import export

pytestmark = needs_chromium

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h9"/></svg>'


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with one of everything that could load something."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "flow.svg").write_text(SVG)
    svg = display()
    svg.data = {"image/svg+xml": SVG}
    live = display(text__plain="Button()")
    live.data["application/vnd.jupyter.widget-view+json"] = {"model_id": "1"}
    cells = notebook(
        markdown("# A guide\n\nText with a [link](https://example.com).\n\n![flow](flow.svg)"),
        markdown("## Run\n\n<script src='https://example.com/a.js'></script>"),
        code("table", display(text__html="<table class='dataframe'><tr><td>1</td></tr></table>")),
        code("figure", svg),
        code("control", live),
        code("script", display(application__javascript="fetch('https://example.com')")),
        code("style", display(text__html="<p style='background:url(https://example.com/b)'>x</p>")),
    )
    return export(cells, folder / "00.ipynb", folder).path


def test_what_a_page_asks_for_and_what_fails_in_it_is_heard(page: Page, tmp_path: Path) -> None:
    # Given a page without a policy that loads what is missing, complains and breaks
    file, missing = tmp_path / "page.html", tmp_path / "missing.png"
    script = "<script>console.error('complaint'); throw Error('break')</script>"
    file.write_text(f"<img src='{missing.as_uri()}'><img src='data:,'>{script}")
    witness = Witness(page)
    # When it is opened
    page.goto(file.as_uri())
    # Then all of it is known
    assert witness.requests == [file.as_uri(), missing.as_uri()]
    told = "\n".join(witness.problems)
    assert [word in told for word in ("complaint", "break", "missing.png")] == [True] * 3


def test_no_request_beyond_the_file(page: Page, guide: Path) -> None:
    witness = Witness(page)
    page.goto(guide.as_uri())
    assert witness.requests == [guide.as_uri()]


def test_pictures_are_shown(page: Page, guide: Path) -> None:
    page.goto(guide.as_uri())
    shown = "[...document.images].map(picture => picture.naturalWidth > 0)"
    assert page.evaluate(shown) == [True, True]


def test_nothing_is_wider_than_a_phone(page: Page, guide: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(guide.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_name_of_a_setting_is_on_one_line_where_there_is_room(
    page: Page, tmp_path: Path
) -> None:
    # Given a table of settings, with much to say about each
    name, told = "BisectBatchOnFunctionError", "splits a failed batch in two " * 8
    cells = notebook(
        markdown(f"# Settings\n\n| setting | does |\n|---|---|\n| `{name}` | {told} |")
    )
    guide = export(cells, tmp_path / "00.ipynb", tmp_path).path
    lines = "document.querySelector('td code').getClientRects().length"
    for width in (1280, 700):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(guide.as_uri())
        assert page.evaluate(lines) == 1
    # And on a phone nothing is beside the screen
    page.set_viewport_size({"width": 320, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_contents_are_open_beside_the_text_and_folded_above_it(page: Page, guide: Path) -> None:
    entry = page.locator("nav.contents li a").first
    for width, is_shown in ((1500, True), (800, False)):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(guide.as_uri())
        assert entry.is_visible() is is_shown
    page.locator("nav.contents summary").click()
    assert entry.is_visible()


def test_on_paper_there_is_no_navigation(page: Page, guide: Path) -> None:
    page.emulate_media(media="print")
    page.goto(guide.as_uri())
    for selector in ("nav.contents", ".skip"):
        assert not page.locator(selector).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_in_both_schemes(
    page: Page, guide: Path, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(guide.as_uri())
    worst = page.evaluate(CONTRAST)
    assert worst["ratio"] >= 4.5, worst


# The lowest WCAG contrast ratio of any text on the page, and where it is.
CONTRAST = """
(() => {
  const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let worst = {ratio: 21};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.matches('.skip, svg *')) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst.ratio) worst = {ratio, text: texts.currentNode.data.trim()};
  }
  return worst;
})()
"""
