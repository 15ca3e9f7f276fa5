"""Checks with graded help, progress that survives, and the index of the series."""

import json
from pathlib import Path

import pytest

from workshop.errors import DataError
from workshop.lessons import checks
from workshop.lessons.checks import Check
from workshop.lessons.lesson import Lesson, lesson
from workshop.lessons.series import series
from workshop.lessons.unset_names import NOTEBOOK_VARIABLE

RED = checks.equal("x is 1", expected=1, seen=2, evidence="cell", hint="its own hint")
GREEN = checks.equal("x is 1", expected=1, seen=1, evidence="cell")
HELP = {"nudge": "look at x", "hint": "set x", "solution": "x = 1"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".workshop" / "progress.json"


@pytest.fixture
def made(file: Path) -> Lesson:
    return lesson("06-repair", ["find", "fix"], file=file)


def test_help_grows_with_each_failure_and_goes_with_success(made: Lesson) -> None:
    helps = [[title for title, _ in made.check("find", RED, **HELP).help] for _ in range(4)]
    assert helps == [
        ["nudge"],
        ["nudge", "hint"],
        ["nudge", "hint", "solution"],
        ["nudge", "hint", "solution"],
    ]
    assert made.check("find", GREEN, **HELP).help == ()
    assert [title for title, _ in made.check("find", RED, **HELP).help] == ["nudge"]


def test_the_solution_is_folded_and_its_code_is_escaped(made: Lesson) -> None:
    for _ in range(3):
        check = made.check("find", RED, nudge="n", hint="h", solution="x < 1")
    page = check._repr_html_()
    assert "<details><summary>Solution</summary>" in page
    assert "x &lt; 1" in page
    assert "x < 1" not in str(check)


def test_a_check_without_a_hint_of_the_lesson_keeps_its_own(made: Lesson) -> None:
    assert made.check("find", RED).help == (("hint", "its own hint"),)


def test_nothing_is_said_to_be_complete_while_something_is_open(made: Lesson) -> None:
    assert "2 were not made yet" in str(made)
    made.check("find", GREEN)
    assert str(made) == "06-repair: 1 of 2 checks pass, 1 was not made yet"
    made.check("fix", RED)
    assert str(made) == "06-repair: 1 of 2 checks pass, 1 does not yet"
    made.check("fix", GREEN)
    assert str(made) == "06-repair: all 2 checks pass"
    made.check("fix", RED)
    assert "it did before" in repr(made)


def test_progress_survives_a_restart_and_a_changed_lesson(file: Path, made: Lesson) -> None:
    made.check("find", GREEN)
    # When a new kernel opens the lesson, which has one check more now
    again = lesson("06-repair", ["find", "fix", "prove"], file=file)
    assert str(again) == "06-repair: 1 of 3 checks pass, 2 were not made yet"
    again.reset()
    assert "0 of 3" in str(again)


def test_checks_that_are_made_together_count_like_single_ones(made: Lesson, file: Path) -> None:
    done = made.check_all({"find": GREEN, "fix": RED})
    assert repr(done).splitlines()[-1] == "06-repair: 1 of 2 checks pass, 1 does not yet"
    assert "its own hint" in done._repr_html_()
    assert "all 2 checks pass" in repr(made.check_all({"find": GREEN, "fix": GREEN}))
    assert "all 2 checks pass" in str(lesson("06-repair", ["find", "fix"], file=file))


def test_a_damaged_file_costs_the_progress_and_nothing_else(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("{broken")
    assert "0 of 1" in str(lesson("01", ["a"], file=file))


def test_a_name_that_was_not_declared_is_refused(made: Lesson) -> None:
    with pytest.raises(DataError, match="declared find, fix"):
        made.check("mend", GREEN)


def test_the_index_shows_minutes_and_what_is_open(
    tmp_path: Path, file: Path, made: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ["# Redrive & repair\n", "\n", "**Time:** about 20 minutes"]
    for name in ("06-repair", "07-gallery"):
        body = {"cells": [{"source": first}]}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(body))
    made.check("find", GREEN)
    index = series(file=file, folder=tmp_path)
    assert [entry.minutes for entry in index.entries] == [20, 20]
    assert "1 of 2 checks pass" in repr(index)
    assert "not opened yet" in repr(index)
    # And the notebook that shows it was opened, without a check so far
    monkeypatch.setenv(NOTEBOOK_VARIABLE, str(tmp_path / "07-gallery.ipynb"))
    assert "07-gallery" in repr(series(file=file, folder=tmp_path)).splitlines()[1]
    assert "open here, no check made yet" in repr(series(file=file, folder=tmp_path))
    assert "not opened yet" not in repr(series(file=file, folder=tmp_path))
    page = index._repr_html_()
    assert 'href="06-repair.ipynb"' in page
    assert "Redrive &amp; repair" in page


def test_a_dangerous_answer_is_called_so_and_told_why(made: Lesson) -> None:
    bad = Check("x", False, "1", "2", "cell", "h", "n", "f", "it hurts", is_dangerous=True)
    shown = [str(made.check("find", bad)) for _ in range(3)]
    assert all(text.startswith("dangerous: x.") for text in shown)
    assert all("What is wrong: it hurts" in text for text in shown)
    # A nudge, then a hint, then where the solution is; none of it in the first line
    assert [text.splitlines()[2:] for text in shown] == [
        ["nudge: n"],
        ["nudge: n", "hint: h"],
        ["nudge: n", "hint: h", "then: f"],
    ]
    good = Check("x", True, "1", "1", "cell", remark="it costs")
    assert "Mind: it costs" in str(made.check("find", good))
    assert "Mind: it costs" in made.check("find", good)._repr_html_()


def test_what_nobody_has_changed_is_no_failed_try(made: Lesson) -> None:
    # Given a set-up as it was found, which is run again and again
    untouched = Check("x", False, "1", "2", "cell", "h", "n", is_untouched=True)
    for _ in range(3):
        assert made.check("find", untouched).help == (("nudge", "n"),)
    assert made.standings["find"].failures == 0
    assert made.standings["find"].passed is False
