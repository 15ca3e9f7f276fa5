"""Several patterns in one figure, on one axis."""

from collections.abc import Mapping

import pandas as pd

from workshop.drawing.timeline import Timeline
from workshop.settings import RetrySettings

Run = tuple[pd.DataFrame, pd.DataFrame | None, RetrySettings | None]


def timelines(
    runs: Mapping[str, Run], *, title: str | None = None, true_scale: bool = False
) -> Timeline:
    """Draw what several patterns did with their messages, one below the other on one time axis.

    Args:
        runs: heading -> (attempts, arrivals, settings), as `Lab` returns them for one pattern.
        title: default says what is compared.
        true_scale: draw long waits at their true length.
    """
    raise NotImplementedError
