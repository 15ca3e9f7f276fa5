"""The questions of the notebooks: what each asks, which answers are right, what wrong ones mean.

They stand in `questions.toml`. A question has one rule:

    right = 3                       this number, exactly
    seconds = 30                    these seconds, up to those that the run showed: AWS may be late,
                                    by `late_s` at most, for a reason that is told (`late`)
    right = { from = 115, to = 130 }  any number of this range, for a reason that is told
    right = ["one", "two"]          any of these words; together with those of `wrong` the choices
    near = 0.2                      so near to what is observed, for a reason that is told
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from workshop.errors import DataError

_FILE = Path(__file__).with_name("questions.toml")


@dataclass(frozen=True)
class Question:
    """One question of a notebook.

    Attributes:
        name: number of the notebook and a word, e.g. "01/attempts".
        what: the quantity, e.g. "attempts at the bad order".
        common: the most common wrong answer.
        why: one sentence that explains the right answer.
        low: the least right number; None where words are asked for.
        high: the greatest right number.
        words: right words, the first of which is what a run shows.
        is_moment: whether a time is asked for, which settings say and a run reaches a bit later.
        near: the share of what is observed that an answer may be off; None: not at all.
        because: why a range is right, and not one number.
        late_s: how much more than `high` may be observed, as AWS may be late; an answer may not.
        late: why it may be that late, told where it was.
        by: how the right answer is known: "observed", or "documented" by AWS and not tried here.
        wrong: a wrong answer -> what it means.
    """

    name: str
    what: str
    common: str
    why: str
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    is_moment: bool = False
    near: float | None = None
    because: str = ""
    late_s: float = 0.0
    late: str = ""
    by: str = "observed"
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> tuple[str, ...]:
        """All words that may be answered, without a hint at the right one."""
        return tuple(sorted({*self.words[:1], *self.wrong}, key=str.casefold))


@cache
def questions() -> dict[str, Question]:
    """All questions, by name."""
    found = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: _question(name, facts) for name, facts in found.items()}


def question(name: str) -> Question:
    """One question.

    Raises:
        DataError: there is none of this name.
    """
    try:
        return questions()[name]
    except (KeyError, TypeError):
        raise DataError(
            f"There is no question {name!r}.", f"Questions are {', '.join(questions())}."
        ) from None


def _question(name: str, facts: dict[str, Any]) -> Question:
    seconds = facts.pop("seconds", None)
    if isinstance(seconds, dict):
        return Question(name, low=seconds["from"], high=seconds["to"], is_moment=True, **facts)
    if seconds is not None:
        return Question(name, low=seconds, high=seconds, is_moment=True, **facts)
    right = facts.pop("right", None)
    if isinstance(right, list):
        return Question(name, words=tuple(right), **facts)
    if isinstance(right, dict):
        return Question(name, low=right["from"], high=right["to"], **facts)
    return Question(name, low=right, high=right, **facts)
