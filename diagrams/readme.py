"""Takes the README's pictures from finished guides, into `images/`.

    python -m diagrams.readme guides

Run it after `python3 start.py guides`. It needs Chromium and the tests' packages.

    timeline.png    the retry timeline of one lesson, as it stands in its guide
    guide.png       the beginning of a guide
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "images"
LESSON = "02-lambda-destinations"
TIMELINE = "figure[aria-label^='Timeline of 3 messages']"
SIZE = ViewportSize(width=1100, height=1180)
PIXELS_PER_POINT = 1.5


def main() -> None:
    """Take both pictures."""
    guide = Path(sys.argv[1] if len(sys.argv) > 1 else "guides").resolve() / f"{LESSON}.html"
    if not guide.exists():
        sys.exit(f"there is no {guide}: run `python3 start.py guides` first")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no Chromium on the PATH: install Debian's package `chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, device_scale_factor=PIXELS_PER_POINT)
        page.goto(guide.as_uri())
        page.screenshot(path=FOLDER / "guide.png")
        page.locator(TIMELINE).screenshot(path=FOLDER / "timeline.png")
        browser.close()


if __name__ == "__main__":
    main()
