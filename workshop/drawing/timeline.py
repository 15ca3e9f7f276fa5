"""The retry timeline: what happened to each message, when, and why it took so long."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from workshop.settings import RetrySettings
from workshop.waiting import Waited

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Timeline:
    """A drawn timeline with its description; displaying it shows figure, sentence and table.

    Attributes:
        axes: the matplotlib Axes, to add to or to save.
        figure: its Figure (`timeline.figure.savefig("timeline.svg")`).
        alt_text: the picture in words, generated from the data.
        table: the picture as a table, one row per mark.
        counts: {"sent", "processed", "<target>"..., "in flight", "lost"}.
    """

    axes: "Axes"
    figure: "Figure"
    alt_text: str
    table: pd.DataFrame
    counts: dict[str, int]


def timeline(
    attempts: pd.DataFrame,
    arrivals: pd.DataFrame | None = None,
    *,
    settings: RetrySettings | None = None,
    predicted: "int | Sequence[float] | Mapping[str, int | Sequence[float]] | None" = None,
    true_scale: bool = False,
    title: str | None = None,
    waited: Waited | None = None,
    width_in: float = 10.0,
    ax: "Axes | None" = None,
) -> Timeline:
    """Draw one lane per message: sent, attempts, waits by cause, arrival, limit.

    Args:
        attempts: as `attempts_table` or `Lab.attempts` returns it.
        arrivals: as `Lab.arrivals` returns it; default none.
        settings: names the waits and draws the limit; `lab.settings(pattern)`.
        predicted: your prediction, drawn as hollow markers: a number of attempts, or their times in
            seconds since sending; or a mapping from order id to one of these.
        true_scale: draw long waits at their true length instead of breaking the axis.
        title: default says what is shown.
        waited: what `lab.wait_until` returned; adds both clocks to the figure.
        width_in: width of a new figure in inches.
        ax: draw here instead of on a new figure.
    """
    raise NotImplementedError
