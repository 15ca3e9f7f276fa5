"""The retry timeline: what happened to each message, when, and why it took so long."""

import base64
import html
import io
import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from workshop.drawing import marks, words
from workshop.drawing.artist import LaneArtist, legend_handle
from workshop.drawing.lanes import Lane, Prediction, make_lanes, spoken_s
from workshop.drawing.scale import TimeScale, make_scale
from workshop.errors import DataError
from workshop.settings import RetrySettings
from workshop.waiting import Waited

# Inches around the lanes: order ids on the left, where the message ended on the right.
_LEFT_IN, _RIGHT_IN, _TOP_IN, _BOTTOM_IN = 1.3, 2.65, 0.95, 1.1
_LANE_IN, _COMPACT_LANE_IN = 1.0, 0.5
_COMPACT_FROM = 7
_MOST_LANES = 40
# Share of a lane that is left free between the last lane and the axis.
_FLOOR = 0.12
_LEGEND_ORDER = [*marks.OUTCOMES, "phantom", "predicted"]
_HOLLOW = ("predicted", "phantom")


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
        self.figure: Figure = axes.get_figure(root=True)
        self.alt_text = alt_text
        self.table = table
        self.counts = counts

    def __repr__(self) -> str:
        return self.alt_text

    def svg(self) -> str:
        """The figure as SVG text, with letters as shapes so that it looks the same everywhere."""
        buffer = io.StringIO()
        self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Title": self.alt_text})
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
    ax = ax or _new_axes(len(shown), width_in)
    _draw(ax, shown, make_scale(_busy(shown), true_scale), settings)
    _head(ax, title, words.payoff(count))
    _foot(ax, true_scale, waited, hidden=len(lanes) - len(shown))
    return Timeline(ax, words.describe(lanes, count, title), words.table(lanes), count)


def _title(lanes: Sequence[Lane], settings: RetrySettings | None) -> str:
    number = len(lanes)
    title = "What happened to the message" if number == 1 else f"What happened to {number} messages"
    if settings and settings.limit:
        title += f" (at most {settings.maximum_attempts} attempts: {settings.limit})"
    return title


def _new_axes(lanes: int, width_in: float) -> Axes:
    lane_in = _COMPACT_LANE_IN if lanes >= _COMPACT_FROM else _LANE_IN
    height_in = _TOP_IN + (lanes + _FLOOR) * lane_in + _BOTTOM_IN
    # Not pyplot's: its figures are displayed a second time by the notebook, and stay in memory.
    figure = Figure(figsize=(width_in, height_in), facecolor="white")
    FigureCanvasAgg(figure)
    return figure.add_axes(
        (
            _LEFT_IN / width_in,
            _BOTTOM_IN / height_in,
            (width_in - _LEFT_IN - _RIGHT_IN) / width_in,
            (lanes + _FLOOR) * lane_in / height_in,
        )
    )


def _busy(lanes: Sequence[Lane]) -> list[tuple[float, float]]:
    stretches = [(a.start_s, a.end_s) for lane in lanes for a in lane.attempts]
    stretches += [(p.at_s, p.at_s) for lane in lanes for p in lane.phantoms]
    stretches += [(s, s) for lane in lanes for s in lane.predicted_s]
    return stretches + [(lane.arrival.at_s,) * 2 for lane in lanes if lane.arrival]


def _draw(
    ax: Axes, lanes: Sequence[Lane], scale: TimeScale, settings: RetrySettings | None
) -> None:
    end = max(scale.end, 1.0)
    ax.set_xlim(-0.02 * end, end)
    ax.set_ylim(len(lanes) - 0.5 + _FLOOR, -0.5)
    width_in = ax.get_position().width * ax.get_figure(root=True).get_figwidth()
    artist = LaneArtist(
        ax,
        scale,
        inches_per_x=width_in / (1.02 * end),
        right_in=width_in + _RIGHT_IN,
        is_compact=len(lanes) >= _COMPACT_FROM,
    )
    for y, lane in enumerate(lanes):
        artist.draw(lane, y)
    if settings and settings.maximum_attempts and settings.limit:
        artist.limit(list(enumerate(lanes)), settings.maximum_attempts, settings.limit)
    _time_axis(ax, lanes, scale, width_in / (1.02 * end))
    _legend(ax, artist.used, width_in + _LEFT_IN + _RIGHT_IN)


def _legend(ax: Axes, used: Mapping[str, marks.Look], figure_width_in: float) -> None:
    order = ["sent", *sorted(used.keys() - {"sent"}, key=_legend_rank)]
    handles = [legend_handle(used[key], key in _HOLLOW) for key in order]
    needed_in = sum(0.45 + 0.075 * len(look.word) for look in used.values())
    rows = math.ceil(needed_in / (figure_width_in - 0.3))
    box = ax.get_position()
    middle = (0.5 - box.x0) / box.width
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(middle, 0),
        ncol=math.ceil(len(handles) / rows),
        frameon=False,
        fontsize=8.5,
        handletextpad=0.3,
        columnspacing=1.4,
        borderaxespad=4.4,
    )


def _legend_rank(key: str) -> int:
    return _LEGEND_ORDER.index(key) if key in _LEGEND_ORDER else len(marks.OUTCOMES)


def _time_axis(ax: Axes, lanes: Sequence[Lane], scale: TimeScale, inches_per_x: float) -> None:
    """Ticks at what happened, not at round numbers; breaks with their length."""
    moments = {a.start_s for lane in lanes for a in lane.attempts} | {0.0}
    moments |= {lane.arrival.at_s for lane in lanes if lane.arrival}
    ticks: list[tuple[float, str]] = []
    for at_s in sorted(moments):
        x = scale.position(at_s)
        if not ticks or (x - ticks[-1][0]) * inches_per_x > 0.38:
            ticks.append((x, f"{at_s:.0f}" if at_s >= 9.95 else f"{at_s:.1f}".removesuffix(".0")))
    ax.set_xticks([x for x, _ in ticks], [text for _, text in ticks], fontsize=9)
    for broken in scale.breaks:
        for dx in (-2.0, 2.0):
            place = offset_copy(ax.get_xaxis_transform(), fig=ax.figure, x=dx, units="points")
            ax.plot(
                [broken.middle],
                [0],
                marker=(2, 0, -25),
                ms=9,
                mew=1.2,
                color=marks.SOFT_INK,
                clip_on=False,
                transform=place,
            )
        ax.annotate(
            spoken_s(broken.length_s),
            (broken.middle, 0),
            xycoords=ax.get_xaxis_transform(),
            xytext=(0, -8),
            textcoords="offset points",
            ha="center",
            va="top",
            size=8,
            style="italic",
            color=marks.SOFT_INK,
        )
    ax.set_yticks([])
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(marks.SOFT_INK)
    ax.grid(axis="x", color="#e6e6e6", lw=0.8, zorder=0)
    ax.set_axisbelow(True)


def _head(ax: Axes, title: str, payoff: str) -> None:
    figure = ax.get_figure(root=True)
    height_in, width_in = figure.get_figheight(), figure.get_figwidth()

    def write(text: str, from_top_in: float, largest_pt: float, **style: str) -> None:
        size = min(largest_pt, (width_in - 0.4) * 72 / (0.62 * len(text)))
        y = 1 - from_top_in / height_in
        figure.text(0.2 / width_in, y, text, size=size, va="center", **style)

    write(title, 0.28, 11, color=marks.SOFT_INK)
    write(payoff, 0.62, 17, weight="bold", color=marks.INK)


def _foot(ax: Axes, true_scale: bool, waited: Waited | None, hidden: int) -> None:
    note = "seconds since the message was sent"
    note += ", true scale" if true_scale else ""
    if waited and waited.is_virtual:
        note += f" (virtual time; {waited.aws_s:.0f} s of it took {waited.real_s:.1f} s)"
    if hidden > 0:
        note += f"; {hidden} more messages are in the table"
    ax.set_xlabel(note, fontsize=9, color=marks.SOFT_INK)
