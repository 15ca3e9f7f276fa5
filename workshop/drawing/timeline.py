"""The retry timeline: what happened to each message, when, and why it took so long."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workshop import html, palette
from workshop.drawing import frame, words
from workshop.drawing.groups import LaneGroup, busy, draw
from workshop.drawing.pen import figure_of
from workshop.drawing.scale import make_scale
from workshop.drawing.summary import SUMMARISED_FROM, summarised
from workshop.errors import DataError
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.lanes import Lane, Prediction
from workshop.evidence.retry_settings import RetrySettings
from workshop.target.waiting import Waited

# The font comes with matplotlib and has the signs that we draw; a fixed salt gives the same file
# for the same data.
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "svg.fonttype": "path",
    "svg.hashsalt": "timeline",
    "text.color": palette.INK,
    "xtick.color": palette.INK,
}
_MOST_LANES = 40


class Timeline:
    """A drawn timeline with its description; displaying it shows figure, sentence and table.

    Attributes:
        axes: the matplotlib Axes, to add to or to save.
        figure: its Figure (`timeline.figure.savefig("timeline.svg")`).
        alt_text: the picture in words, generated from the data.
        table: the picture as a table, one row per mark: `message`, `at` (seconds since sending),
            `what`, `detail`; of summarised messages the marks of the typical one.
        counts: {"sent", "processed", "<target>"..., "in flight", "lost"}.
    """

    def __init__(
        self, axes: Axes, alt_text: str, table: pd.DataFrame, counts: dict[str, int]
    ) -> None:
        self.axes = axes
        self.figure: Figure = figure_of(axes)
        self.alt_text = alt_text
        self.table = table
        self.counts = counts

    def __repr__(self) -> str:
        return self.alt_text

    def svg(self) -> str:
        """The figure as SVG text, with letters as shapes so that it looks the same everywhere."""
        buffer = io.StringIO()
        with rc_context(STYLE):
            about = {"Date": None, "Title": self.alt_text}
            self.figure.savefig(buffer, format="svg", metadata=about)
        return buffer.getvalue()

    def html(self, shown_in: float | None = None) -> str:
        """Figure, sentence and table as HTML.

        Args:
            shown_in: how wide the figure is shown where there is room, in inches; default as it
                was drawn. A figure that is shown wider has larger letters.
        """
        width_px = round((shown_in or self.figure.get_figwidth()) * 96)
        return html.joined(
            html.figure(self.svg(), self.alt_text, width_px),
            html.details("The same as a table", html.frame(self.table)),
        )

    def _repr_html_(self) -> str:
        return self.html()


def timeline(
    attempts: pd.DataFrame,
    arrivals: pd.DataFrame | None = None,
    *,
    settings: RetrySettings | None = None,
    predicted: Prediction | Mapping[str, Prediction] | None = None,
    true_scale: bool = False,
    title: str | None = None,
    waited: Waited | None = None,
    width_in: float = 10.0,
    ax: Axes | None = None,
) -> Timeline:
    """Draw one lane per message: sent, attempts, waits by cause, arrival, limit.

    More than 40 messages are summarised: one lane per story (the same outcomes, the same end), with
    their number, drawn by a typical one; light bands show when nine in ten of the others were
    tried. Messages of one batch are joined by a band.

    Args:
        attempts: as `attempts_table` or `Lab.attempts` returns it.
        arrivals: as `Lab.arrivals` returns it; default none. Rows of messages that are not in
            `attempts` get lanes too.
        settings: names the limit and times the move to a DLQ; `lab.settings(pattern)`.
        predicted: your prediction, drawn as hollow markers: a number of attempts, or their times in
            seconds since sending; or a mapping from order id to one of these.
        true_scale: draw long waits at their true length instead of breaking the axis.
        title: default says what is shown.
        waited: what `lab.wait_until` returned; adds both clocks to the figure.
        width_in: width of a new figure in inches.
        ax: draw here instead of on a new figure.

    Raises:
        DataError: there is no message to draw.
    """
    lanes = make_lanes(attempts, arrivals, settings, predicted)
    if not lanes:
        raise DataError(
            "There is no message to draw: both tables are empty.",
            "Send a message and wait until it was tried: lab.wait_until(...).",
        )
    count = words.counts(lanes, settings, arrivals is not None)
    title = title or _title(lanes, settings)
    stories = summarised(lanes) if len(lanes) >= SUMMARISED_FROM else lanes
    shown = stories[:_MOST_LANES]
    group = LaneGroup(shown, settings)
    with rc_context(STYLE):
        ax = ax or frame.new_axes(shown, width_in)
        draw(ax, [group], make_scale(busy([group]), true_scale))
        frame.head(ax, title, words.payoff(count))
        frame.foot(ax, true_scale, waited, hidden=sum(s.messages for s in stories[_MOST_LANES:]))
    return Timeline(ax, words.describe(stories, count, title), words.table(stories), count)


def _title(lanes: Sequence[Lane], settings: RetrySettings | None) -> str:
    number = len(lanes)
    title = "What happened to the message" if number == 1 else f"What happened to {number} messages"
    if settings and settings.limit:
        most = settings.maximum_attempts
        title += f" (at most {most} attempt{'' if most == 1 else 's'}: {settings.limit})"
    return title
