"""A lesson's checks, with graded help and remembered progress."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from workshop import html
from workshop.errors import DataError, WorkshopError
from workshop.lessons.checks import Check
from workshop.lessons.exercises import help_with
from workshop.lessons.recall import CASES, Recall, recall
from workshop.lessons.store import ProgressFile, Standing

# How an exercise begins that is still to be done.
YOURS = "yours to do"


@dataclass(frozen=True)
class GradedCheck(Check):
    """A check with as much help as the number of failures asks for.

    Attributes:
        help: (title, text) in the order of strength: nudge, hint, solution.
    """

    help: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        told = [f"{title}: {text}" for title, text in self.help if title != "solution"]
        if len(told) < len(self.help):
            told.append("There is a solution to unfold below this cell's result.")
        return "\n".join([super().__str__(), *told])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        given = [
            html.joined(html.strong(f"{title.capitalize()}:"), " ", text)
            for title, text in self.help
            if title != "solution"
        ]
        solutions = [text for title, text in self.help if title == "solution"]
        return html.joined(
            html.note(*self._verdict(), *self._told(), *given, is_untouched=self.is_untouched),
            *(html.details("Solution", html.block(text)) for text in solutions),
        )


@dataclass(frozen=True)
class Checked:
    """Checks that were made together, and what the lesson says after them."""

    checks: Sequence[GradedCheck]
    standing: str

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.checks), self.standing])

    def _repr_html_(self) -> str:
        shown = [html.Markup(check._repr_html_()) for check in self.checks]
        return html.joined(*shown, html.paragraph(html.strong(self.standing)))


@dataclass(frozen=True)
class Blank:
    """An exercise that nobody has done yet: it is asked, not judged."""

    task: str

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"{YOURS}: {self.task} Write it where the dots are, and run both cells again."

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return html.line(html.NOT_DONE.sign, self)


class Lesson:
    """The checks of one notebook; made by `lesson`. Displaying it says what is still open.

    Attributes:
        name: the notebook's file name without suffix.
        standings: check name -> whether it passed, how often it failed; read from the file.
    """

    def __init__(self, name: str, checks: Sequence[str], store: ProgressFile) -> None:
        self.name, self._checks, self._store = name, list(checks), store
        # So that the index knows how many checks there are, also before the first one is made.
        store.write(name, self.standings)

    @property
    def standings(self) -> dict[str, Standing]:
        """Read from the file at every use: another kernel may have solved something."""
        known = self._store.read(self.name)
        return {check: known.get(check, Standing()) for check in self._checks}

    def check(
        self, name: str, check: Check, *, nudge: str = "", hint: str = "", solution: str = ""
    ) -> GradedCheck:
        """Record a check and return it with help: the more often it failed, the more.

        Args:
            name: one of the names that the lesson declared.
            check: as the functions of `workshop.lessons.checks` make it.
            nudge: where to look; shown from the first failure on (default that of
                `exercises.toml`, or the check's own).
            hint: what to do; from the second failure on (default likewise).
            solution: the code; offered from the third failure on, folded (default that of
                `exercises.toml`). Without one the check's own `further` is said then.

        A check of what nobody has changed yet is no failed try: it is helped as the first one is.

        Raises:
            DataError: the lesson did not declare this name.
        """
        standings = self.standings
        if name not in standings:
            raise DataError(
                f"The lesson {self.name} has no check {name!r}.",
                f"It declared {', '.join(self._checks)}.",
            )
        standing = standings[name]
        standing.passed = check.passed
        standing.was_passed = standing.was_passed or check.passed
        standing.failures = 0 if check.passed else standing.failures + (not check.is_untouched)
        self._store.write(self.name, standings)
        known = help_with(self.name, name)
        solution = solution or known.solution
        levels = [("nudge", nudge or known.nudge or check.nudge)]
        levels.append(("hint", hint or known.hint or check.hint))
        levels.append(("solution", solution) if solution else ("then", check.further))
        number = 0 if check.passed else max(standing.failures, 1)
        given = tuple(level for level in levels if level[1])[:number]
        facts = {field.name: getattr(check, field.name) for field in fields(Check)}
        return GradedCheck(**facts | {"hint": "", "nudge": "", "further": ""}, help=given)

    def exercise(
        self, name: str, answer: Any, judge: Callable[[Any], Check], *, task: str, **helps: str
    ) -> GradedCheck | Blank:
        """A blank exercise: judged when it is done, asked while there is no answer.

        Code of a learner may fail in any way: then the check did not pass, and says how it failed.

        Args:
            name: one of the names that the lesson declared.
            answer: what the learner wrote: a value, or a function; `...` and None are no answer.
            judge: makes the check of it.
            task: what there is to do, a sentence.
            helps: nudge, hint and solution, as for `check`.
        """
        if answer is ... or answer is None:
            return Blank(task)
        try:
            check = judge(answer)
        except Exception as error:
            seen = _failure(error)
            check = Check(task.rstrip("."), False, "an answer that works", seen, "your own code")
        return self.check(name, check, **helps)

    def recall(self, answers: Sequence[Any] | None = None) -> Recall:
        """Ask the notebook's recall questions, and judge what was answered; nothing is recorded.

        Args:
            answers: one for each question, in order: the letter of a choice, or a number; `...`
                where you did not answer.
        """
        return recall(self.name.partition("-")[0], answers)

    def decide(self, answers: Sequence[Any] | None = None) -> Recall:
        """Ask what you would take in each case of a design, and judge it; nothing is recorded.

        Args:
            answers: one for each case, in order: the letter of a choice; `...` where you did not
                decide.
        """
        return recall(self.name.partition("-")[0], answers, CASES)

    def check_all(self, found: Mapping[str, Check]) -> "Checked":
        """Record several checks, and show them with what is still open."""
        return Checked([self.check(name, check) for name, check in found.items()], str(self))

    def reset(self) -> None:
        """Forget the progress of this lesson."""
        self._store.write(self.name, {check: Standing() for check in self._checks})

    def __str__(self) -> str:
        return f"{self.name}: {spoken(self.standings)}"

    def __repr__(self) -> str:
        return "\n".join([str(self), *(f"  {_line(n, s)}" for n, s in self.standings.items())])

    def _repr_html_(self) -> str:
        checks = html.items(_line(name, standing) for name, standing in self.standings.items())
        return html.joined(html.paragraph(html.strong(self)), checks)


def spoken(standings: dict[str, Standing]) -> str:
    """ "2 of 5 checks pass, 1 does not yet, 2 were not made yet". Never "all" before all are."""
    passed = sum(one.passed is True for one in standings.values())
    failed = sum(one.passed is False for one in standings.values())
    open_ = len(standings) - passed - failed
    if passed == len(standings):
        return f"all {passed} checks pass" if passed != 1 else "its one check passes"
    told = [f"{passed} of {len(standings)} checks pass"]
    told += [f"{failed} {'does' if failed == 1 else 'do'} not yet"] if failed else []
    told += [f"{open_} {'was' if open_ == 1 else 'were'} not made yet"] if open_ else []
    return ", ".join(told)


def _failure(error: Exception) -> str:
    """What happened, and for an error of the learner's own code its kind."""
    if isinstance(error, WorkshopError):
        return " ".join(filter(None, (error.happened, error.remedy)))
    return f"{type(error).__name__}: {error}"


def _line(name: str, standing: Standing) -> str:
    if standing.passed:
        return f"✓ {name}"
    if standing.passed is None:
        return f"○ {name}: not checked yet"
    before = ", it did before" if standing.was_passed else ""
    return f"✗ {name}: not yet{before}"


def lesson(name: str, checks: Sequence[str], *, file: Path | None = None) -> Lesson:
    """The lesson of a notebook and the names of all its checks.

    Args:
        name: the notebook's file name without suffix, e.g. "06-redrive-and-repair".
        checks: every check that the notebook makes, so that what was not checked is known.
        file: where progress is kept; default `.workshop/progress.json` in the project.
    """
    return Lesson(name, checks, ProgressFile(file))
