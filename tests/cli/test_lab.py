"""`start.py lab` in a real browser: notebooks run from their first to their last cell."""

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import Browser, Page, chromium, needs_chromium
from tests.copied_project import environment_of
from workshop.guides.series import notebooks
from workshop.target.target import PROJECT

pytestmark = needs_chromium

# The glossary has nothing to run.
NOTEBOOKS = [path.stem for path in notebooks(PROJECT / "notebooks") if path.stem != "glossary"]
AGAIN_AFTER_S = 20
RUN_LIMIT_S = 300
END_LIMIT_S = 120
PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.innerText)"
# [7]: has run; [*]: runs or waits; [ ]: never ran, as an empty cell at the end.
ALL_RAN = f"(() => {{ const prompts = {PROMPTS}; return prompts.length > 3 &&"
ALL_RAN += " prompts.filter(p => p.trim()).every(p => /\\d/.test(p)); })()"
SOME_RAN = f"{PROMPTS}.some(p => /[*\\d]/.test(p))"
ERRORS = "[...document.querySelectorAll('[data-mime-type$=error]')].map(e => e.innerText)"


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all(address: str, browser: Browser, name: str) -> None:
    with browser.page() as page:
        open_notebook(page, address, name)
        # Given no question or news in the way
        assert page.evaluate("document.querySelectorAll('.jp-Dialog, .jp-toast').length") == 0
        # When the person chooses Run > Run All Cells
        choose_run_all(page)
        page.wait_for(ALL_RAN, limit_s=RUN_LIMIT_S)
        # Then no cell failed, and only this machine was asked for anything
        assert page.evaluate(ERRORS) == []
        assert {urlsplit(request).hostname for request in page.requests} == {"127.0.0.1"}


def open_notebook(page: Page, address: str, name: str) -> None:
    page.set_size(1400, 1000)
    page.open(re.sub(r"/lab/tree/[^?]+", f"/lab/tree/notebooks/{name}.ipynb", address) + "&reset")
    page.wait_for("document.querySelectorAll('.jp-CodeCell').length > 3")
    page.wait_for("!!document.querySelector('.jp-Notebook-ExecutionIndicator[data-status=idle]')")
    page.wait_until_quiet("/api/kernels/")


def choose_run_all(page: Page) -> None:
    """Twice if need be: JupyterLab that shows an idle kernel may not be connected to it yet.

    It then drops a command without a word; hence the quiet before, which a slow machine may take
    for silence.
    """
    for limit_s in (AGAIN_AFTER_S, RUN_LIMIT_S):
        page.click("#jp-MainMenu .lm-MenuBar-content > :nth-child(4)")
        page.click('[data-command="runmenu:run-all"]')
        with contextlib.suppress(AssertionError):
            page.wait_for(SOME_RAN, limit_s=limit_s)
            return
