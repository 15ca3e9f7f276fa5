"""After a NameError: which section sets the name, and what to do; silence when nothing helps."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.guides.notebook import code, markdown, notebook
from workshop.lessons.unset_names import (
    NOTEBOOK_VARIABLE,
    code_cells,
    hint,
    load_ipython_extension,
)

LESSON = notebook(
    markdown("# Start here"),
    code("import json\n\nlab = 1"),
    markdown("## A good message\n\n```python\n# not a heading\n```"),
    code("good = lab\ndef send(order):\n    inside = order\n"),
    markdown("Words without a heading."),
    code("print(good)"),
    markdown("## Later"),
    code("[last] = [good]\nfor number in range(3):\n    good += number"),
    code("this is no Python"),
)
CELLS = code_cells(LESSON)
GOOD, USE, LATER, NO_CELL = 1, 2, 3, 5


class Shell:
    """As much of IPython as the extension uses."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.events = self
        self.transform_cell = str

    def register(self, _: str, callback: Any) -> None:
        self.after_a_cell = callback

    def run(self, source: str) -> None:
        error = None
        try:
            exec(source, self.user_ns)
        except Exception as raised:
            error = raised
        info = SimpleNamespace(cell_id=None, raw_cell=source)
        self.after_a_cell(SimpleNamespace(error_in_exec=error, info=info))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell of a kernel that Jupyter Server started for the lesson."""
    path = tmp_path / "lesson.ipynb"
    path.write_text(json.dumps(LESSON))
    monkeypatch.setenv(NOTEBOOK_VARIABLE, str(path))
    shell = Shell()
    load_ipython_extension(shell)
    return shell


def test_a_cell_is_known_by_its_heading_and_by_what_it_sets() -> None:
    sections = [cell.section for cell in CELLS]
    assert sections == ["Start here", "A good message", "A good message", "Later", "Later"]
    assert [set(cell.names) for cell in CELLS] == [
        {"json", "lab"},
        {"good", "send"},
        set(),
        {"last", "number", "good"},
        set(),
    ]


def test_a_name_from_above_is_set_by_running_what_is_above() -> None:
    told = hint("good", CELLS, USE)
    assert told.startswith('`good` is set in the section "A good message"')
    assert told.endswith("Run > Run All Above Selected Cell in the menu.")
    # The nearest cell above counts; of a cell that is not in the file yet, the last one
    assert 'section "Later"' in hint("good", CELLS, NO_CELL)


ACCOUNT = notebook(
    markdown("# SQS"),
    code("import json\nimport workshop\nlab = workshop.connect()\nlab"),
    markdown("## Run"),
    code("def send(order):\n    lab.client('sqs').send(json.dumps(order))"),
    code("# a comment\nbad = 'bad-1'\nsend(bad)"),
    code("waited = lab.wait_for_end('SqsDlq', bad)"),
    code("number = 1"),
    code("number += 1"),
    markdown("## Look"),
    code("lab.attempts('SqsDlq', order_ids=[bad])\nnumber"),
)


def test_on_an_account_the_few_cells_are_named_that_are_needed() -> None:
    # Given a kernel that was restarted, and a cell that needs three names
    cells = code_cells(ACCOUNT)
    told = hint("lab", cells, 6, is_account=True)
    # Then the cells that set them are listed, with those that these need; no wait, and not all
    assert [line.strip() for line in told.splitlines()[2:-2]] == [
        "SQS: import json",
        "Run: def send(order):",
        "Run: bad = 'bad-1'",
        "Run: number = 1",
        "Run: number += 1",
    ]
    assert "Run All" not in told
    # And the warning of connect() is not passed by
    assert told.endswith("changed, and lab.put_back() restores them.")
    # And what is there already is not run again
    some = hint("bad", cells, 6, is_account=True, known={"lab", "json", "send", "number"})
    assert [line.strip() for line in some.splitlines()[2:-1]] == ["Run: bad = 'bad-1'"]


def test_the_target_of_the_kernel_decides_which_hint_is_given(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "workshop.lessons.unset_names.announced", lambda: SimpleNamespace(is_embedded=False)
    )
    shell.run("print(good)")
    assert "Run these cells, in this order" in capsys.readouterr().out


def test_a_name_from_below_needs_that_cell_first() -> None:
    assert hint("last", CELLS, USE).endswith("It stands further down: run that cell first.")


def test_a_typo_is_told_the_closest_name_and_a_strange_name_nothing() -> None:
    assert hint("goood", CELLS, USE).endswith("Did you mean `good`?")
    assert hint("inside", CELLS, USE) == ""
    assert hint("xyzzy", CELLS, USE) == ""


def test_it_tells_after_a_cell_that_misses_a_name(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run("print(good)")
    assert capsys.readouterr().out.startswith('`good` is set in the section "A good message"')


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("lesson.recall([..., b, 3, ..., ...])", 'write the letter in quotes: "b".'),
        ("lesson.decide([C])", 'write the letter in quotes: "C".'),
        ("place_guess = processed", 'write the word in quotes: "processed".'),
    ],
)
def test_an_answer_without_quotes_is_told_to_be_text(
    shell: Shell, source: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.user_ns["lesson"] = SimpleNamespace(recall=list, decide=list)
    shell.run(source)
    assert capsys.readouterr().out == f"An answer is text: {told}\n"


def test_what_asks_and_is_not_set_itself_is_no_answer(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    # The list is right; it is the lesson that is not there yet
    shell.run("good.recall([..., 'b'])")
    assert capsys.readouterr().out.startswith("`good` is set in the section")
    # And a name that is needed elsewhere in such a cell
    shell.run("good\nplace_guess = 1")
    assert capsys.readouterr().out.startswith("`good` is set in the section")


@pytest.mark.parametrize(
    "source",
    [
        "1 + 1",
        "1 / 0",
        "def f():\n    print(good)\n    good = 1\nf()",  # a mistake of its own
        "namespace = {}\nexec('good', namespace)",  # another module's name
    ],
)
def test_other_cells_are_told_nothing(
    shell: Shell, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run(source)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [None, "", "[]", '{"cells": [{}]}'])
def test_no_notebook_or_a_broken_one_is_no_second_error(
    shell: Shell,
    content: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content is None:
        monkeypatch.delenv(NOTEBOOK_VARIABLE)
    else:
        (tmp_path / "lesson.ipynb").write_text(content)
    shell.run("print(good)")
    assert capsys.readouterr() == ("", "")
