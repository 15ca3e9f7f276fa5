"""The instructor's agendas say of each notebook what the notebook says, and add up."""

import json
import re

import pytest

from workshop.target.target import PROJECT

DOCS = PROJECT / "docs"
KIT = (DOCS / "instructor.md").read_text(encoding="utf-8")
AGENDAS = re.findall(r"^### (\d+) minutes[^\n]*\n(.+?)(?=^#|^[A-Z])", KIT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("minutes", "table"), AGENDAS, ids=[minutes for minutes, _ in AGENDAS])
def test_an_agenda_takes_its_minutes(minutes: str, table: str) -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", table, re.MULTILINE)
    assert sum(int(taken) for taken, _ in rows) == int(minutes)
    notebooks = [
        (taken, link[1]) for taken, what in rows if (link := re.search(r"\((.+ipynb)", what))
    ]
    assert notebooks
    for taken, link in notebooks:
        cells = json.loads((DOCS / link).read_text(encoding="utf-8"))["cells"]
        claimed = re.search(r"\*\*Time:\*\* about (\d+) minutes", "".join(cells[0]["source"]))
        assert claimed
        assert claimed[1] == taken, link


def test_there_are_agendas_for_an_hour_two_and_three() -> None:
    assert [minutes for minutes, _ in AGENDAS] == ["60", "120", "180"]


@pytest.mark.parametrize("page", ["instructor.md", "classroom.md"])
def test_what_a_page_links_to_is_there(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]+)(?:#([^)]+))?\)", text):
        assert (DOCS / target).exists(), target
        headings = (
            re.findall(r"^#+ (.+)$", (DOCS / target).read_text("utf-8"), re.MULTILINE)
            if anchor
            else []
        )
        slugs = [re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings]
        assert not anchor or anchor in slugs, f"{target}#{anchor}"
