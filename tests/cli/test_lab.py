"""`start.py lab` in a real browser: notebooks run from their first to their last cell."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.browser import Page, chromium, needs_chromium
from workshop.guides.series import notebooks
from workshop.target import PROJECT

pytestmark = needs_chromium

# The start, each pattern, and the panel; every notebook runs without a browser in tests/notebooks.
IN_A_BROWSER = ("00", "01", "02", "03", "09")
NOTEBOOKS = [
    path.stem
    for path in notebooks(PROJECT / "notebooks")
    if path.stem.partition("-")[0] in IN_A_BROWSER
]
PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.innerText)"
# [7]: has run; [*]: runs or waits; [ ]: never ran, as an empty cell at the end.
ALL_RAN = f"(() => {{ const prompts = {PROMPTS}; return prompts.length > 3 &&"
ALL_RAN += " prompts.filter(p => p.trim()).every(p => /\\d/.test(p)); })()"
ERRORS = "[...document.querySelectorAll('[data-mime-type$=error]')].map(e => e.innerText)"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address that `lab` printed; at the end Ctrl-C, and it must go cleanly."""
    lab = subprocess.Popen(
        [sys.executable, "-m", "workshop", "lab", "--no-browser"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert lab.stdout is not None
    try:
        lines = iter(lab.stdout.readline, "")
        yield next(found[0] for line in lines if (found := re.search(r"http://127\S+", line)))
    finally:
        os.killpg(lab.pid, signal.SIGINT)
        try:
            _, errors = lab.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.communicate()
            raise
    assert lab.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all(address: str, name: str) -> None:
    with chromium() as page:
        open_notebook(page, address, name)
        # Given no question or news in the way
        assert page.evaluate("document.querySelectorAll('.jp-Dialog, .jp-toast').length") == 0
        # When the person chooses Run > Run All Cells
        page.click("#jp-MainMenu .lm-MenuBar-content > :nth-child(4)")
        page.click('[data-command="runmenu:run-all"]')
        page.wait_for(ALL_RAN, limit_s=120)
        # Then no cell failed, and only this machine was asked for anything
        assert page.evaluate(ERRORS) == []
        assert {urlsplit(request).hostname for request in page.requests} == {"127.0.0.1"}


def open_notebook(page: Page, address: str, name: str) -> None:
    page.set_size(1400, 1000)
    page.open(re.sub(r"/lab/tree/[^?]+", f"/lab/tree/notebooks/{name}.ipynb", address) + "&reset")
    page.wait_for("document.querySelectorAll('.jp-CodeCell').length > 3", limit_s=60)
    page.wait_for("!!document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]')")
    # For a moment after it shows an idle kernel JupyterLab is not connected to it, and drops a
    # command without a word.
    page.wait_until_quiet("/api/kernels/")
