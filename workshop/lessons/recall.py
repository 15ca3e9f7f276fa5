"""Five questions at the end of a notebook, to be answered from memory.

They stand in `recall_questions/`, a file for each notebook. A question has one right answer, and
the common wrong ones, each with what it means:

    [[question]]
    ask = "Who moves a message to the source queue's DLQ?"
    right = "SQS, at a receive"
    why = "The receive after the last allowed one moves the message instead of handing it out."
    [question.wrong]
    "Lambda, after the last failure" = "Lambda does nothing after a failure."
    "the function" = "It never learns how often the message was received."

Words are choices, shown in the order of the alphabet and answered by their letter. A number is
typed, and its wrong answers are the common ones only. Where it is asked for "about", `near = 0.1`
takes a tenth more or less as right. How long an outage is survived has the rule of
`questions.survived`: `survived_s = 60` takes 59 as well.
"""

import json
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from numbers import Real
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from workshop import html
from workshop.errors import DataError
from workshop.lessons.predictions import Judged, plain, quoted
from workshop.lessons.questions import survived

FOLDER = Path(__file__).with_name("recall_questions")
# Cases of a design, to be decided: the same form, any number of them.
CASES = Path(__file__).with_name("design_cases")
# "c", "(c)" and "c)", also before the words of a choice, as it is printed: "c: nothing".
_LETTER = re.compile(r"\(?([a-z])(?:(?:\)[:,.]?|[:,.])(?:\s*(.*))?)?", re.DOTALL)


@dataclass(frozen=True)
class RecallQuestion:
    """One question.

    Attributes:
        ask: the question, a sentence.
        right: the right answer: words, which make it a choice, or a number to be typed.
        why: why it is right.
        wrong: a wrong answer -> what it means.
        near: the share of the right number that an answer may be off; 0: not at all.
        least: the least right number, where it is less than `right`.
    """

    ask: str
    right: str | float
    why: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    near: float = 0.0
    least: float | None = None

    @property
    def choices(self) -> dict[str, str]:
        """Letter -> answer, without a hint at the right one; empty where a number is typed."""
        if not isinstance(self.right, str):
            return {}
        answers = sorted((self.right, *self.wrong), key=str.casefold)
        return dict(zip(ascii_lowercase, answers, strict=False))

    @property
    def offered(self) -> list[str]:
        """What may be answered, a line for each choice."""
        return [f"{letter}: {words}" for letter, words in self.choices.items()] or ["a number"]

    @property
    def answer(self) -> str:
        """The right answer, with its letter."""
        letters = [letter for letter, words in self.choices.items() if words == self.right]
        about = "about " if self.near else ""
        return f"{letters[0]}, {self.right}" if letters else f"{about}{self.right:g}"

    def judge(self, said: Any) -> tuple[Judged, str]:
        """How an answer is judged, and what there is to say about it."""
        if said is ... or said is None:
            return Judged.UNSET, ""
        given = self._meant(said)
        if given is None:
            how = "the letter of one of them" if self.choices else "a number, without quotes"
            return Judged.MISFIT, f"{quoted(said)} cannot be judged here. Write {how}."
        if self._is_right(given):
            return Judged.RIGHT, self.why
        key = given if isinstance(given, str) else f"{given:zg}"
        return Judged.WRONG, self.wrong.get(key, "Not so. Think again, or unfold the answer.")

    def _is_right(self, given: str | float) -> bool:
        if isinstance(given, str) or isinstance(self.right, str):
            return given == self.right
        if self.least is not None:
            return self.least <= given <= self.right
        return abs(given - self.right) <= self.near * abs(self.right)

    def _meant(self, said: Any) -> str | float | None:
        if not self.choices:
            is_number = isinstance(said, Real) and not isinstance(said, bool)
            return float(said) if is_number and math.isfinite(said) else None
        if not isinstance(said, str):
            return None
        by_words = {_plain(words): words for words in self.choices.values()}
        return by_words.get(_plain(said)) or self._lettered(said, by_words)

    def _lettered(self, said: str, by_words: Mapping[str, str]) -> str | None:
        """The choice of a letter, unless words of another one follow it."""
        letter = _LETTER.fullmatch(said.strip(" .\"'").casefold())
        if letter is None:
            return None  # "a topic" is no letter
        chosen = self.choices.get(letter[1])
        is_one = by_words.get(_plain(letter[2] or ""), chosen) == chosen
        return chosen if is_one else None

    def repeated(self, said: Any) -> str:
        """A right answer with its words, where it may have been a letter; else as it was given."""
        given = self._meant(said)
        letters = [letter for letter, words in self.choices.items() if words == given]
        is_right = given is not None and self._is_right(given)
        return f"{letters[0]}: {given}" if letters and is_right else _short(said)


@dataclass(frozen=True)
class Recall:
    """The questions of a notebook with what was answered; shows itself.

    Attributes:
        questions: all of them, in order.
        answers: as many; `...` where nothing was answered.
    """

    questions: Sequence[RecallQuestion]
    answers: Sequence[Any]

    @property
    def verdicts(self) -> list[Judged]:
        """One for each question."""
        return [asked.judge(said)[0] for asked, said in self._pairs]

    def __str__(self) -> str:
        told = []
        for number, (asked, said) in enumerate(self._pairs, start=1):
            verdict, text = asked.judge(said)
            told.append(f"{verdict.value} {number}. {asked.ask}")
            if verdict is not Judged.RIGHT:
                told += [f"    {choice}" for choice in asked.offered]
            if verdict is not Judged.UNSET:
                told.append(f"    {_said(asked, said, verdict)}{text}")
        return "\n".join([*told, self._standing])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        shown = [
            self._shown(number, asked, *asked.judge(said), said)
            for number, (asked, said) in enumerate(self._pairs, start=1)
        ]
        return html.joined(*shown, html.paragraph(html.strong(self._standing)))

    @property
    def _pairs(self) -> list[tuple[RecallQuestion, Any]]:
        return list(zip(self.questions, self.answers, strict=True))

    def _shown(
        self, number: int, asked: RecallQuestion, verdict: Judged, text: str, said: Any
    ) -> html.Markup:
        ask = html.line(verdict.value, html.strong(f"{number}. {asked.ask}"))
        said_so = [f"{_said(asked, said, verdict)}{text}"] if verdict is not Judged.UNSET else []
        if verdict is Judged.RIGHT:
            return html.paragraph(ask, *said_so)
        told = html.lines(*asked.offered, *said_so)
        answer = html.paragraph(f"{asked.answer}. {asked.why}")
        return html.joined(html.paragraph(ask, told), html.details("The answer", answer))

    @property
    def _standing(self) -> str:
        right = self.verdicts.count(Judged.RIGHT)
        if self.verdicts.count(Judged.UNSET) == len(self.questions):
            return "Write your answers where the dots are, and run the cell again."
        return f"{right} of {len(self.questions)} right"


def recall(notebook: str, answers: Sequence[Any] | None, folder: Path = FOLDER) -> Recall:
    """Ask a notebook's questions, and judge what was answered.

    Args:
        notebook: its number, e.g. "08".
        answers: one for each question, in order: the letter of a choice, or a number; `...` where
            you did not answer. Missing ones count as not answered.
        folder: `CASES` for the cases of a design.

    Returns:
        Shows the questions; with the answers folded, while there is no answer or a wrong one.

    Raises:
        DataError: there are no questions of this notebook, more answers than questions, or it is
            no list of answers.
    """
    asked = recall_questions(notebook, folder)
    given = _listed(answers, asked)
    if len(given) > len(asked):
        raise DataError(
            f"There are {len(given)} answers to {len(asked)} questions.",
            "Write one answer for each question, in their order, and ... where you have none.",
        )
    return Recall(asked, [*given, *[...] * (len(asked) - len(given))])


def _listed(answers: Any, asked: Sequence[RecallQuestion]) -> list[Any]:
    """The answers one by one; a single word is one of them, unless it is all their letters."""
    are_letters = isinstance(answers, str) and _are_letters(answers, asked)
    if isinstance(answers, str) and not are_letters:
        return [answers]
    if isinstance(answers, Sequence) and not isinstance(answers, str | bytes):
        return list(answers)
    first = [_short(answers)] if isinstance(answers, Real) else []
    written = [json.dumps(letter) for letter in answers] if are_letters else first
    blanks = ", ".join([*written, *["..."] * (len(asked) - len(written))])
    raise DataError(
        f"{'There' if answers is None else _short(answers)} is no list of answers.",
        f"Write one answer for each question, in square brackets: [{blanks}].",
    )


def _are_letters(word: str, asked: Sequence[RecallQuestion]) -> bool:
    """Whether a word is a letter for each question: "abcda"."""
    letters = set(ascii_lowercase[: max(len(one.choices) for one in asked)])
    is_answer = asked[0].judge(word)[0] is not Judged.MISFIT
    return len(word) == len(asked) > 1 and set(word.lower()) <= letters and not is_answer


@cache
def recall_questions(notebook: str, folder: Path = FOLDER) -> tuple[RecallQuestion, ...]:
    """The questions of a notebook, by its number.

    Raises:
        DataError: it has none.
    """
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if notebook not in known:
        raise DataError(
            f"There are no recall questions of notebook {notebook!r}.",
            f"There are some of {', '.join(known)}.",
        )
    found = tomllib.loads((folder / f"{notebook}.toml").read_text("utf-8"))
    return tuple(RecallQuestion(**_rule(facts)) for facts in found["question"])


def _rule(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, with the rule in the words of `RecallQuestion`."""
    survived_s = facts.pop("survived_s", None)
    if survived_s is None:
        return facts
    least, because = survived(survived_s)
    return facts | {"right": survived_s, "least": least, "why": f"{because} {facts['why']}"}


def _plain(words: str) -> str:
    return plain(words.strip(" .):\"'"))


def _said(asked: RecallQuestion, said: Any, verdict: Judged) -> str:
    """What was said, before what there is to say of it; a misfit is named in that."""
    return "" if verdict is Judged.MISFIT else f"You said {asked.repeated(said)}. "


def _short(said: Any) -> str:
    text = said if isinstance(said, str) else repr(said)
    return text if len(text) <= 40 else f"{text[:40]}…"
