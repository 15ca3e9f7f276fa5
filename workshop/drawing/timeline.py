"""The retry timeline: what happened to each message, when, and why it took so long."""

import base64
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workshop.drawing import frame, words
from workshop.drawing.artist import LaneArtist
from workshop.drawing.lane_making import make_lanes
from workshop.drawing.lanes import Lane, Prediction
from workshop.drawing.pen import Pen, figure_of
from workshop.drawing.scale import TimeScale, make_scale
from workshop.errors import DataError
from workshop.settings import RetrySettings
from workshop.waiting import Waited

# The font comes with matplotlib and has the signs that we draw; a fixed salt gives the same file
# for the same data.
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "svg.fonttype": "path",
    "svg.hashsalt": "timeline",
}
_MOST_LANES = 40


class Timeline:
    """A drawn timeline with its description; displaying it shows figure, sentence and table.

    Attributes:
        axes: the matplotlib Axes, to add to or to save.
        figure: its Figure (`timeline.figure.savefig("timeline.svg")`).
        alt_text: the picture in words, generated from the data.
        table: the picture as a table, one row per mark: `message`, `at` (seconds since sending),
            `what`, `detail`.
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
        with rc_context(_STYLE):
            about = {"Date": None, "Title": self.alt_text}
            self.figure.savefig(buffer, format="svg", metadata=about)
        return buffer.getvalue()

    def _repr_html_(self) -> str:
        # An <img> inside a labelled figure: nbconvert drops the alternative text of image outputs
        # and inline SVGs of several figures would share their element ids.
        data = base64.b64encode(self.svg().encode()).decode()
        alt = html.escape(self.alt_text, quote=True)
        width_px = round(self.figure.get_figwidth() * 96)
        table = self.table.to_html(index=False, border=0, na_rep="")
        return (
            f'<figure role="img" aria-label="{alt}" style="margin:0">'
            f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}" '
            f'style="width:{width_px}px;max-width:100%;height:auto;background:white"></figure>'
            f"<details><summary>The same as a table</summary>{table}</details>"
        )


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
    shown = lanes[:_MOST_LANES]
    with rc_context(_STYLE):
        ax = ax or frame.new_axes(shown, width_in)
        _draw(ax, shown, make_scale(_busy(shown, settings), true_scale), settings)
        frame.head(ax, title, words.payoff(count))
        frame.foot(ax, true_scale, waited, hidden=len(lanes) - len(shown))
    return Timeline(ax, words.describe(lanes, count, title), words.table(lanes), count)


def _title(lanes: Sequence[Lane], settings: RetrySettings | None) -> str:
    number = len(lanes)
    title = "What happened to the message" if number == 1 else f"What happened to {number} messages"
    if settings and settings.limit:
        most = settings.maximum_attempts
        title += f" (at most {most} attempt{'' if most == 1 else 's'}: {settings.limit})"
    return title


def _busy(lanes: Sequence[Lane], settings: RetrySettings | None) -> list[tuple[float, float]]:
    """The stretches of time in which something is drawn."""
    stretches = [(a.start_s, a.end_s) for lane in lanes for a in lane.attempts]
    moments = [p.at_s for lane in lanes for p in lane.phantoms]
    moments += [at_s for lane in lanes for at_s in lane.predicted_s]
    moments += [lane.arrival.at_s for lane in lanes if lane.arrival]
    age_s = _age_limit_s(lanes, settings)
    moments += [] if age_s is None else [age_s]
    return stretches + [(at_s, at_s) for at_s in moments]


def _age_limit_s(lanes: Sequence[Lane], settings: RetrySettings | None) -> float | None:
    """The maximum event age, where it is near enough to have mattered."""
    age_s = settings.maximum_event_age_s if settings else None
    if age_s is None:
        return None
    is_reason = any(lane.arrival and "EventAge" in lane.arrival.reason for lane in lanes)
    return age_s if is_reason or age_s <= max(lane.end_s for lane in lanes) else None


def _draw(
    ax: Axes, lanes: Sequence[Lane], scale: TimeScale, settings: RetrySettings | None
) -> None:
    end = max(scale.end, 1.0)
    ax.set_xlim(-0.02 * end, end)
    ax.set_ylim(len(lanes) - 0.5 + frame.FLOOR, -0.5)
    box, figure_width_in = ax.get_position(), figure_of(ax).get_figwidth()
    width_in = box.width * figure_width_in
    pen = Pen(ax, scale, inches_per_x=width_in / (1.02 * end))
    is_compact = len(lanes) >= frame.COMPACT_FROM
    right_in = (1 - box.x0) * figure_width_in
    artist = LaneArtist(pen, right_in=right_in, is_compact=is_compact)
    for y, lane in enumerate(lanes):
        artist.draw(lane, y)
    if settings and settings.maximum_attempts and settings.limit:
        artist.limit(list(enumerate(lanes)), settings.maximum_attempts, settings.limit)
    age_s = _age_limit_s(lanes, settings)
    if age_s is not None:
        artist.age_limit(age_s, len(lanes) - 0.5)
    frame.time_axis(pen, lanes)
    frame.legend(pen)
