"""`start.py lab` in a real browser: notebooks run from their first to their last cell."""

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser import ANSWER_LIMIT_MS, Witness, needs_chromium
from tests.copied_project import environment_of
from workshop.guides.notebooks import notebooks
from workshop.target.target import PROJECT

pytestmark = needs_chromium

# What is alive in the browser. The other notebooks show the outputs that these show as well; that
# they run, and that their pages ask for nothing, is seen in tests/guides.
ALIVE = re.compile(r"_panel\(|open_stage\(|ipywidgets")
FIRST, *OTHERS = notebooks(PROJECT / "notebooks")
NOTEBOOKS = [
    path.stem for path in (FIRST, *OTHERS) if path is FIRST or ALIVE.search(path.read_text("utf-8"))
]
QUIET_MS = 1_500
AGAIN_AFTER_MS = 20_000
RUN_LIMIT_MS = 300_000
END_LIMIT_S = 120
PROMPT = ".jp-CodeCell .jp-InputPrompt"
# [7]: has run; [*]: runs or waits; [ ]: never ran, as an empty cell at the end.
ALL_RAN = f"""(() => {{
  const prompts = [...document.querySelectorAll('{PROMPT}')].map(prompt => prompt.innerText);
  return prompts.length > 3 && prompts.filter(p => p.trim()).every(p => /\\d/.test(p));
}})()"""


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    """The address that `lab` printed; at the end Ctrl-C, and it must go cleanly."""
    lab = subprocess.Popen(
        [sys.executable, "-m", "workshop", "lab", "--no-browser"],
        cwd=project,
        env=environment_of(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert lab.stdout is not None
    try:
        lines = iter(lab.stdout.readline, "")
        yield next(found[0] for line in lines if (found := re.search(r"http://127\S+", line)))
    finally:
        lab.send_signal(signal.SIGINT)
        try:
            _, errors = lab.communicate(timeout=END_LIMIT_S)
        except subprocess.TimeoutExpired:
            lab.kill()
            lab.communicate()
            raise
    assert lab.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all(address: str, page: Page, name: str) -> None:
    witness = Witness(page)
    open_notebook(page, address, name)
    # Given no question or news in the way
    assert page.locator(".jp-Dialog, .jp-toast").count() == 0
    # When the person chooses Run > Run All Cells
    choose_run_all(page)
    page.wait_for_function(ALL_RAN, timeout=RUN_LIMIT_MS)
    # Then no cell failed, and only this machine was asked for anything
    assert page.locator("[data-mime-type$=error]").all_inner_texts() == []
    assert {urlsplit(request).hostname for request in witness.requests} == {"127.0.0.1"}
    # And nobody asked whether JupyterLab has to be built, which Node.js would be started for
    assert [one for one in witness.requests if urlsplit(one).path.endswith("/api/build")] == []


def test_sliders_redraw_at_their_ends_and_keep_a_track_in_a_small_window(
    address: str, page: Page
) -> None:
    # Given the sliders of notebook 09
    open_notebook(page, address, "09-designing-it")
    choose_run_all(page)
    page.wait_for_function(ALL_RAN, timeout=RUN_LIMIT_MS)
    cell = page.locator(".jp-CodeCell:has(.noUi-handle)").first
    handles, figure = cell.locator(".noUi-handle"), cell.locator("figure").first
    assert handles.count() == 5
    # When each is moved to its ends; then the figure is another one, and nothing goes wrong
    for number in range(5):
        for key in ("Home", "End"):
            shown, handle = figure.inner_text(), handles.nth(number)
            before = handle.get_attribute("aria-valuenow")
            handle.press(key)
            if handle.get_attribute("aria-valuenow") != before:
                expect(figure).not_to_have_text(shown, use_inner_text=True)
            assert cell.locator("[role=alert]").all_inner_texts() == []
    # And in a small window each has a track
    page.set_viewport_size({"width": 560, "height": 1000})
    for track in cell.locator(".noUi-target").all():
        box = track.bounding_box()
        assert box is not None
        assert box["width"] >= 48


def open_notebook(page: Page, address: str, name: str) -> None:
    frames: list[str | bytes] = []

    def hear(channel: WebSocket) -> None:
        if "/api/kernels/" in channel.url:
            channel.on("framereceived", lambda frame: frames.append(frame))

    page.on("websocket", hear)
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto(re.sub(r"/lab/tree/[^?]+", f"/lab/tree/workspace/{name}.ipynb", address) + "&reset")
    page.wait_for_function("document.querySelectorAll('.jp-CodeCell').length > 3")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    # The kernel was heard, and then fell silent
    heard = 0
    for _ in range(ANSWER_LIMIT_MS // QUIET_MS):
        page.wait_for_timeout(QUIET_MS)
        if 0 < heard == len(frames):
            return
        heard = len(frames)
    pytest.fail("the kernel was never heard, or was never silent")


def choose_run_all(page: Page) -> None:
    """Twice if need be: JupyterLab that shows an idle kernel may not be connected to it yet.

    It then drops a command without a word; hence the quiet before, which a slow machine may take
    for silence.
    """
    for limit_ms in (AGAIN_AFTER_MS, RUN_LIMIT_MS):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        with contextlib.suppress(AssertionError):
            some_ran = page.locator(PROMPT).filter(has_text=re.compile(r"[*\d]"))
            expect(some_ran).not_to_have_count(0, timeout=limit_ms)
            return


TABLES = """
start = pd.Timestamp("2026-11-01T10:00:00Z")
def line(after_s, text):
    return {"timestamp": start + pd.Timedelta(seconds=after_s), "log_stream": "s", "message": text}
lines = []
for count in (1, 2, 3):
    told = {"message_id": "m", "order_id": "A-17", "receive_count": count}
    told |= {"sent_at_ms": int(start.timestamp() * 1000), "outcome": "error"}
    begin = 30 * (count - 1)
    lines += [line(begin, f"START RequestId: r{count} Version: 1"), line(begin, json.dumps(told))]
    lines += [line(begin, "[ERROR] ValueError: no"), line(begin, f"END RequestId: r{count}")]
    lines += [line(begin, f"REPORT RequestId: r{count}\\tDuration: 3.00 ms\\t")]
attempts = workshop.attempts_table(pd.DataFrame(lines))
"""
DRAWN = """
settings = workshop.RetrySettings("sqs", 5, visibility_timeout_s=30, max_receive_count=3)
picture = workshop.timeline(attempts, settings=settings, questions="A-17")
picture
"""
PLAYERS = (
    "import json\nimport pandas as pd\nimport workshop",
    TABLES,
    DRAWN,
    "picture.player",
    "print(picture.player.answers)",
)
VIEW = ".workshop-player"
GONE = ".jp-OutputArea-output.jupyter-widgets"


@pytest.fixture
def players(project: Path, address: str, page: Page) -> Page:
    """JupyterLab with a timeline and its player, and a second view of that player."""
    cells = [nbformat.v4.new_code_cell(source) for source in PLAYERS]
    (project / "workspace").mkdir(exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, project / "workspace" / "players.ipynb")
    open_notebook(page, address, "players")
    choose_run_all(page)
    page.wait_for_function(ALL_RAN, timeout=RUN_LIMIT_MS)
    expect(page.locator(VIEW)).to_have_count(2)
    return page


def told_by_last_cell(page: Page) -> Locator:
    """What the last cell shows, which is run once more."""
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Control+Enter")
    return page.locator(".jp-CodeCell .jp-OutputArea").last


def test_a_timeline_has_a_player_below_it_and_what_is_answered_lands_in_a_variable(
    players: Page,
) -> None:
    first, second = players.locator(VIEW).nth(0), players.locator(VIEW).nth(1)
    # Given the still figure, and below it the player
    figures = players.locator(".jp-OutputArea-output figure")
    assert figures.count() == 1
    # When the reader plays until it asks, and answers in the first view
    first.get_by_role("button", name="Play or pause").click()
    first.get_by_text("It stays in the queue, hidden").click()
    first.get_by_role("button", name="Answer", exact=True).click()
    # Then both views know it, and so does the kernel
    expect(first.locator(".verdict")).to_contain_text("Right")
    # (a second answer would be kept back while the kernel is at the first)
    expect(told_by_last_cell(players)).to_contain_text("{'next-A-17': 2}")
    first.get_by_role("spinbutton").fill("31")
    first.get_by_role("spinbutton").press("Enter")
    expect(second.locator("text.said")).to_have_count(1)
    expect(told_by_last_cell(players)).to_contain_text("{'next-A-17': 2, 'when-A-17': 31}")


def test_a_player_outlives_its_kernel_and_a_reload_shows_a_sentence(players: Page) -> None:
    # When the kernel is restarted
    players.locator(".jp-CodeCell .cm-content").last.click()
    players.keyboard.press("Control+s")
    players.get_by_role("menuitem", name="Kernel", exact=True).click()
    players.get_by_role("menuitem", name="Restart Kernel…").first.click()
    players.locator(".jp-Dialog button.jp-mod-accept").click()
    # Then a player says so, and still plays
    view = players.locator(VIEW).first
    expect(view.locator(".alone")).to_contain_text("The kernel was restarted")
    view.get_by_role("button", name="Next event").click()
    expect(view.get_by_role("status").first).to_contain_text("A-17: sent")
    # And when the page is loaded again, the still figure is there, and a sentence for the player
    players.reload()
    figure, gone = players.locator(".jp-OutputArea-output figure"), players.locator(GONE).first
    expect(figure).to_have_count(1, timeout=ANSWER_LIMIT_MS)
    expect(gone).to_have_text("Error displaying widget: model not found", timeout=ANSWER_LIMIT_MS)
    shown = f"getComputedStyle(document.querySelector(\"{GONE}\"), '::after').content"
    assert "belonged to a kernel that is gone" in players.evaluate(shown)
    assert players.evaluate(f'getComputedStyle(document.querySelector("{GONE}")).fontSize') == "0px"
