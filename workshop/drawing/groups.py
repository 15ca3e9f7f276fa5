"""Groups of lanes on one Axes: one group is a timeline, several are a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from workshop import palette
from workshop.drawing import frame
from workshop.drawing.artist import LaneArtist
from workshop.drawing.legend import legend
from workshop.drawing.letters import fitted
from workshop.drawing.limits import LimitArtist
from workshop.drawing.moments import with_moments
from workshop.drawing.pen import Pen, figure_of
from workshop.drawing.scale import TimeScale, make_scale
from workshop.evidence.lanes import Lane, spoken_s
from workshop.evidence.retry_settings import RetrySettings

# Inches between two marks of a lane, so that each and its word can be told from the other.
_BETWEEN_IN = 0.58
# Beyond both ends of the time on an axis: half a mark. For moments at most so much of the axis.
_BEYOND_IN, _MOST_SHARE = 0.14, 0.5
# How often that is tried until nothing changes any more; what is no change, in inches.
_ROUNDS, _SAME_IN = 6, 0.02
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


def draw(
    ax: Axes, groups: Sequence[LaneGroup], *, true_scale: bool, outage_s: float = 0.0
) -> TimeScale:
    """Draw the groups one below the other, with one time axis and one legend.

    Args:
        ax: where.
        groups: what.
        true_scale: break nothing.
        outage_s: shade this time from the sending on, in which what the messages need was down.

    Returns:
        The scale of the axis.
    """
    box, figure_width_in = ax.get_position(), figure_of(ax).get_figwidth()
    everything = [lane for group in groups for lane in group.lanes]
    headings = sum(HEADING for group in groups if group.heading)
    ax.set_ylim(len(everything) + headings - 0.5 + frame.FLOOR, -0.5)
    width_in = box.width * figure_width_in
    pen, drawn = _pen(ax, groups, width_in, true_scale=true_scale, outage_s=outage_s)
    beside_in, is_compact = _BEYOND_IN, len(everything) >= frame.COMPACT_FROM
    left_in = box.x0 * figure_width_in + beside_in
    right_in = (1 - box.x0) * figure_width_in - beside_in
    artist = LaneArtist(pen, left_in=left_in, right_in=right_in, is_compact=is_compact)
    limits = LimitArtist(pen, right_in=right_in, is_compact=is_compact)
    y, places = 0.0, iter(drawn)
    for group in groups:
        if group.heading:
            room_pt = (figure_width_in - 0.5) * 72
            heading = fitted(group.heading, room_pt, _HEADING_PT, 1, is_bold=True)
            _heading(ax, y - 0.28, heading, -box.x0 * figure_width_in + 0.2)
            y += HEADING
        placed = [(y + number, next(places)) for number in range(len(group.lanes))]
        _draw_group(artist, limits, group, placed)
        y += len(group.lanes)
    if outage_s:
        _outage(pen, outage_s)
    frame.time_axis(pen, everything, also_s=[outage_s] if outage_s else [])
    legend(pen)
    return pen.scale


def _pen(
    ax: Axes, groups: Sequence[LaneGroup], width_in: float, *, true_scale: bool, outage_s: float
) -> tuple[Pen, list[Lane]]:
    """A pen for an axis that reaches every mark, and the lanes as they are drawn on it."""
    lanes = [lane for group in groups for lane in group.lanes]
    stretches, in_lanes = busy(groups, outage_s), [moments(lane) for lane in lanes]
    axis_in, wider_in, room = width_in - 2 * _BEYOND_IN, 0.0, 1.0
    # What a moment takes brings other marks nearer to each other, which may make more moments.
    for _ in range(_ROUNDS):
        linear_in = axis_in - wider_in
        plain = make_scale(
            stretches, in_lanes, least_share=_BETWEEN_IN / linear_in, true_scale=true_scale
        )
        inches_per_x = linear_in / max(plain.end, 1.0)
        scale, drawn = with_moments(
            plain, lanes, 72 * inches_per_x, true_scale=true_scale, room=room
        )
        needed_in = (scale.end - plain.end) * inches_per_x
        if needed_in > _MOST_SHARE * axis_in:
            room *= _MOST_SHARE * axis_in / needed_in
        if abs(needed_in - wider_in) < _SAME_IN:
            break
        wider_in = min(needed_in, _MOST_SHARE * axis_in)
    begin = -_BEYOND_IN / inches_per_x
    ax.set_xlim(begin, begin + width_in / inches_per_x)
    return Pen(ax, scale, inches_per_x), drawn


def _outage(pen: Pen, outage_s: float) -> None:
    """The time in which nothing could succeed, behind everything else."""
    end = pen.x(outage_s)
    pen.ax.axvspan(0, end, color=palette.SHADE, zorder=-1)
    # Between the last lane and the axis, where no mark is.
    bottom = pen.ax.get_ylim()[0]
    style: dict[str, Any] = {"ha": "right", "va": "bottom", "color": palette.SOFT_INK}
    pen.text_at(end, bottom, f"down for {spoken_s(outage_s)}", dx=-5, dy=3, **style)


def _draw_group(
    artist: LaneArtist, limits: LimitArtist, group: LaneGroup, placed: Sequence[tuple[float, Lane]]
) -> None:
    artist.batches(placed)
    settings = group.settings
    maximum = settings.maximum_attempts if settings and settings.limit else None
    for lane, (y, drawn) in zip(group.lanes, placed, strict=True):
        artist.draw(lane, drawn, y, maximum)
    if settings and maximum and settings.limit:
        limits.limit(placed, maximum, settings.limit)
    age_s = _age_limit_s(group)
    if age_s is not None:
        limits.age_limit(age_s, placed[0][0] - 0.5, placed[-1][0] + 0.5)


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
