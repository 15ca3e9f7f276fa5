"""The questions of the notebooks: what each asks, which answers are right, what wrong ones mean.

They stand in `questions.toml`. A question has one rule:

    right = 3                       this number, exactly
    seconds = 30                    these seconds, up to those that the run showed: AWS may be late,
                                    by `late_s` at most, for a reason that is told (`late`)
    right = { from = 115, to = 130 }  any number of this range, for a reason that is told
    survived_s = 60                 how long an outage is survived: "less than 60 s", which who is
                                    exact calls 59
    right = ["one", "two"]          any of these words; together with those of `wrong` the choices
    near = 0.2                      so near to what is observed, for a reason that is told

Where a lesson asks to try other values of a setting later, a question names the one that it is
about (`tried`), and each of the others is a question of its own, below `other`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from workshop.errors import DataError

_FILE = Path(__file__).with_name("questions.toml")
# An attempt that begins at the very moment at which the outage ends may still fail.
_EXACT_S = 1


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
        tried: the setting that it is about, where the lesson asks to try others, e.g.
            "maxReceiveCount 1".
        other: another setting that the lesson asks for -> what is asked then.
        is_open: whether the setting is one that nobody foresaw: the run alone tells then.
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
    tried: str = ""
    other: Mapping[str, "Question"] = field(default_factory=dict)
    is_open: bool = False

    @property
    def asked(self) -> str:
        """What is asked for, with the setting in use where there are several."""
        return f"{self.what}, {self.tried}" if self.tried else self.what

    @property
    def choices(self) -> tuple[str, ...]:
        """All words that may be answered, without a hint at the right one."""
        return tuple(sorted({*self.words[:1], *self.wrong}, key=str.casefold))


@cache
def questions() -> dict[str, Question]:
    """All questions, by name."""
    found = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: _question(name, facts) for name, facts in found.items()}


def question(name: str, tried: str = "") -> Question:
    """One question.

    Args:
        name: as in `questions.toml`.
        tried: the setting in use, where the lesson asks to try several.

    Raises:
        DataError: there is none of this name.
    """
    try:
        found = questions()[name]
    except (KeyError, TypeError):
        raise DataError(
            f"There is no question {name!r}.", f"Questions are {', '.join(questions())}."
        ) from None
    if tried in ("", found.tried):
        return found
    untold = Question(name, found.what, found.common, "", tried=tried, is_open=True)
    return found.other.get(tried, untold)


def survived(seconds: float) -> tuple[float, str]:
    """The least right answer where an outage of less than `seconds` is survived, and why."""
    exact_s = seconds - _EXACT_S
    return exact_s, (
        f"An outage of less than {seconds:g} s is survived, so {seconds:g} and {exact_s:g} are "
        "both right."
    )


def _question(name: str, facts: dict[str, Any]) -> Question:
    other = {
        tried: _question(name, {"what": facts["what"], "tried": tried} | more)
        for tried, more in facts.pop("other", {}).items()
    }
    return Question(name, other=other, **_rule(facts))


def _rule(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, with the rule in the words of `Question`."""
    if (survived_s := facts.pop("survived_s", None)) is not None:
        low, because = survived(survived_s)
        return {"low": low, "high": survived_s, "because": because, "is_moment": True} | facts
    if (seconds := facts.pop("seconds", None)) is not None:
        return {"low": seconds, "high": seconds, "is_moment": True} | facts
    right = facts.pop("right", None)
    if isinstance(right, list):
        return {"words": tuple(right)} | facts
    if isinstance(right, dict):
        return {"low": right["from"], "high": right["to"]} | facts
    return {"low": right, "high": right} | facts
