"""Takes the README's pictures from finished guides, into `images/`.

    python -m diagrams.readme guides

Run it after `python3 start.py guides`. It needs Chromium on the PATH.

    timeline.png    the retry timeline of one lesson, as it stands in its guide
    guide.png       the beginning of a guide
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "images"
LESSON = "02-lambda-destinations"
TIMELINE_SIZE = (980, 510)
GUIDE_SIZE = (1100, 1180)
PICTURE = re.compile(r'<img[^>]*src="(data:image/svg\+xml;base64,[^"]+)"')


def main() -> None:
    """Take both pictures."""
    guide = Path(sys.argv[1] if len(sys.argv) > 1 else "guides").resolve() / f"{LESSON}.html"
    if not guide.exists():
        sys.exit(f"there is no {guide}: run `python3 start.py guides` first")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "timeline.html"
        page.write_text(_timeline_page(guide.read_text("utf-8")), "utf-8")
        _take(page, FOLDER / "timeline.png", TIMELINE_SIZE)
    _take(guide, FOLDER / "guide.png", GUIDE_SIZE)


def _timeline_page(guide: str) -> str:
    # The first is the architecture diagram, the second the timeline of the three orders.
    sources = PICTURE.findall(guide)
    if len(sources) < 2:
        sys.exit(f"no timeline in {LESSON}.html: did its notebook run to the end?")
    return f'<body style="margin:0"><img src="{sources[1]}" width="{TIMELINE_SIZE[0]}"></body>'


def _take(page: Path, picture: Path, size: tuple[int, int]) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no Chromium on the PATH: install Debian's package `chromium`")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options += ["--force-device-scale-factor=1.5", f"--window-size={size[0]},{size[1]}"]
    subprocess.run(
        [chromium, *options, f"--screenshot={picture}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=60,
    )


if __name__ == "__main__":
    main()
