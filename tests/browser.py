"""This machine's Chromium for tests, driven by Playwright: what pages request, and what goes wrong.

Playwright's own `Page` is what tests speak to; it waits for whatever it is told to act upon.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")

# How long something that comes is waited for: what does not come is an error on any machine.
ANSWER_LIMIT_MS = 120_000
# Of its own accord Playwright expects everything within 5 s.
expect.set_options(timeout=ANSWER_LIMIT_MS)

# As guides are read: on a screen and on a phone, light and dark.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (360, "dark"))

# Playwright's own arguments keep the browser from asking anybody about updates and accounts.
ARGUMENTS = ["--disable-gpu", "--disable-quic", "--no-proxy-server"]


# Observers of sizes hear of a change at the end of a frame: in the next one all of it is drawn.
DRAWN = "new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@contextmanager
def chromium() -> Iterator[BrowserContext]:
    """A new headless Chromium whose pages share a cache; it ends with the block.

    Until then this thread cannot run an event loop of its own: Playwright runs one in it.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, timeout=ANSWER_LIMIT_MS
        )
        context = _context_of(browser)
        # An empty page keeps the window: with the last one it would close, and each test's page
        # would open a new one, whose own controls cost more than most pages do.
        context.new_page()
        yield context
        browser.close()


def _context_of(browser: Browser) -> BrowserContext:
    context = browser.new_context()
    context.set_default_timeout(ANSWER_LIMIT_MS)
    return context


@contextmanager
def stopped_page(browser: Browser) -> Iterator[Page]:
    """A page in which no time passes but what `page.clock.run_for` lets pass.

    Its timers and frames then come when a test says so, however long a machine takes in between.
    All pages of a context have one clock, so it has a context of its own.
    """
    context = _context_of(browser)
    context.clock.install(time=0)
    context.clock.pause_at(1)
    yield context.new_page()
    context.close()


def violations(page: Page, width: int, scheme: Literal["light", "dark"]) -> list[str]:
    """What axe-core says against a page as it looks now: rule, how bad, the first element."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(DRAWN)
    found = Axe().run(page).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}" for one in found]


class Witness:
    """Hears what a page does, from now on.

    Attributes:
        problems: console errors, failed loads and uncaught exceptions, as text.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._requests: list[Request] = []
        self._channels: list[str] = []
        self.problems: list[str] = []
        page.on("request", lambda request: self._requests.append(request))
        page.on("websocket", lambda channel: self._channels.append(channel.url))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._note)

    @property
    def requests(self) -> list[str]:
        """Addresses, in the order of asking, WebSockets last.

        Without data: and blob: addresses, which hold what the page has already, and without those
        that the page's own policy kept from being sent.
        """
        # One more question, so that what was told meanwhile has been heard.
        self._page.evaluate("1")
        sent = [request.url for request in self._requests if request.failure != "csp"]
        return [url for url in sent if not url.startswith(("data:", "blob:"))] + self._channels

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} {message.location['url']}")
