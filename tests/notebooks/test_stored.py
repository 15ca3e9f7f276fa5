"""The notebooks as files: what a reader, a diff and the export rely on."""

import ast
import re
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
GLOSSARY = FOLDER / "glossary.ipynb"
LESSONS = [path for path in NOTEBOOKS if path != GLOSSARY]
LONGEST_CELL = 12
# What every lesson has, in this order; the first notebook is an overture with its own rhythm.
RHYTHM = ["Predict", "Run", "Evidence", "Compare", "Explain", "Change one thing", "Check", "Recap"]
# The first of something, without a word for the case that there is none.
FIRST_OF = re.compile(
    r"""\)\[-?[01]\]|\["[^"]+"\]\[-?[01]\]|iloc\[-?[01]\]|next\(iter\([^,]*\)\)"""
)
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
# pandas comes with every table that is shown; io and zipfile make a deployment package. No cell
# reads a file of the project: a working copy may lie anywhere.
IMPORTABLE = {"workshop", "json", "pandas", "io", "zipfile"}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request: pytest.FixtureRequest) -> Any:
    return nbformat.read(request.param, as_version=4)


def cells(notebook: Any, cell_type: str) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == cell_type]


def headings(notebook: Any) -> list[tuple[int, str]]:
    found = re.findall(r"^(#+) (.+)$", "\n".join(cells(notebook, "markdown")), re.MULTILINE)
    return [(len(marks), text) for marks, text in found]


def test_there_are_notebooks() -> None:
    assert [path.stem[:2] for path in LESSONS] == [f"{number:02}" for number in range(15)]


def test_each_leads_to_the_one_behind_it() -> None:
    led = {}
    for path in LESSONS[1:]:
        text = path.read_text(encoding="utf-8")
        led |= dict.fromkeys(re.findall(r"Next: \[[^\]]+\]\(([^)]+)\.ipynb\)", text), path.stem)
    names = [path.stem for path in LESSONS if "instructor" not in path.stem]
    assert led == {later: earlier for earlier, later in pairwise(names[1:])}


def test_no_cell_knows_where_it_lies(notebook: Any) -> None:
    code = "\n".join(cells(notebook, "code"))
    assert not re.search(r"\.\./|\bopen\(", code)


def test_what_comes_in_pages_is_read_to_the_last(notebook: Any) -> None:
    # A page of FilterLogEvents "might only be partially full, or even empty" before the last one
    for source in cells(notebook, "code"):
        assert ".filter_log_events(" not in source


def test_no_length_of_time_is_judged_by_when_it_was_seen(notebook: Any) -> None:
    # Counts and logs are shown late: what is compared with a guess is what AWS wrote down
    for source in cells(notebook, "code"):
        if "workshop.compare(" in source:
            assert not re.search(r"clock\.now\(\) -", source)


def test_who_is_asked_sees_nothing_but_what_is_asked_of(notebook: Any) -> None:
    # An earlier order of the same kind would play the answer before the question
    for code in cells(notebook, "code"):
        for asked in re.findall(r"questions=(.+?),?\n", code):
            assert set(re.findall(r"order_ids=(.+?)\),?\n", code)) == {f"[{asked}]"}


def test_no_id_is_made_of_the_time_alone(notebook: Any) -> None:
    # Which stands still between waits: a cell that is run twice would send an order twice
    for source in [*cells(notebook, "code"), *cells(notebook, "markdown")]:
        assert "%H%M%S" not in source
    # And no part of one run takes another one's id: two orders, two ids
    for source in cells(notebook, "code"):
        assert not re.search(r"lab\.new_id\(\).* for \w+ in ", source)


def test_it_is_stored_without_outputs_in_the_current_format(notebook: Any) -> None:
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_cells_have_stable_ids_that_say_what_they_are(notebook: Any) -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", cell.id) for cell in notebook.cells)


def test_cells_are_short(notebook: Any) -> None:
    too_long = [
        source.splitlines()[0]
        for source in cells(notebook, "code")
        if len(source.splitlines()) > LONGEST_CELL
    ]
    assert too_long == []


def test_only_the_workshop_package_and_what_a_participant_knows_is_imported(notebook: Any) -> None:
    names: set[str | None] = set()
    for node in ast.walk(ast.parse("\n".join(cells(notebook, "code")))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    assert names <= IMPORTABLE


def test_it_has_one_title_and_headings_that_descend_by_one(notebook: Any) -> None:
    levels = [level for level, _ in headings(notebook)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_says_question_objectives_and_minutes_first(lesson: Any) -> None:
    opening = lesson.cells[0].source
    assert "**Question.**" in opening
    assert "you can**" in opening
    assert re.search(r"\*\*Time:\*\* about \d+ minutes", opening)


def test_pictures_are_described(lesson: Any) -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", "\n".join(cells(lesson, "markdown")))
    assert pictures
    assert all(len(alt) > 40 for alt, _ in pictures), "a picture needs words for those who listen"


def test_links_lead_somewhere(notebook: Any) -> None:
    own = {anchor(text) for _, text in headings(notebook)}
    terms = {anchor(text) for _, text in headings(nbformat.read(GLOSSARY, as_version=4))}
    for link in re.findall(r"\]\(([^)]+)\)", "\n".join(cells(notebook, "markdown"))):
        target, _, place = link.partition("#")
        if target.startswith("https://"):
            assert target.startswith("https://docs.aws.amazon.com/")
        elif target:
            assert (FOLDER / target).exists()
        assert not place or place in (terms if target == GLOSSARY.name else own)


def anchor(heading: str) -> str:
    """The id that JupyterLab and nbconvert give a heading."""
    return heading.replace(" ", "-")


def test_terms_are_in_alphabetical_order() -> None:
    [_, *terms] = [text for _, text in headings(nbformat.read(GLOSSARY, as_version=4))]
    assert terms == sorted(terms, key=str.casefold)


def test_lessons_link_the_glossary() -> None:
    for path in LESSONS[:7]:  # those that explain terms
        assert "](glossary.ipynb#" in path.read_text("utf-8"), path.stem


@pytest.mark.parametrize(
    ("lesson", "word", "term"),
    [
        ("00", "in flight", "In flight"),
        ("01", "throttled", "Throttling"),
        ("01", "starts cold", "Cold start"),
        ("01", "request id", "Request id"),
        ("01", "redrive policy", "Redrive policy"),
    ],
)
def test_a_word_is_linked_where_a_reader_meets_it_first(lesson: str, word: str, term: str) -> None:
    [path] = [path for path in LESSONS if path.stem.startswith(lesson)]
    told = "\n".join(cells(nbformat.read(path, as_version=4), "markdown"))
    first = told.lower().index(word)
    assert told[first - 1 :].startswith(f"[{word}](glossary.ipynb#{anchor(term)})")


def test_a_lesson_keeps_the_rhythm(notebook: Any) -> None:
    titles = [text.split(":")[0] for _, text in headings(notebook)]
    if "Change one thing" in titles and "Predict" in titles:
        assert [title for title in titles if title in RHYTHM] == RHYTHM


def test_no_account_is_named(notebook: Any) -> None:
    assert not re.search(r"\b\d{12}\b", "\n".join(cell.source for cell in notebook.cells))


def test_cells_that_are_to_be_run_again_are_counted_rightly(notebook: Any) -> None:
    told = 0
    for place, cell in enumerate(notebook.cells):
        for number in re.findall(r"run the next (\w+) cells", cell.source):
            told += 1
            following = takewhile(lambda one: one.cell_type == "code", notebook.cells[place + 1 :])
            assert NUMBERS.index(number) == len([*following]), cell.id
    # And no other words are used for it, which would escape this
    counted = rf"\b(?:{'|'.join(NUMBERS[2:])}) (?:code )?cells\b"
    assert len(re.findall(counted, "\n".join(cells(notebook, "markdown")))) == told


def test_no_cell_takes_the_first_of_what_may_be_empty(notebook: Any) -> None:
    """Another session, a restart or a re-run takes things away: `lab.first_of` says so."""
    takes = [
        line
        for source in cells(notebook, "code")
        for line in source.splitlines()
        if FIRST_OF.search(line)
    ]
    # An event that a function was called with has one record, in any case
    assert [line for line in takes if '["Records"][0]' not in line] == []
