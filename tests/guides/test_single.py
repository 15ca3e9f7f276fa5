"""The series in one file, in a browser: its players play, its links lead, its ids are its own."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import LOOKS, Witness, needs_chromium, violations
from tests.guides import notebook
from tests.guides.test_player import player
from tests.unit.workshop.player.runs import SQS, tables, three_orders
from workshop.cli.guide_writing import write_guides
from workshop.cli.progress import Progress
from workshop.drawing.timeline import timeline
from workshop.guides.single import SINGLE
from workshop.masking.mask import Mask

pytestmark = needs_chromium

REPEATED = """() => {
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id)
    return ids.filter((id, at) => ids.indexOf(id) !== at)
}"""
# Links within the file, and what drawings and labels refer to, that is not there.
LOST = """() => {
    const there = (id) => document.getElementById(decodeURIComponent(id)) !== null
    const named = [...document.querySelectorAll("*")].flatMap((one) => [...one.attributes].flatMap(
        ({name, value}) => [...value.matchAll(/url\\(#([^)]+)\\)/g)].map((one) => one[1]).concat(
            name.endsWith("href") && value[0] === "#" ? [value.slice(1)] : [],
            ["for", "aria-labelledby", "aria-describedby"].includes(name) ? value.split(" ") : [])))
    return named.filter((id) => !there(id))
}"""


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two lessons with the same figure, the same run and the same words, and a glossary."""
    folder = tmp_path_factory.mktemp("single")
    attempts, arrivals = tables()
    still = timeline(attempts, arrivals, settings=SQS)._repr_html_()
    shown = notebook.display(text__html=still)
    paths = [
        notebook.write(
            folder / "notebooks" / f"{name}.ipynb",
            notebook.markdown(f"# {name}\n\nSee [batches](glossary.ipynb#Batch).\n\n## Run"),
            notebook.code("timeline", shown, player(three_orders())),
        )
        for name in ("01-one", "02-two")
    ]
    words = notebook.markdown("# Glossary\n\n## Batch\n\nMany.")
    paths.append(notebook.write(folder / "notebooks" / "glossary.ipynb", words))
    read = notebook.nbformat.read
    out = folder / "out"
    write_guides(
        paths, out, lambda path: read(path, as_version=4), Progress(), Mask(), is_single=True
    )
    return out / SINGLE


def test_every_player_plays_and_nothing_is_asked_for(page: Page, single: Path) -> None:
    witness = Witness(page)
    page.goto(single.as_uri())
    players = page.locator(".workshop-player")
    expect(players).to_have_count(2)
    for view in players.all():
        view.get_by_role("button", name="Next event").click()
        expect(view.locator(".status")).to_contain_text("bad, flaky and good: sent.")
    assert witness.problems == []
    assert witness.requests == [single.as_uri()]


def test_ids_are_unique_and_whatever_names_one_finds_it(page: Page, single: Path) -> None:
    page.goto(single.as_uri())
    assert page.evaluate(REPEATED) == []
    assert page.evaluate(LOST) == []


def test_a_word_of_the_glossary_unfolds_in_its_own_chapter(page: Page, single: Path) -> None:
    page.goto(single.as_uri())
    chapter = page.locator('[id="02-two"]')
    chapter.get_by_role("link", name="batches").click()
    expect(chapter.locator("details.terms dt")).to_be_in_viewport()


def test_each_chapter_leads_to_the_list_and_folds_all_code(page: Page, single: Path) -> None:
    page.goto(single.as_uri())
    # Given a reader at the second chapter
    chapter = page.locator('[id="02-two"]')
    chapter.get_by_role("button", name="Fold all code").click()
    # Then code is folded in all chapters, and the button is still in sight
    expect(page.locator(".cell > .highlight:visible")).to_have_count(0)
    expect(chapter.get_by_role("button", name="Show all code")).to_be_in_viewport()
    # And the list of the chapters is one step away
    chapter.get_by_role("link", name="All guides").click()
    expect(page.locator("ol.guides")).to_be_in_viewport()


def test_axe_finds_no_violation(page: Page, single: Path) -> None:
    page.goto(single.as_uri())
    assert {look: violations(page, *look) for look in LOOKS} == {look: [] for look in LOOKS}
