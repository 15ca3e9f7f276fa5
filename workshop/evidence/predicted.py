"""What somebody guessed, as far as it can be drawn: a learner may write anything. Pure."""

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any, TypeGuard

from workshop.evidence.lanes import Prediction
from workshop.evidence.retry_settings import RetrySettings

# So many marks of a prediction are drawn beyond what the settings allow, or in all where they allow
# any number: more help nobody, and leave what happened no room.
_MOST_BEYOND, _MOST = 5, 50
# Of a guess that is no number: so much of it is told.
_MOST_SHOWN = 40


def predicted_s(prediction: Prediction | None, settings: RetrySettings | None) -> tuple[float, ...]:
    """What can be drawn of it; a learner may have written anything, `...` for no prediction too."""
    if isinstance(prediction, Real) and not isinstance(prediction, bool):
        if unmarked(prediction, settings):
            return ()
        return tuple(_plan(settings).attempt_times_s(int(prediction)))
    return tuple(float(one) for one in prediction) if _are_times(prediction) else ()


def _plan(settings: RetrySettings | None) -> RetrySettings:
    return settings or RetrySettings(source="async", function_timeout_s=0)


def _are_times(prediction: Any) -> TypeGuard[Sequence[float]]:
    if isinstance(prediction, str | bytes) or not isinstance(prediction, Sequence):
        return False
    return all(isinstance(one, Real) and math.isfinite(one) for one in prediction)


def unmarked(prediction: Any, settings: RetrySettings | None) -> str:
    """What was guessed and why no mark can be drawn for it; "" where one can, or nobody guessed."""
    if prediction is None or prediction is ...:
        return ""
    if isinstance(prediction, Real) and not isinstance(prediction, bool):
        allowed = _plan(settings).maximum_attempts
        return _unmarked_number(float(prediction), allowed + _MOST_BEYOND if allowed else _MOST)
    if _are_times(prediction):
        return "" if prediction else "no attempt, which has no mark"
    shown = repr(prediction)
    said = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
    return f"{said}: a mark can be drawn for a number of attempts only"


def _unmarked_number(number: float, most: int) -> str:
    said = f"{number:zg} {'attempt' if number == 1 else 'attempts'}"
    if not math.isfinite(number) or number < 0:
        return f"{said}: there is no such number"
    if number == 0:
        return f"{said}, which have no mark"
    if number != int(number):
        return f"{said}: marks are drawn for whole ones only"
    return f"{said}: too many to draw" if number > most else ""
