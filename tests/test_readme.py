"""The README says of each notebook what the notebook says of itself."""

import json
import re
from pathlib import Path

import pytest

from workshop.target.target import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")


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


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#]+)", README))
def test_what_it_links_to_is_there(target: str) -> None:
    assert (PROJECT / target).exists()
