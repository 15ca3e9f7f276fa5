"""A guide on a phone: every figure and table is read without scrolling sideways."""

import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from playwright.sync_api import Page

from tests.browser import needs_chromium
from tests.guides.notebook import code, display, markdown, notebook
from tests.unit.workshop.test_figure_layout import FIGURES
from tests.unit.workshop.test_ledger import attempt, of_queue
from workshop import html
from workshop.drawing.picture import DrawnFigure
from workshop.guides.export import export
from workshop.outage.bars import crowd
from workshop.outage.figure import drawn
from workshop.outage.plan import Plan, foretold
from workshop.stage.flow import FlowPicture
from workshop.target.target import PROJECT

pytestmark = needs_chromium

PICTURES = sorted(path.stem for path in (PROJECT / "images/narrow").glob("*.svg"))
TEXT = "{http://www.w3.org/2000/svg}text"
LONG = "arn:aws:sqs:us-east-1:000000000000:FailureWorkshop-SqsDlq-SourceQueue6E809DF0"


def crowds() -> DrawnFigure:
    began = pd.Timestamp("2026-01-01", tz="UTC")
    tries = [
        {
            "started_at": began + pd.Timedelta(seconds=at_s),
            "outcome": outcome,
            "handler_outcome": outcome,
        }
        for at_s, outcome in [(0, "error"), (40, "error"), (120, "error"), (600, "ok")] * 30
    ]
    return crowd({"doubled waits": pd.DataFrame(tries)}, outage_s=240, every_s=5)


def outages() -> list[DrawnFigure]:
    plans = (Plan(), Plan(outage_s=3600, receives=20), Plan(outage_s=30))
    return [drawn(plan, foretold(plan)) for plan in plans]


@pytest.fixture(scope="module")
def figures() -> list[str]:
    """Every kind of figure, once: they take seconds."""
    return [one.html() for one in (*(make(9.2) for make in FIGURES.values()), crowds(), *outages())]


@pytest.fixture(scope="module")
def guide(figures: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every kind of figure, every picture, and tables of many columns."""
    folder = tmp_path_factory.mktemp("phone")
    shown = [f"![{name}](images/{name}.svg)" for name in PICTURES]
    (folder / "images").symlink_to(PROJECT / "images")
    rows = [dict.fromkeys(("order", "attempt", "waited", "outcome", "request"), LONG)]
    tables = [html.frame(pd.DataFrame(rows)), html.table(("", "a", "b", "c"), [(LONG,) * 4])]
    # A card of one column, and a table of few words that no line can break
    once = [("in the function's log", "error (OrderRejectedError), once")]
    tables.append(
        html.table(("", "asynchronous"), once, has_row_heads=True, widths=(22, 78), least_px=340)
    )
    tries = {"attempt": [1, 2], "after_s": [0.0, 60.0], "handler_outcome": ["error", "ok"]}
    tables.append(html.Markup(pd.DataFrame(tries).to_html(index=False)))
    cells = notebook(
        markdown("# A phone\n\n" + "\n\n".join(shown)),
        markdown("| one | two | three |\n|---|---|---|\n" + f"| {'word ' * 9}" * 3 + "|"),
        *(code("figure", display(text__html=figure)) for figure in figures),
        *(code("table", display(text__html=str(table))) for table in tables),
    )
    return export(cells, folder / "00.ipynb", folder).path


@pytest.mark.parametrize("width", [360, 390, 768])
def test_nothing_of_a_figure_or_table_is_beside_the_screen(
    page: Page, guide: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(guide.as_uri())
    # A tablet scrolls a table: a card would be emptier than it is
    kinds = "figure, figure *, img" + ", table, table *" * (width < 640)
    assert page.evaluate(BESIDE, [width, kinds]) == []
    assert page.locator("figure .narrow:visible").count() == page.locator("figure").count() > 10
    assert page.locator("figure svg:visible").count() == 0


@pytest.mark.parametrize("width", [360, 390])
def test_letters_on_a_phone_are_11_px_high_or_more(page: Page, guide: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(guide.as_uri())
    assert page.evaluate(SMALL) == []
    # And those of pictures, which are drawn for a width that is shown almost as wide
    shares = page.evaluate("[...document.images].map(image => image.width / image.naturalWidth)")
    assert len(shares) == len(PICTURES) >= 10
    for name, share in zip(PICTURES, shares, strict=True):
        texts = ET.parse(PROJECT / f"images/narrow/{name}.svg").iter(TEXT)
        assert min(float(text.get("font-size", 0)) for text in texts) * share >= 11


@pytest.mark.parametrize("width", [1280, 1400])
def test_a_page_with_room_shows_the_figures_as_they_were_drawn(
    page: Page, guide: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(guide.as_uri())
    assert page.locator("figure .narrow:visible").count() == 0
    assert page.locator("figure svg:visible").count() == page.locator("figure").count()
    figures = "[...document.querySelectorAll('figure')].filter(f => f.scrollWidth > f.clientWidth)"
    assert page.evaluate(f"{figures}.length") == 0
    # The smallest letters are of 8.5 points, also where the page has a column beside it
    px_per_pt = "svg => svg.clientWidth / svg.viewBox.baseVal.width"
    shares = page.evaluate(f"[...document.querySelectorAll('figure svg')].map({px_per_pt})")
    assert min(shares) * 8.5 >= 11


def test_letters_on_paper_are_7_points_high_or_more(page: Page, guide: Path) -> None:
    # As wide as A4 less its margins
    page.set_viewport_size({"width": round(194 / 25.4 * 96), "height": 1000})
    page.emulate_media(media="print")
    page.goto(guide.as_uri())
    sizes = page.evaluate(
        """[...document.querySelectorAll('figure svg text')].filter(
            text => text.textContent.trim()).map(
            text => 0.75 * parseFloat(getComputedStyle(text).fontSize)
                * Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b))"""
    )
    assert min(sizes) >= 6.95
    # And pictures are as wide as the paper, not as a phone
    assert page.evaluate(
        "[...document.querySelectorAll('.prose img')].every(i => i.width > 0.95 * innerWidth)"
    )


def test_a_figure_without_another_drawing_is_not_made_smaller(page: Page, tmp_path: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 900 9"></svg>'
    cells = notebook(
        markdown("# A phone"),
        code("flow", display(text__html=str(html.figure(drawing, "the flow", 900)))),
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    assert page.evaluate("document.querySelector('figure svg').clientWidth") == 900


def test_the_distance_of_two_marks_on_a_phone_is_true_to_scale(page: Page, tmp_path: Path) -> None:
    # Given attempts after 60 s and 120 s more
    cells = notebook(
        markdown("# A phone"),
        code("figure", display(text__html=FIGURES["retries of an event"](9.2).html())),
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    # Then the second wait is twice as long
    first, second, third = (
        box["y"]
        for mark in page.locator(".upright .mark.square").all()
        if (box := mark.bounding_box())
    )
    assert (third - second) / (second - first) == pytest.approx(2, rel=0.05)


def test_a_ledger_fits_beside_the_contents(page: Page, tmp_path: Path) -> None:
    ends = ("source queue's DLQ", "on-failure destination", "function's DLQ")
    head = ("pattern", "sent", "processed", *ends, "in flight", "lost", "processed again")
    ledger = html.table(head, [("LambdaDestinations", *"10010000")])
    cells = notebook(markdown("# A\n\n## Run"), code("ledger", display(text__html=str(ledger))))
    page.set_viewport_size({"width": 1280, "height": 844})
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    room = "t => [t.offsetWidth, t.parentElement.clientWidth]"
    wide, has = page.locator("table").evaluate(room)
    assert wide <= has


# What of figures, tables and pictures begins left or ends right of the screen, or has to be
# scrolled to.
BESIDE = """
([width, kinds]) => [...document.querySelectorAll(kinds)]
  .filter(element => element.getClientRects().length && !element.closest('svg > *'))
  .filter(element => {
    const box = element.getBoundingClientRect();
    return box.left < -0.5 || box.right > width + 0.5
      || (!element.closest('svg') && element.scrollWidth > element.clientWidth + 1
          && getComputedStyle(element).overflowX == 'auto');
  }).map(element => element.outerHTML.slice(0, 120))
"""

# Texts of figures and tables that are too small to be read.
SMALL = """
[...document.querySelectorAll('figure *, table *')]
  .filter(element => element.getClientRects().length
    && [...element.childNodes].some(node => node.nodeType == 3 && node.data.trim()))
  .filter(element => parseFloat(getComputedStyle(element).fontSize) < 11)
  .map(element => element.outerHTML.slice(0, 120))
"""


# Of each row of columns those heights that stand for the same number, and all widths.
COLUMNS = """[...document.querySelectorAll(".columns")].map((row) => ({
    widths: [...row.children].map((one) => one.getBoundingClientRect().width),
    heights: [...row.querySelectorAll("b")].map((one) => one.getBoundingClientRect().height),
}))"""


def test_columns_on_a_phone_have_one_scale_with_a_number_or_without(
    page: Page, guide: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(guide.as_uri())
    [row] = page.evaluate(COLUMNS)
    assert len(row["widths"]) > 100
    assert row["widths"] == pytest.approx([row["widths"][0]] * len(row["widths"]), abs=0.1)
    # Thirty attempts each time
    assert len(row["heights"]) == 4
    assert row["heights"] == pytest.approx([row["heights"][0]] * 4, abs=0.5)


@pytest.fixture(scope="module")
def outputs(figures: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What cells show, as a notebook has it: without the style sheet of the guides."""
    lab = SimpleNamespace()
    seen = of_queue(attempt("a", 0, "ok"), queued=0)
    flow = FlowPicture(lab, "SqsDlq", None, evidence=seen)._repr_html_()  # type: ignore[arg-type]
    path = tmp_path_factory.mktemp("notebook") / "outputs.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><body style='margin:0'>{''.join([*figures, flow])}",
        encoding="utf-8",
    )
    return path


# The last two are what JupyterLab has beside its file browser on 1280, and without it.
@pytest.mark.parametrize("width", [390, 560, 800, 826, 1180])
def test_no_figure_of_a_notebook_is_scrolled_sideways(
    page: Page, outputs: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(outputs.as_uri())
    figures = "[...document.querySelectorAll('figure')].filter(f => f.scrollWidth > f.clientWidth)"
    assert page.evaluate(f"{figures}.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # One of the two drawings is there
    narrow, all_of_them = (
        page.locator(f"figure{part}:visible").count() for part in (" .narrow", "")
    )
    assert narrow == (all_of_them if width <= 800 else 0)
    # And its letters can be read
    sizes = page.evaluate(
        """[...document.querySelectorAll('figure svg text')].filter(
            text => text.textContent.trim() && text.getClientRects().length).map(
            text => parseFloat(getComputedStyle(text).fontSize)
                * Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b))"""
    )
    assert min(sizes, default=11) >= 10


def test_no_name_in_code_is_broken_and_what_is_wider_scrolls_by_the_keyboard(
    page: Page, tmp_path: Path
) -> None:
    # Given a line whose words fit on a phone, and a name that does not
    name = "maximum_retry_attempts_of_an_asynchronous_invocation"
    cells = notebook(
        markdown("# A phone"), code("stopped = temporary.behind(receives=3)"), code(name)
    )
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(export(cells, tmp_path / "00.ipynb", tmp_path).path.as_uri())
    fits, wide = page.locator(".highlight pre").all()
    beside = "code => code.scrollWidth - code.clientWidth"
    assert fits.evaluate(beside) == 0
    # Each of its words is on one line
    lines = """code => [...code.querySelectorAll('span')].filter(one => one.textContent.trim())
        .every(one => one.getClientRects().length === 1)"""
    assert fits.evaluate(lines)
    assert wide.evaluate(lines)
    assert wide.evaluate(beside) > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # Who comes there by the keyboard can move it
    page.get_by_role("button").last.focus()
    page.keyboard.press("ArrowRight")
    # A page's policy lets nobody wait by a string: each frame is looked at.
    wide.evaluate("""code => new Promise(seen => {
        const look = () => code.scrollLeft > 0 ? seen() : requestAnimationFrame(look)
        look()
    })""")
    # Paper does not scroll
    page.emulate_media(media="print")
    assert wide.evaluate("code => getComputedStyle(code).overflowX") == "visible"
