"""`start.py guides` on the real notebooks: they run, and every page is as its reader needs it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Page

from tests.browser import LOOKS, Witness, needs_chromium, violations
from tests.copied_project import environment_of
from workshop.guides.notebooks import notebooks
from workshop.target.target import PROJECT

NAMES = [path.stem for path in notebooks(PROJECT / "notebooks")]
PAGES = ["index", *NAMES]
# Its checks stay red until the learner has changed something, see tests/notebooks/test_clinic.py;
# the glossary has nothing to run.
WITHOUT_GREEN_CHECKS = ("12-misconfiguration-clinic", "glossary")
# Retries by SQS, and by Lambda with a time-out: ids, clocks, orders and figures of both.
RUN_TWICE = ("00", "02")
MAX_BYTES = 3_000_000
# Of paper, printed on one side.
MOST_SHEETS = 10
# Two lessons fill all ten, and the letters of another machine may be wider.
OTHER_FONTS = 1
# Of what is known about a lesson's run.
MAX_FACTS = 200_000
DRAWS_A_TIMELINE = [
    path.stem
    for path in notebooks(PROJECT / "notebooks")
    if "workshop.timeline" in path.read_text(encoding="utf-8")
]


@pytest.fixture(scope="module")
def guides(project: Path, tmp_path_factory: pytest.TempPathFactory, lateness: int | None) -> Path:
    """All notebooks, executed against the embedded AWS and exported."""
    out = tmp_path_factory.mktemp("guides")
    told = export(project, out, lateness)
    assert re.search(r"^\d+ notebooks as pages, and an index, in \d+ s$", told, re.MULTILINE)
    return out


def export(project: Path, out: Path, lateness: int | None, *options: str) -> str:
    """Run `guides` into a folder; what it said."""
    late = [] if lateness is None else ["--lateness", str(lateness)]
    done = subprocess.run(
        [sys.executable, "-m", "workshop", "guides", "--out", str(out), *options, *late],
        cwd=project,
        env=environment_of(project),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def page_of(guides: Path, name: str) -> BeautifulSoup:
    """A page as several tests read it, none of which changes it."""
    return BeautifulSoup((guides / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_one_page_per_notebook_and_an_index(guides: Path) -> None:
    assert sorted(path.stem for path in guides.glob("*.html")) == sorted(PAGES)
    links = [link["href"] for link in page_of(guides, "index").select("ol.guides a")]
    assert links == [f"{name}.html" for name in NAMES]


def test_the_same_notebooks_make_the_same_pages_byte_for_byte(
    guides: Path, project: Path, tmp_path: Path, lateness: int | None
) -> None:
    # Given a set of pages, in which who compares two must see only what was changed
    again = tmp_path / "again"
    shutil.copytree(guides, again)
    # When some of its notebooks are run and written once more
    export(project, again, lateness, "--notebook", *RUN_TWICE)
    # Then every file is what it was
    first, second = ({one.name: one.read_bytes() for one in f.iterdir()} for f in (guides, again))
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_time_begins_at_the_same_moment_for_each_notebook(guides: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in guides.glob("0[0-3]*.html")]
    assert all("2026-01-05" in page or "09:0" in page for page in pages)
    assert not any(" s of yours" in page for page in pages)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_accessible_and_small(guides: Path, name: str) -> None:
    page = page_of(guides, name)
    assert page.select_one("html[lang=en]")
    assert len(page.find_all("h1")) == 1
    undescribed = [picture for picture in page.find_all("img") if not picture.get("alt")]
    assert undescribed == []
    assert "without a description" not in page.get_text()
    # Nothing takes the keyboard's focus but what scrolls where the page is narrow: figures, tables.
    focused = [one for one in page.select("[tabindex]") if one.name != "figure"]
    assert [one for one in focused if not one.find("table", recursive=False)] == []
    assert (guides / f"{name}.html").stat().st_size < MAX_BYTES


@pytest.mark.parametrize("name", DRAWS_A_TIMELINE)
def test_every_run_that_is_drawn_can_be_replayed(guides: Path, name: str) -> None:
    carried = [
        str(one["data-player-facts"]) for one in page_of(guides, name).select(".workshop-player")
    ]
    assert carried
    for text in carried:
        assert len(text) < MAX_FACTS
        facts = json.loads(text)
        assert facts["version"] == 1
        told = [one for run in facts["runs"] for one in run["invocations"]]
        tried = [one for run in facts["runs"] for m in run["messages"] for one in m["attempts"]]
        # Every attempt has the lines of its invocation
        assert bool(tried) == bool(told)
        assert [one["request_id"] for one in told if not one["lines"]] == []


@pytest.mark.parametrize("name", NAMES)
def test_links_between_pages_lead_somewhere(guides: Path, name: str) -> None:
    links = [str(link["href"]) for link in page_of(guides, name).find_all("a", href=True)]
    local = {link.partition("#")[0] for link in links if "://" not in link} - {""}
    assert {link for link in local if not (guides / link).is_file()} == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_GREEN_CHECKS])
def test_what_the_notebook_checks_is_so(guides: Path, name: str) -> None:
    verdicts = [verdict.get_text() for verdict in page_of(guides, name).select(".output strong")]
    assert "✓ passed" in verdicts
    assert [verdict for verdict in verdicts if verdict.startswith("✗")] == []


@pytest.fixture(scope="module", params=PAGES)
def opened(
    guides: Path, browser: BrowserContext, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, Witness]]:
    """A page in a tab, once for all that is seen in it, and what it did since it was opened."""
    with browser.new_page() as page:
        witness = Witness(page)
        page.goto((guides / f"{request.param}.html").as_uri())
        yield page, witness


@needs_chromium
def test_in_a_browser_nothing_is_missing_or_asked_for(opened: tuple[Page, Witness]) -> None:
    page, witness = opened
    assert witness.requests == [page.url]
    assert witness.problems == []
    assert page.evaluate("[...document.images].every(picture => picture.naturalWidth > 0)")
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert sheets <= MOST_SHEETS + OTHER_FONTS
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


@needs_chromium
def test_axe_finds_no_violation(opened: tuple[Page, Witness]) -> None:
    page, _ = opened
    assert {look: violations(page, *look) for look in LOOKS} == {look: [] for look in LOOKS}
