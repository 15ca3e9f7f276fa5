"""Groups of lanes on one Axes: one group is a timeline, several are a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from workshop import palette
from workshop.drawing import frame
from workshop.drawing.artist import LaneArtist
from workshop.drawing.endings import ARRIVAL_DX, is_beside
from workshop.drawing.legend import legend
from workshop.drawing.letters import fitted
from workshop.drawing.limits import LimitArtist
from workshop.drawing.pen import Pen, figure_of
from workshop.drawing.scale import TimeScale, make_scale
from workshop.evidence.lanes import Lane, spoken_s
from workshop.evidence.retry_settings import RetrySettings

# Inches between two marks of a lane, so that each and its word can be told from the other.
_BETWEEN_IN = 0.62
# From the end of the time that is drawn to that of the axis, where a mark stands beside it.
_BESIDE_IN = (ARRIVAL_DX + 10) / 72
# Height of a group's heading, in lanes.
HEADING = 0.62
_HEADING_PT = 10.5


@dataclass(frozen=True)
class LaneGroup:
    """The lanes of one pattern; the heading is drawn above them unless it is empty."""

    lanes: Sequence[Lane]
    settings: RetrySettings | None
    heading: str = ""


def busy(groups: Sequence[LaneGroup], outage_s: float = 0.0) -> list[tuple[float, float]]:
    """The stretches of time in which something is drawn; the end of an outage is drawn too."""
    stretches: list[tuple[float, float]] = [(outage_s, outage_s)] if outage_s else []
    for group in groups:
        lanes = group.lanes
        stretches += [(a.start_s, a.end_s) for lane in lanes for a in lane.attempts]
        stretches += [stretch for lane in lanes for stretch in lane.spread_s]
        points = [p.at_s for lane in lanes for p in lane.phantoms]
        points += [at_s for lane in lanes for at_s in lane.predicted_s]
        points += [lane.arrival.at_s for lane in lanes if lane.arrival]
        age_s = _age_limit_s(group)
        points += [] if age_s is None else [age_s]
        stretches += [(at_s, at_s) for at_s in points]
    return stretches


def moments(lane: Lane) -> list[float]:
    """Marks of the lane that need room between them; the first and the last can step aside."""
    return [*(a.start_s for a in lane.attempts), *(p.at_s for p in lane.phantoms)]


def _age_limit_s(group: LaneGroup) -> float | None:
    """The maximum event age, where it is near enough to have mattered."""
    age_s = group.settings.maximum_event_age_s if group.settings else None
    if age_s is None:
        return None
    is_reason = any(lane.arrival and "EventAge" in lane.arrival.reason for lane in group.lanes)
    return age_s if is_reason or age_s <= max(lane.end_s for lane in group.lanes) else None


def draw(ax: Axes, groups: Sequence[LaneGroup], *, true_scale: bool, outage_s: float = 0.0) -> None:
    """Draw the groups one below the other, with one time axis and one legend.

    Args:
        ax: where.
        groups: what.
        true_scale: break nothing.
        outage_s: shade this time from the sending on, in which what the messages need was down.
    """
    box, figure_width_in = ax.get_position(), figure_of(ax).get_figwidth()
    scale = make_scale(
        busy(groups, outage_s),
        [moments(lane) for group in groups for lane in group.lanes],
        least_share=_BETWEEN_IN / (box.width * figure_width_in),
        true_scale=true_scale,
    )
    everything = [lane for group in groups for lane in group.lanes]
    headings = sum(HEADING for group in groups if group.heading)
    end = max(scale.end, 1.0)
    ax.set_ylim(len(everything) + headings - 0.5 + frame.FLOOR, -0.5)
    pen = _pen(ax, scale, box.width * figure_width_in, everything)
    beside_in, is_compact = pen.inches_of(0.02 * end), len(everything) >= frame.COMPACT_FROM
    left_in = box.x0 * figure_width_in + beside_in
    right_in = (1 - box.x0) * figure_width_in - beside_in
    artist = LaneArtist(pen, left_in=left_in, right_in=right_in, is_compact=is_compact)
    limits = LimitArtist(pen, right_in=right_in, is_compact=is_compact)
    y = 0.0
    for group in groups:
        if group.heading:
            room_pt = (figure_width_in - 0.5) * 72
            heading = fitted(group.heading, room_pt, _HEADING_PT, 1, is_bold=True)
            _heading(ax, y - 0.28, heading, -box.x0 * figure_width_in + 0.2)
            y += HEADING
        _draw_group(artist, limits, group, y)
        y += len(group.lanes)
    if outage_s:
        _outage(pen, outage_s)
    frame.time_axis(pen, everything, also_s=[outage_s] if outage_s else [])
    legend(pen)


def _pen(ax: Axes, scale: TimeScale, width_in: float, lanes: Sequence[Lane]) -> Pen:
    """A pen for an axis that reaches every mark, those too that stand beside their true place."""
    end = max(scale.end, 1.0)
    # As wide as if the axis went on: what is near then would be nearer still.
    beside_in = _BESIDE_IN if any(lane.arrival for lane in lanes) else 0.0
    pen = Pen(ax, scale, inches_per_x=(width_in - beside_in) / (1.02 * end))
    furthest_in = max(
        (pen.inches(lane.arrival.at_s) + _BESIDE_IN
         for lane in lanes if lane.arrival and is_beside(pen, lane)),
        default=0.0,
    )  # fmt: skip
    if furthest_in <= pen.inches_of(end):
        ax.set_xlim(-0.02 * end, end)
        return Pen(ax, scale, inches_per_x=width_in / (1.02 * end))
    ax.set_xlim(-0.02 * end, end + pen.wide(72 * _BESIDE_IN))
    return pen


def _outage(pen: Pen, outage_s: float) -> None:
    """The time in which nothing could succeed, behind everything else."""
    end = pen.x(outage_s)
    pen.ax.axvspan(0, end, color=palette.SHADE, zorder=-1)
    # Between the last lane and the axis, where no mark is.
    bottom = pen.ax.get_ylim()[0]
    style: dict[str, Any] = {"ha": "right", "va": "bottom", "color": palette.SOFT_INK}
    pen.text_at(end, bottom, f"down for {spoken_s(outage_s)}", dx=-5, dy=3, **style)


def _draw_group(artist: LaneArtist, limits: LimitArtist, group: LaneGroup, first_y: float) -> None:
    placed = [(first_y + number, lane) for number, lane in enumerate(group.lanes)]
    artist.batches(placed)
    settings = group.settings
    maximum = settings.maximum_attempts if settings and settings.limit else None
    for y, lane in placed:
        artist.draw(lane, y, maximum)
    if settings and maximum and settings.limit:
        limits.limit(placed, maximum, settings.limit)
    age_s = _age_limit_s(group)
    if age_s is not None:
        limits.age_limit(age_s, first_y - 0.5, first_y + len(group.lanes) - 0.5)


def _heading(ax: Axes, y: float, text: str, x_in: float) -> None:
    """A line across the figure and below it, from the figure's left edge, the heading."""
    ax.annotate(
        text,
        (0, y),
        xycoords=ax.transData,
        xytext=(72 * x_in, -4),
        textcoords="offset points",
        ha="left",
        va="top",
        size=_HEADING_PT,
        weight="bold",
        color=palette.INK,
        annotation_clip=False,
        bbox={"boxstyle": "square,pad=0.15", "fc": palette.SHADE, "ec": "none"},
    )
