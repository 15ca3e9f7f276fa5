"""How long time is let pass: checked before anything asks AWS's clock for it. Pure."""

import math
from numbers import Real
from typing import Any

from workshop.errors import DataError

# The embedded AWS takes no more at once, and nobody waits that long on an account.
_YEAR_S = 366 * 86_400


def length_s(seconds: Any) -> float:
    """A length of time, as it was given.

    Args:
        seconds: 0 to a year.

    Raises:
        DataError: it is no such number.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, Real) or not math.isfinite(seconds):
        raise DataError(
            f"{seconds!r} is no number of seconds.",
            "Write one, without quotes: lab.clock.sleep(60).",
        )
    length = seconds if isinstance(seconds, int | float) else float(seconds)
    if not 0 <= length <= _YEAR_S:
        told = "Time does not run backwards" if length < 0 else "That is more than a year"
        raise DataError(f"{told}: {length:g} s.", f"Write a number from 0 to {_YEAR_S}.")
    return length
