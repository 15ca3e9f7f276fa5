"""Code is copied by a button: exactly what the cell holds, by whatever way the browser allows."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Witness, needs_chromium
from tests.guides.notebook import code, display, markdown, notebook
from workshop import html
from workshop.guides.export import export
from workshop.guides.set_of_pages import complete
from workshop.guides.single import write_single

pytestmark = needs_chromium

# What HTML, a highlighter and a clipboard could change.
TRICKY = "for n in [1, 2]:\n\tprint(f\"<b> & 'é' {n}\")  \n\n    # the end"
ENDS = "\n\nx = 1\n"
SOLUTION = "visibility_timeout_s = 120"
FOLDED = f"<details>\n<summary>Solution</summary>\n\n```python\n{SOLUTION}\n```\n\n</details>"

# What a page that asks for it gets to know of the clipboard.
CLIPBOARD = """
window.copied = []
Object.defineProperty(navigator, "clipboard", {value: {
    writeText: async (text) => copied.push(text)}})
"""
REFUSED = """
Object.defineProperty(navigator, "clipboard", {value: {
    writeText: () => Promise.reject(new DOMException("no", "NotAllowedError"))}})
"""
MISSING = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
# The old way, which leaves what was selected.
SELECTED = """
window.copied = []
document.execCommand = (name) => {
    copied.push(document.activeElement.value)
    return name === "copy"
}
"""
NEITHER = "; document.execCommand = () => false"


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copying")
    shown = display(text__html=str(html.details("The answer", html.block("printed()"))))
    cells = [code(TRICKY, shown, display(text__plain="1 2")), code(ENDS)]
    for number, cell in enumerate(cells, start=1):
        cell.execution_count = number
    both = notebook(markdown("# A lesson"), *cells, markdown(f"## Yours\n\n{FOLDED}"))
    return export(both, folder / "01-a.ipynb", folder).path


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_each_piece_of_code_has_a_button_and_no_output_has_one(page: Page, guide: Path) -> None:
    page.goto(guide.as_uri())
    names = "[...document.querySelectorAll('.copy')].map(one => one.getAttribute('aria-label'))"
    assert page.evaluate(names) == ["Copy code cell 1", "Copy code cell 2", "Copy the solution"]
    assert page.locator(".output .copy, .answers .copy").count() == 0


def test_what_is_copied_is_what_the_cell_holds(page: Page, guide: Path) -> None:
    page.add_init_script(CLIPBOARD)
    witness = Witness(page)
    page.goto(guide.as_uri())
    page.locator("summary", has_text="Solution").click()
    for name in ("Copy code cell 1", "Copy code cell 2", "Copy the solution"):
        button(page, name).click()
    assert page.evaluate("copied") == [TRICKY, ENDS, SOLUTION]
    assert (witness.problems, witness.requests) == ([], [guide.as_uri()])


@pytest.mark.parametrize("kept_away", [REFUSED, MISSING])
def test_where_a_browser_refuses_its_clipboard_it_is_copied_as_in_older_ones(
    stopped: Page, guide: Path, kept_away: str
) -> None:
    stopped.add_init_script(kept_away + SELECTED)
    stopped.goto(guide.as_uri())
    one = button(stopped, "Copy code cell 1")
    one.click()
    expect(one).to_have_text("Copied")
    assert stopped.evaluate("copied") == [TRICKY]
    # Who uses the keyboard is where they were
    expect(one).to_be_focused()
    expect(stopped.locator("textarea")).to_have_count(0)


def test_where_nothing_may_copy_the_code_is_selected_and_the_keys_are_told(
    stopped: Page, guide: Path
) -> None:
    stopped.add_init_script(MISSING + NEITHER)
    stopped.goto(guide.as_uri())
    button(stopped, "Copy code cell 1").click()
    expect(stopped.get_by_role("status")).to_contain_text("code cell 1 is selected, press ")
    assert stopped.evaluate("getSelection().toString()").strip() == TRICKY


def test_it_is_pressed_by_the_keyboard_seen_on_the_way_and_heard(
    stopped: Page, guide: Path
) -> None:
    stopped.add_init_script(CLIPBOARD)
    stopped.goto(guide.as_uri())
    one = button(stopped, "Copy code cell 2")
    seen = "one => getComputedStyle(one).opacity"
    assert one.evaluate(seen) == "0"
    button(stopped, "Copy code cell 1").focus()
    stopped.keyboard.press("Tab")
    # What is folded in the output lies between them
    stopped.keyboard.press("Tab")
    expect(one).to_be_focused()
    assert one.evaluate(seen) == "1"
    stopped.keyboard.press("Enter")
    expect(stopped.get_by_role("status")).to_have_text("Copied code cell 2.")
    expect(one).to_have_text("Copied")
    # And soon it can be pressed again
    stopped.clock.run_for(3_000)
    expect(one).to_have_text("Copy")
    expect(stopped.get_by_role("status")).to_have_text("")


def test_it_is_seen_below_a_pointer_and_always_where_there_is_none(page: Page, guide: Path) -> None:
    page.goto(guide.as_uri())
    seen = "one => getComputedStyle(one).opacity"
    page.locator(".cell .highlight").first.hover()
    shown = [one.evaluate(seen) for one in page.locator(".copy").all()]
    assert shown == ["1", "0", "0"]
    browser = page.context.browser
    assert browser is not None
    touched = browser.new_context(has_touch=True, is_mobile=True)
    try:
        phone = touched.new_page()
        phone.goto(guide.as_uri())
        assert {one.evaluate(seen) for one in phone.locator(".copy").all()} == {"1"}
    finally:
        touched.close()


def test_it_covers_no_code(page: Page, guide: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(guide.as_uri())
    # A line is as wide as the page, its letters are not
    letters = """code => {
        const range = document.createRange()
        const copy = code.querySelector('.copy')
        const button = copy.getBoundingClientRect()
        const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT)
        const rects = []
        while (walker.nextNode()) {
            if (copy.contains(walker.currentNode)) continue
            range.selectNodeContents(walker.currentNode)
            rects.push(...range.getClientRects())
        }
        return [rects.length > 0, rects.filter(one => one.width && one.right > button.left
            && one.top < button.bottom && one.bottom > button.top).length]
    }"""
    for one in page.locator(".cell .highlight > pre").all():
        assert one.evaluate(letters) == [True, 0]


def test_none_stands_on_paper_or_where_no_script_runs(page: Page, guide: Path) -> None:
    page.emulate_media(media="print")
    page.goto(guide.as_uri())
    assert page.locator(".copy").count() == 3
    assert page.locator(".copy:visible").count() == 0
    browser = page.context.browser
    assert browser is not None
    still = browser.new_context(java_script_enabled=False)
    try:
        plain = still.new_page()
        plain.goto(guide.as_uri())
        expect(plain.get_by_role("button")).to_have_count(0)
    finally:
        still.close()


def test_all_in_one_file_has_them_as_well(page: Page, guide: Path) -> None:
    guides = complete(guide.parent, guide.parent, [guide.stem], "")
    page.goto(write_single(guides, guide.parent, guide.parent, "").as_uri())
    expect(page.locator(".copy")).to_have_count(3)
