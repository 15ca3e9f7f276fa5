"""What you said beside what was observed."""

from typing import Any


def compare(prediction: Any, observed: Any, what: str) -> Any:
    """One sentence: "You said 3 attempts; observed 3 attempts: as you said."

    Args:
        prediction: your number, text, or list; None or ... when you did not predict.
        observed: what the run showed.
        what: the quantity, e.g. "attempts" or "seconds between attempt 1 and 2".

    Returns:
        Shows as a sentence (HTML and text); `bool()` tells whether the two agree.
    """
    raise NotImplementedError
