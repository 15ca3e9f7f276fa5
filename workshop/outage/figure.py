"""The timeline of an outage: what is foretold for each way, and below it what was measured."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from workshop import palette
from workshop.drawing.letters import fitted
from workshop.drawing.pen import figure_of
from workshop.drawing.picture import STYLE, DrawnFigure
from workshop.outage.narrow import narrow_lines
from workshop.outage.plan import Plan, Story, foretold, just_survived
from workshop.outage.words import as_set, ended, told, told_of

# As wide as JupyterLab's output is beside its file browser where the screen is 1280 wide.
_WIDTH_IN, _LANE_IN, _TOP_IN, _BOTTOM_IN = 8.6, 0.85, 0.95, 0.75
_LEFT_IN, _RIGHT_IN = 2.05, 2.3
_BIG_PT, _NAME_PT, _SMALL_PT = 15.0, 10.5, 8.5
# A lane's two rows, in lanes: what is foretold above, what was measured below it.
_FORETOLD, _MEASURED = 0.0, 0.34
_MARK_PT, _SMALLEST_PT = 9.0, 3.0
# A mark that would lie on another one stands so far above or below it, at its time.
_ASIDE_PT = 11.0


def drawn(plan: Plan, measured: Mapping[str, Story] | None = None) -> DrawnFigure:
    """Draw what becomes of an order that is sent when the outage begins.

    Args:
        plan: the settings and the outage.
        measured: what AWS did, as `measured` returns it; without it only what is foretold.
    """
    stories, found, just = foretold(plan), measured or {}, just_survived(plan)
    finding = told_of(plan, stories)
    with rc_context(STYLE):
        ax = _axes(len(stories))
        last_s = max(story.ended_at_s for story in [*stories.values(), *found.values()])
        end_s = max(last_s, plan.outage_s) * 1.04
        ax.set_xlim(-0.02 * end_s, end_s)
        ax.set_ylim(len(stories) - 0.4, -0.55)
        _outage(ax, plan.outage_s)
        for lane, (way, story) in enumerate(stories.items()):
            _lane(ax, lane + _FORETOLD, story, is_hollow=True)
            _name(ax, lane + _FORETOLD, way, ended(story, is_just=way in just), is_first=True)
            if way in found:
                _lane(ax, lane + _MEASURED, found[way], is_hollow=False)
                _name(ax, lane + _MEASURED, "measured", ended(found[way]), is_first=False)
        _around(ax, finding, plan)
    ends = {way: told(story, is_just=way in just) for way, story in stories.items()}
    table = _table({"foretold": stories, "measured": found}, ends)
    words = [f"{finding}. {as_set(plan)}."]
    words += [f"{way}: foretold {end}." for way, end in ends.items()]
    words += [f"{way}: measured {told(story)}." for way, story in found.items()]
    alt = f"{finding}. " + "; ".join(f"{way}: {end}" for way, end in ends.items())
    lines = narrow_lines(plan, {"foretold": stories, "measured": found}, end_s)
    return DrawnFigure(ax, alt[:299], " ".join(words), table, finding, lines)


def _axes(lanes: int) -> Axes:
    height_in = _TOP_IN + lanes * _LANE_IN + _BOTTOM_IN
    figure = Figure(figsize=(_WIDTH_IN, height_in), facecolor=palette.PAPER)
    FigureCanvasAgg(figure)
    width_in = _WIDTH_IN - _LEFT_IN - _RIGHT_IN
    return figure.add_axes(
        (
            _LEFT_IN / _WIDTH_IN,
            _BOTTOM_IN / height_in,
            width_in / _WIDTH_IN,
            lanes * _LANE_IN / height_in,
        )
    )


def _outage(ax: Axes, outage_s: int) -> None:
    ax.axvspan(0, outage_s, color=palette.SHADE, zorder=0)
    ax.axvline(outage_s, color=palette.SOFT_INK, lw=1, ls=(0, (4, 3)), zorder=1)
    ax.annotate("outage", (outage_s, -0.55), xytext=(-4, -9), textcoords="offset points",
                ha="right", size=_SMALL_PT, color=palette.SOFT_INK)  # fmt: skip
    ax.annotate("over", (outage_s, -0.55), xytext=(3, -9), textcoords="offset points",
                size=_SMALL_PT, color=palette.SOFT_INK)  # fmt: skip


def _lane(ax: Axes, y: float, story: Story, *, is_hollow: bool) -> None:
    ax.plot([0, story.ended_at_s], [y, y], color=palette.LINE, lw=1.5, zorder=2)
    failed = story.attempts_s[:-1] if story.survived else story.attempts_s
    _marks(ax, failed, y, "s", palette.VERMILLION_MARK, is_hollow)
    if story.survived:
        _marks(ax, story.attempts_s[-1:], y, "o", palette.GREEN_MARK, is_hollow)
    else:
        # Where the last attempt is too near, above it or, of what was measured, below it.
        apart_pt = (story.ended_at_s - story.attempts_s[-1]) * _pt_per_s(ax)
        aside_pt = (_ASIDE_PT if is_hollow else -_ASIDE_PT) if apart_pt < _ASIDE_PT else 0.0
        _marks(ax, [story.ended_at_s], y, "D", palette.INK, is_hollow, dy=aside_pt)


def _pt_per_s(ax: Axes) -> float:
    least, most = ax.get_xlim()
    return (_WIDTH_IN - _LEFT_IN - _RIGHT_IN) * 72 / (most - least)


def _size_pt(ax: Axes, at_s: Sequence[float]) -> float:
    """As large as there is room between two attempts, within limits."""
    gaps_s = [after - before for before, after in pairwise(at_s)]
    per_s = _pt_per_s(ax)
    return max(_SMALLEST_PT, min([_MARK_PT, *(0.7 * gap_s * per_s for gap_s in gaps_s)]))


def _marks(
    ax: Axes, at_s: Sequence[float], y: float, marker: str, colour: str,
    is_hollow: bool, dy: float = 0.0,
) -> None:  # fmt: skip
    ax.plot(
        at_s,
        [y] * len(at_s),
        ls="none",
        marker=marker,
        ms=_size_pt(ax, at_s) if marker != "D" else _MARK_PT - 1,
        mfc=palette.PAPER if is_hollow else colour,
        mec=colour,
        mew=1.8,
        zorder=4,
        clip_on=False,
        transform=offset_copy(ax.transData, fig=figure_of(ax), y=dy, units="points"),
    )


def _name(ax: Axes, y: float, name: str, ending: str, *, is_first: bool) -> None:
    style = {"size": _NAME_PT if is_first else _SMALL_PT, "va": "center", "clip_on": False}
    weight, colour = ("bold", palette.INK) if is_first else ("normal", palette.SOFT_INK)
    place = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points"}
    ax.annotate(name, (0, y), xytext=(-10, 0), ha="right", weight=weight, color=colour,
                annotation_clip=False, **place, **style)  # type: ignore[arg-type]  # fmt: skip
    shown = fitted(ending, (_RIGHT_IN - 0.2) * 72, _SMALL_PT, 1)
    ax.annotate(shown, (1, y), xytext=(8, 0), ha="left", color=colour, annotation_clip=False,
                **place, **(style | {"size": _SMALL_PT}))  # type: ignore[arg-type]  # fmt: skip


def _around(ax: Axes, finding: str, plan: Plan) -> None:
    figure = ax.figure
    height_in = figure.get_figheight()  # type: ignore[union-attr]
    figure.text(0.2 / _WIDTH_IN, 1 - 0.28 / height_in, finding, size=_BIG_PT, weight="bold",
                va="center", color=palette.INK)  # fmt: skip
    figure.text(0.2 / _WIDTH_IN, 1 - 0.56 / height_in, as_set(plan), size=_SMALL_PT,
                va="center", color=palette.SOFT_INK)  # fmt: skip
    ax.set_xlabel(
        "seconds since the outage began and the order was sent\n"
        "hollow: foretold, filled: measured; square: failed, circle: processed, diamond: given up",
        fontsize=_SMALL_PT,
        color=palette.SOFT_INK,
    )
    # In the middle of the figure: it is longer than the axis.
    box = ax.get_position()
    ax.xaxis.label.set_x((0.5 - box.x0) / box.width)
    ax.tick_params(labelsize=_SMALL_PT, colors=palette.SOFT_INK)
    ax.set_yticks([])
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(palette.SOFT_INK)


def _table(kinds: Mapping[str, Mapping[str, Story]], ends: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "way": way,
                "": kind,
                "attempts at (s)": ", ".join(f"{at_s:z.0f}" for at_s in story.attempts_s),
                "end": ends[way] if kind == "foretold" else told(story),
            }
            for kind, stories in kinds.items()
            for way, story in stories.items()
        ]
    )
