"""`start.py guides` on the real notebooks: every page, as its reader will see it."""

import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.browser import chromium, needs_chromium
from workshop.guides.series import notebooks
from workshop.target import PROJECT

NAMES = [path.stem for path in notebooks(PROJECT / "notebooks")]
PAGES = ["index", *NAMES]
MAX_BYTES = 3_000_000


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All notebooks, executed against the embedded AWS and exported."""
    out = tmp_path_factory.mktemp("guides")
    done = subprocess.run(
        [sys.executable, "-m", "workshop", "guides", "--out", str(out)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert f"{len(PAGES)} pages in " in done.stdout
    return out


def page_of(guides: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((guides / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_one_page_per_notebook_and_an_index(guides: Path) -> None:
    assert sorted(path.stem for path in guides.glob("*.html")) == sorted(PAGES)
    links = [link["href"] for link in page_of(guides, "index").select("ol.guides a")]
    assert links == [f"{name}.html" for name in NAMES]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_accessible_and_small(guides: Path, name: str) -> None:
    page = page_of(guides, name)
    assert page.select_one("html[lang=en]")
    assert len(page.find_all("h1")) == 1
    undescribed = [picture for picture in page.find_all("img") if not picture.get("alt")]
    assert undescribed == []
    assert "without a description" not in page.get_text()
    assert not page.select("[tabindex]")
    assert (guides / f"{name}.html").stat().st_size < MAX_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_links_between_pages_lead_somewhere(guides: Path, name: str) -> None:
    links = [str(link["href"]) for link in page_of(guides, name).find_all("a", href=True)]
    local = {link.partition("#")[0] for link in links if "://" not in link} - {""}
    assert {link for link in local if not (guides / link).is_file()} == set()


@needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_in_a_browser_nothing_is_missing_or_asked_for(guides: Path, name: str) -> None:
    address = (guides / f"{name}.html").as_uri()
    with chromium() as page:
        page.open(address)
        assert page.requests == [address]
        assert page.problems == []
        assert page.evaluate("[...document.images].every(picture => picture.naturalWidth > 0)")
        page.set_size(400, 800)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
