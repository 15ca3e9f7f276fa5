"""The README says of each notebook what the notebook says of itself."""

import json
import re
from pathlib import Path

import pytest

from workshop.target.target import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
NOTEBOOKS = PROJECT / "notebooks"


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_each_notebook_is_listed_with_its_question_and_minutes(path: Path) -> None:
    opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    row = next(line for line in README.splitlines() if f"](notebooks/{path.name}) |" in line)
    question = re.search(r"\*\*Question\.\*\* (.+)", opening)
    minutes = re.search(r"\*\*Time:\*\* about (\d+) minutes", opening)
    assert (question is None) == (minutes is None) == (path.stem == "glossary")
    if question and minutes:
        assert row.endswith(f"| {question[1]} | {minutes[1]} |")


# What a newcomer takes, estimated: to read 200 words, to run a cell and look at what it
# shows, to read a line of code, and to answer a question from memory.
MINUTE_PER_WORD, PER_CELL, PER_LINE, PER_RECALL = 1 / 200, 0.25, 0.05, 0.5
# How far what is claimed may be from that: exercises and play are not counted.
OFF_MINUTES = 5.0


@pytest.mark.parametrize(
    "path",
    [path for n in ("0", "10", "11") for path in sorted(NOTEBOOKS.glob(f"{n}*.ipynb"))],
    ids=lambda p: p.stem,
)
def test_the_claimed_minutes_are_those_that_it_takes(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = " ".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    lines = sum(len(source.splitlines()) for source in code)
    takes = len(prose.split()) * MINUTE_PER_WORD + len(code) * PER_CELL + lines * PER_LINE
    asked = [source for source in code if re.search(r"lesson\.(recall|decide)", source)]
    takes += PER_RECALL * sum(source.count("...") for source in asked)
    claimed = re.search(r"\*\*Time:\*\* about (\d+) minutes", prose)
    assert claimed
    assert abs(int(claimed[1]) - takes) <= OFF_MINUTES, f"it takes about {takes:.0f}"


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)", README))
def test_what_it_links_to_is_there(target: str) -> None:
    assert (PROJECT / target).exists()
