"""All code of a page can be folded, and each piece of it shown again; on paper all of it stands."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Witness, needs_chromium
from tests.guides.notebook import code, display, markdown, notebook
from workshop.guides.export import export

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("folding")
    cells = [code("a = 1", display(text__plain="shown")), code("b = 2")]
    for number, cell in enumerate(cells, start=1):
        cell.execution_count = number
    text = [markdown("# A lesson"), *cells, markdown("## Yours\n\n```python\nc = 3\n```")]
    return export(notebook(*text), folder / "01-a.ipynb", folder).path


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_who_reads_for_what_happened_folds_all_code(page: Page, guide: Path) -> None:
    witness = Witness(page)
    page.goto(guide.as_uri())
    # Given a page whose code stands, without a word of folding at any cell
    first, second = page.locator(".cell > .highlight").all()
    expect(first).to_be_visible()
    expect(page.get_by_role("button", name="Show code cell 1")).to_have_count(0)
    # When all code is folded by the keyboard
    button(page, "Fold all code").press("Enter")
    # Then what it showed stays, and so does code that belongs to a text
    expect(first).to_be_hidden()
    expect(second).to_be_hidden()
    expect(page.get_by_text("shown")).to_be_visible()
    expect(page.get_by_text("c = 3")).to_be_visible()
    # When one cell is shown, then that one alone is, and it is known to be
    button(page, "Show code cell 1").press("Enter")
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    expect(button(page, "Fold code cell 1")).to_have_attribute("aria-expanded", "true")
    expect(button(page, "Fold code cell 1")).to_be_focused()
    # And all of it comes back
    button(page, "Show all code").click()
    expect(second).to_be_visible()
    assert (witness.problems, witness.requests) == ([], [guide.as_uri()])


def test_paper_has_all_code_and_no_buttons(page: Page, guide: Path) -> None:
    page.goto(guide.as_uri())
    button(page, "Fold all code").click()
    page.emulate_media(media="print")
    for one in page.locator(".cell > .highlight").all():
        expect(one).to_be_visible()
    assert page.locator(".folding:visible, .unfolding:visible").count() == 0


def test_a_page_without_code_offers_no_folding(page: Page, tmp_path: Path) -> None:
    page.goto(
        export(notebook(markdown("# Words")), tmp_path / "02-b.ipynb", tmp_path).path.as_uri()
    )
    expect(page.locator(".folding")).to_have_count(0)
