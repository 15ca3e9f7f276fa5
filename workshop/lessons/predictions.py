"""What you said beside what was observed, judged by the rule of the question."""

import math
import re
from dataclasses import dataclass
from enum import Enum
from numbers import Real
from typing import Any

import pandas as pd

from workshop import html
from workshop.lessons.questions import Question, question

_MOST_SHOWN = 40
# A setting that somebody changed, or that is not in effect yet; a message that is still on its way;
# an order that was sent twice under one id, whose attempts are counted together; or AWS was slow.
# From here it looks the same.
_OTHER_RUN = (
    "This run is another one than the question tells of: a setting was changed (`lab.changed()` "
    "names those), a message is still on its way (then run the cell that waits, and this one "
    "again), an order was sent twice under one id (then run the section Run again from its first "
    "cell: `lab.new_id()` makes new ones), or AWS took longer than usual."
)
# Somebody tried more values than the lesson names.
_AS_ASKED = (
    "The setting is another one, as the lesson asks: then the answer is what this run shows, once "
    "nothing is on its way any more."
)


class Judged(Enum):
    """How an answer was judged, with the sign that it is shown with."""

    UNSET = "?"
    UNSEEN = "…"
    MISFIT = "!"
    AS_SEEN = "~"
    RIGHT = "✓"
    WRONG = "≠"


_SPOKEN = {
    Judged.RIGHT: "right",
    Judged.WRONG: "not so",
    Judged.AS_SEEN: "as this run shows",
}


@dataclass(frozen=True)
class Comparison:
    """A prediction beside what was observed; truthy when it is right.

    Attributes:
        question: what was asked.
        prediction: what you said; None when you did not predict.
        observed: what the run showed.
        verdict: unset, not seen in the run, of the wrong kind, what another run than the question's
            shows, right, or wrong.
        told: what there is to say about this answer.
    """

    question: Question
    prediction: Any
    observed: Any
    verdict: Judged
    told: str

    def __bool__(self) -> bool:
        return self.verdict is Judged.RIGHT

    def __str__(self) -> str:
        if self.verdict is Judged.UNSEEN:
            return f"{self.question.asked}: {self.told}"
        if self._is_folded:
            return f"{self._asked} (The answer, {self._answer})"
        verdict = _SPOKEN[self.verdict]
        known = f"{self.question.by}: {_spoken(self.observed)}"
        return f"{self._said}, {known}; {verdict}. {self.told}".strip()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        if self._is_folded:
            asked = html.line(self.verdict.value, self._asked)
            return html.joined(asked, html.details("The answer", html.paragraph(self._answer)))
        return html.line(self.verdict.value, self)

    @property
    def _is_folded(self) -> bool:
        """Nobody has answered yet: then the answer is there for those who unfold it."""
        return self.verdict in (Judged.UNSET, Judged.MISFIT)

    @property
    def _said(self) -> str:
        return f"{self.question.asked}: you said {_spoken(self.prediction)}"

    @property
    def _asked(self) -> str:
        asked = self.question
        if self.verdict is Judged.MISFIT:
            return f"{asked.asked}: {self.told}"
        return f"{asked.asked}: what do you say? A common guess is {asked.common}."

    @property
    def _answer(self) -> str:
        as_asked = _is_as_asked(self.question, self.observed)
        why = self.question.why if as_asked else _another(self.question)
        return f"{self.question.by}: {_spoken(self.observed)}. {why}"


def compare(prediction: Any, observed: Any, name: str, tried: str = "") -> Comparison:
    """Judge an answer: by the question's own rule, and with a sentence for each common mistake.

    Where the run was another one than the question is about, because you changed a setting, the
    answer is compared with what was observed.

    Args:
        prediction: your number or word; `...` or None when you did not predict.
        observed: what the run showed; None, NA or NaN when it did not.
        name: the question, one of `questions.toml`, e.g. "01/attempts".
        tried: the setting of this run, where the lesson asks to try several, e.g.
            "maxReceiveCount 2": it is judged by what is right then.

    Returns:
        Shows as a sentence (HTML and text); asks, with the answer folded, while there is no
        prediction. `bool()` tells whether the prediction is right.
    """
    asked = question(name, tried)
    made = None if prediction is ... else prediction
    if (
        observed is None
        or observed is pd.NA
        or (isinstance(observed, Real) and math.isnan(observed))
    ):
        missing = "the run does not show it. Run the section Run again, then this cell."
        return Comparison(asked, made, observed, Judged.UNSEEN, missing)
    if made is None:
        return Comparison(asked, None, observed, Judged.UNSET, "")
    judge = _word if asked.words else _number
    verdict, told = judge(asked, made, observed)
    return Comparison(asked, made, observed, verdict, told)


def _number(asked: Question, made: Any, observed: Any) -> tuple[Judged, str]:
    if not _is_number(made):
        return Judged.MISFIT, (
            f"{quoted(made)} is no number. Write one, without quotes, such as "
            f"{asked.common}, and run both cells again."
        )
    low, high, is_as_asked = _right(asked, observed)
    late = _late(asked, observed) if is_as_asked else ""
    if late and _key(made) not in asked.wrong:
        # Who reckons with AWS's own moments is as right as who leaves them out; not so a mistake
        # that comes to the same number.
        high = max(high, round(float(observed)))
    if low <= made <= high:
        parts = (asked.because, asked.why, late)
        if not is_as_asked:
            return Judged.AS_SEEN, _another(asked)
        return Judged.RIGHT, " ".join(filter(None, parts))
    if not is_as_asked:
        return Judged.WRONG, _another(asked)
    meaning = asked.wrong.get(_key(made), asked.why)
    return Judged.WRONG, " ".join(filter(None, (meaning, late)))


def _another(asked: Question) -> str:
    """Why what the run shows is not what the question is about."""
    return _AS_ASKED if asked.is_open else _OTHER_RUN


def _late(asked: Question, observed: Any) -> str:
    """Why the run shows some seconds more than the settings say; "" where it does not."""
    if not asked.is_moment or asked.high is None:
        return ""
    more_s = round(float(observed)) - asked.high
    return f"(The run shows {more_s:g} s more. {asked.late})" if more_s > 0 else ""


def _right(asked: Question, observed: Any) -> tuple[float, float, bool]:
    """The least and the greatest right answer, and whether the run is as the question says."""
    seen = float(observed)
    if asked.near is not None:
        off = abs(seen) * asked.near
        return seen - off, seen + off, True
    if asked.low is None or asked.high is None:
        return seen, seen, not asked.is_open
    if asked.low <= seen <= asked.high + asked.late_s:
        return asked.low, asked.high, True
    return seen, seen, False


def _word(asked: Question, made: Any, observed: Any) -> tuple[Judged, str]:
    said = plain(made)
    if said in map(plain, asked.words):
        return (Judged.RIGHT, asked.why) if _is_seen(asked, observed) else _other(said, observed)
    meanings = {plain(word): meaning for word, meaning in asked.wrong.items()}
    ends = [word for word in meanings if word.endswith(" dlq")]
    if said == "dlq" and len(ends) == 1:
        said = ends[0]  # there is only one
    if said not in meanings:
        choices = ", ".join(f'"{word}"' for word in asked.choices)
        return Judged.MISFIT, (
            f"{quoted(made)} cannot be judged here. Write one of {choices}, "
            "and run both cells again."
        )
    return (Judged.WRONG, meanings[said]) if _is_seen(asked, observed) else _other(said, observed)


def _is_as_asked(asked: Question, observed: Any) -> bool:
    """Whether the run shows what the question is about."""
    if asked.words:
        return _is_seen(asked, observed)
    return not _is_number(observed) or _right(asked, observed)[2]


def _is_seen(asked: Question, observed: Any) -> bool:
    return plain(observed) in map(plain, asked.words)


def _other(said: str, observed: Any) -> tuple[Judged, str]:
    return (Judged.AS_SEEN if said == plain(observed) else Judged.WRONG), _OTHER_RUN


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _key(number: Any) -> str:
    return f"{float(number):zg}"


def plain(word: Any) -> str:
    """A word as it is compared: small letters, "DLQ" for its long name, no "it is", no "'s"."""
    said = " ".join(str(word).casefold().split()).strip(" .\"'").replace("\u2019", "'")
    said = re.sub(r"dead[- ]?letter[- ]queue", "dlq", said)
    said = re.sub(r"^(?:it is|it's|it was|is|they are) ", "", said)
    said = re.sub(r"^(?:in |to )?(?:the )?", "", said)
    return re.sub(r"'s\b", "", said)  # "function DLQ" is the function's DLQ


def quoted(value: Any) -> str:
    """A value as it was written: words between quotes, so that no words are seen, too."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    return f'"{text}"' if isinstance(value, str) else text


def _spoken(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:z.2f}".rstrip("0").rstrip(".")
    text = repr(value) if isinstance(value, list | dict | tuple | set) else str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
