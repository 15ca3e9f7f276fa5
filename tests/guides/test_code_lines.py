"""Code on a phone: what a line goes on with stands further in, and no name is cut."""

from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Page

from tests.browser import needs_chromium
from tests.guides.notebook import code, markdown, notebook
from workshop.guides.code_lines import let_lines_break
from workshop.guides.export import export

SOURCE = """\
answer = sqs.send_message(QueueUrl=out.SourceQueueUrl, MessageBody=json.dumps(order))

if answer:
    \"\"\"Two
    lines.\"\"\"
    waits = table.groupby("order").started.dt.total_seconds().round(1).value_counts()
"""
# Where each row that a reader sees begins, by line of the code.
ROWS = """pre => [...pre.querySelectorAll(".line")].map(line => {
    const range = document.createRange()
    const starts = new Map()
    for (const span of line.querySelectorAll("span")) {
        if (!span.textContent.trim()) continue
        range.selectNodeContents(span)
        for (const {top, left} of range.getClientRects()) {
            const row = Math.round(top)
            starts.set(row, Math.min(starts.get(row) ?? left, left))
        }
    }
    return [...starts].sort(([a], [b]) => a - b).map(([, left]) => left)
}).filter(rows => rows.length)"""


def test_lines_are_blocks_with_the_same_text() -> None:
    page = '<div class="highlight"><pre><span class="k">if</span> a<span class="o">.</span>b:\n'
    soup = BeautifulSoup(f"{page}\n    c\n</pre></div>", "html.parser")
    before = soup.get_text()
    let_lines_break(soup)
    assert soup.get_text() == before
    lines = soup.select("pre > span.line")
    assert [one.get_text() for one in lines] == ["if a.b:\n", "\n", "    c\n"]
    # A line may end behind the dot
    assert lines[0].wbr
    assert lines[0].wbr.next_sibling == "b:\n"


@needs_chromium
def test_on_a_phone_a_line_goes_on_further_in_and_all_of_it_is_seen(
    page: Page, tmp_path: Path
) -> None:
    cells = notebook(markdown("# A"), code(SOURCE))
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(export(cells, tmp_path / "01-a.ipynb", tmp_path).path.as_uri())
    pre = page.locator(".highlight pre")
    rows = pre.evaluate(ROWS)
    longer = [starts for starts in rows if len(starts) > 1]
    assert len(longer) == 2
    assert all(start > starts[0] for starts in longer for start in starts[1:])
    assert pre.evaluate("code => code.scrollWidth - code.clientWidth") == 0
    # And what is selected by hand is the code
    taken = "code => { getSelection().selectAllChildren(code); return getSelection().toString() }"
    page.locator(".copy").evaluate("one => one.remove()")
    assert pre.evaluate(taken).strip() == SOURCE.strip()
