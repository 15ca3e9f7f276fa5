"""Other pages of a notebook: a sheet to work through, and what an instructor needs. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from workshop import html
from workshop.guides.exercises import solved_by
from workshop.lessons.questions import Question, questions
from workshop.lessons.recall import CASES, FOLDER, RecallQuestion, recall_questions
from workshop.player.widget import FACTS

# Of a cell that asks something: its text stays on a sheet.
ASKS = "asks"
_HEADING = re.compile(r"^#{1,6} .+", re.MULTILINE)
_COMPARED = re.compile(r'\bcompare\(\s*(\w+),.*?"(\d\d/[\w-]+)"', re.DOTALL)
_RECALLED = re.compile(r"\.(recall|decide)\(")
_CHECKS = re.compile(r"\.check(_all)?\(")
# How a cell that asks is answered: on a sheet with a pencil.
_RUN_IT = re.compile(r"\s*Run the cell: it asks\..*", re.DOTALL)
_MINUTES = re.compile(r"\*\*Time:\*\* about (\d+) minutes")


@dataclass(frozen=True)
class Asked:
    """One question of a notebook, for who asks it.

    Attributes:
        what: is asked.
        right: the answer.
        why: it is right.
        wrong: a common wrong answer -> what to say to it.
    """

    what: str
    right: str
    why: str
    wrong: dict[str, str]


def sheet(notebook: NotebookNode, name: str) -> NotebookNode:
    """Headings, code and questions: to be worked through with a pencil, or typed.

    What tells the answers is left out: outputs, explanations, and the cells that check. Questions
    that a cell would show are written out.

    Args:
        notebook: as it is stored; not changed.
        name: of the notebook.
    """
    made: Any = nbformat.from_dict(notebook)
    kept: list[Any] = []
    for cell in made.cells:
        if cell.cell_type == "code":
            if _CHECKS.search(cell.source):
                continue
            cell.outputs, cell.execution_count = [], None
            for how in _RECALLED.findall(cell.source):
                kept.append(_questions(len(kept), recall_questions(*_where(name, how))))
        elif ASKS in cell.metadata.get("tags", []):
            cell.source = _RUN_IT.sub("", cell.source)
        else:
            cell.source = "\n\n".join(_HEADING.findall(cell.source))
        if cell.source.strip() and not _RECALLED.search(cell.source):
            kept.append(cell)
    made.cells = [
        cell for cell, after in zip(kept, [*kept[1:], None], strict=True) if _leads(cell, after)
    ]
    result: NotebookNode = made
    return result


def _leads(cell: Any, after: Any) -> bool:
    """Whether a heading has something below it; any other cell does."""
    is_heading = cell.cell_type == "markdown" and _HEADING.sub("", cell.source).strip() == ""
    return not is_heading or (after is not None and not after.source.startswith("#"))


def _questions(place: int, asked: Iterable[RecallQuestion]) -> Any:
    told = [f"1. {one.ask}" + "".join(f"\n    - {words}" for words in one.offered) for one in asked]
    cell: Any = nbformat.v4.new_markdown_cell("\n".join(told))
    cell.id = f"questions-{place}"
    return cell


def _where(name: str, how: str) -> tuple[str, Path]:
    return name.partition("-")[0], CASES if how == "decide" else FOLDER


def for_instructors(notebook: NotebookNode, name: str) -> NotebookNode:
    """All of a notebook; where it asks, the right answer and what is to be said to wrong ones.

    Args:
        notebook: executed; not changed.
        name: of the notebook, which its questions at the end are found by.
    """
    made: Any = nbformat.from_dict(notebook)
    sources = [cell.source if cell.cell_type == "code" else "" for cell in made.cells]
    compared = _questions_of(name.partition("-")[0], sources)
    cells, number = [], 0
    for cell, source in zip(made.cells, sources, strict=True):
        cells.append(cell)
        asked = [_prediction(one) for guess, one in compared.items() if _sets(source, guess)]
        for how in _RECALLED.findall(source):
            asked += [_recalled(one) for one in recall_questions(*_where(name, how))]
        for output in cell.get("outputs", []):
            asked += map(_played, output.get("data", {}).get(FACTS, {}).get("questions", []))
        exercises = [
            Asked(task, html.code(one.solution), one.hint, {})
            for task, one in solved_by(source, name)
        ]
        if exercises:
            cells.append(_note(len(cells), "The solution", exercises))
        if asked:
            cells.append(_note(len(cells), "What to expect", asked))
            number += len(asked)
    cells.insert(1, _note(0, _agenda(made, number), []))
    made.cells = cells
    result: NotebookNode = made
    return result


VARIANTS: dict[str, Callable[[NotebookNode, str], NotebookNode]] = {
    "clean": sheet,
    "instructor": for_instructors,
}


def _questions_of(number: str, sources: list[str]) -> dict[str, Question]:
    """Guess -> the question that it answers: as a cell compares it, or by its name."""
    named = {
        f"{name.partition('/')[2]}_guess": one
        for name, one in questions().items()
        if name.startswith(f"{number}/")
    }
    compared = {
        guess: questions()[question]
        for source in sources
        for guess, question in _COMPARED.findall(source)
        if question in questions()
    }
    return {g: one for g, one in named.items() if one not in compared.values()} | compared


def _sets(source: str, guess: str) -> bool:
    return re.search(rf"^{guess} = \.\.\.", source, re.MULTILINE) is not None


def _prediction(asked: Question) -> Asked:
    if asked.words:
        right = asked.words[0]
    elif asked.low is None:
        right = "what the run shows"
    elif asked.low == asked.high:
        right = f"{asked.low:g}"
    else:
        right = f"{asked.low:g} to {asked.high:g}"
    return Asked(asked.what, right, asked.why, dict(asked.wrong))


def _recalled(asked: RecallQuestion) -> Asked:
    return Asked(asked.ask, asked.answer, asked.why, dict(asked.wrong))


def _played(asked: dict[str, Any]) -> Asked:
    """A question of a player."""
    choices = asked.get("choices", [])
    if not choices:
        right = f"{asked['answer']:g} {asked.get('unit', '')}".strip()
        return Asked(asked["text"], right, asked.get("told", ""), {})
    right, why = next((one["text"].rstrip("."), one["told"]) for one in choices if one["is_right"])
    wrong = {one["text"]: one["told"] for one in choices if not one["is_right"]}
    return Asked(asked["text"], right, why, wrong)


def _agenda(notebook: NotebookNode, number: int) -> str:
    found = _MINUTES.search(notebook.cells[0].source) if notebook.cells else None
    time = f"About {found[1]} minutes. " if found else ""
    return f"{time}Questions that you can ask on the way: {number}."


def _note(place: int, title: str, asked: list[Asked]) -> NotebookNode:
    told = html.rendered("instructor_note.html.j2", title=title, asked=asked)
    note: NotebookNode = nbformat.v4.new_markdown_cell(str(told))
    # The same notebook makes the same page.
    note.id = f"instructor-{place}"
    return note
