"""What you said beside what was observed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workshop import html

# Seconds that somebody estimates need not be exact: AWS is not either.
_TOLERANCE = 0.15


@dataclass(frozen=True)
class Comparison:
    """A prediction beside what was observed; truthy when the two agree.

    Attributes:
        what: the quantity.
        prediction: what you said; None when you did not predict.
        observed: what the run showed.
        agrees: whether they are the same (numbers that are not whole: within 15 %).
    """

    what: str
    prediction: Any
    observed: Any
    agrees: bool

    def __bool__(self) -> bool:
        return self.agrees

    def __str__(self) -> str:
        seen = f"observed: {_spoken(self.observed)}"
        if self.prediction is None:
            return f"{self.what}: {seen} (you made no prediction)."
        verdict = "as you said" if self.agrees else "not what you said: worth a second look"
        return f"{self.what}: you said {_spoken(self.prediction)}, {seen}; {verdict}."

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        sign = "?" if self.prediction is None else "✓" if self.agrees else "≠"
        return html.line(sign, self)


def compare(prediction: Any, observed: Any, what: str) -> Comparison:
    """One sentence: "attempts: you said 4, observed: 3; not what you said: worth a second look."

    Args:
        prediction: your number, text, or list of either; None or ... when you did not predict.
        observed: what the run showed, of the same kind.
        what: the quantity, e.g. "attempts" or "seconds between attempt 1 and 2".

    Returns:
        Shows as a sentence (HTML and text); `bool()` tells whether the two agree.
    """
    made = None if prediction is ... else prediction
    return Comparison(what, made, observed, made is not None and _agree(made, observed))


def _agree(prediction: Any, observed: Any) -> bool:
    if _is_list(prediction) and _is_list(observed):
        pairs = zip(prediction, observed, strict=False)
        return len(prediction) == len(observed) and all(_agree(a, b) for a, b in pairs)
    if isinstance(prediction, str) or isinstance(observed, str):
        return str(prediction).strip().casefold() == str(observed).strip().casefold()
    try:
        difference = abs(float(prediction) - float(observed))
    except (TypeError, ValueError):
        return bool(prediction == observed)
    is_count = float(observed).is_integer() and abs(float(observed)) < 10
    return difference <= (0 if is_count else max(_TOLERANCE * abs(float(observed)), 0.5))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _spoken(value: Any) -> str:
    if _is_list(value):
        return ", ".join(_spoken(item) for item in value) or "none"
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
