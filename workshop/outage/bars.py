"""How many attempts begin together: one row of bars for each crowd of messages."""

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from workshop import palette
from workshop.drawing.letters import fitted
from workshop.drawing.picture import STYLE, DrawnFigure
from workshop.errors import DataError
from workshop.evidence.attempts import OPEN
from workshop.outage.columns import columns
from workshop.outage.counting import Crowd, row_of, since_the_first

_WIDTH_IN, _ROW_IN, _TOP_IN, _BOTTOM_IN, _SIDE_IN = 9.2, 1.75, 0.62, 0.65, 0.75
_BIG_PT, _NAME_PT, _TICK_PT = 15.0, 10.5, 9.0
# Room between two rows, and above the highest bar for its number.
_GAP_IN, _ABOVE = 0.5, 1.35
# Bars that are left free before the first; how wide a number of two digits is, with some room.
_FREE_BARS, _NUMBER_IN = 3, 0.25


def crowd(crowds: Mapping[str, pd.DataFrame], *, outage_s: float, every_s: int = 10) -> DrawnFigure:
    """Draw when the attempts of each crowd began, counted from its first attempt.

    Args:
        crowds: what is written above a row -> attempts, as `attempts_table` returns them. Those
            whose end is not known yet are left out.
        outage_s: how long after the first attempt what the messages need is down.
        every_s: attempts of so many seconds are one bar.

    Raises:
        DataError: there are no attempts.
    """
    # What is not known yet has neither failed nor succeeded.
    crowds = {name: tries[~tries["outcome"].isin(OPEN)] for name, tries in crowds.items()}
    times = {name: since_the_first(attempts) for name, attempts in crowds.items()}
    if not all(len(one) for one in times.values()):
        raise DataError(
            "There are no attempts to draw.", "Run the section Run again, then this cell."
        )
    end_s = max(float(one.max()) for one in times.values())
    bars = int(end_s // every_s) + 1
    rows = [row_of(name, times[name], crowds[name], bars, every_s) for name in crowds]
    found = ", ".join(f"{row.name} up to {row.total[row.peak]}" for row in rows)
    finding = f"Retries within {every_s} s: {found}"
    with rc_context(STYLE):
        axes = _axes(len(rows))
        most = max(max(row.total) for row in rows)
        for ax, row in zip(axes, rows, strict=True):
            _draw(ax, row, every_s, outage_s, most)
        _around(axes, finding, every_s)
    return DrawnFigure(
        axes[0],
        f"{finding}.",
        _told(rows, every_s, outage_s),
        _table(rows, every_s),
        finding,
        columns(rows, finding, every_s, outage_s),
    )


def _axes(number: int) -> list[Axes]:
    height_in = _TOP_IN + number * (_ROW_IN + _GAP_IN) + _BOTTOM_IN
    figure = Figure(figsize=(_WIDTH_IN, height_in), facecolor=palette.PAPER)
    FigureCanvasAgg(figure)
    width = (_WIDTH_IN - _SIDE_IN - 0.3) / _WIDTH_IN
    bottoms = [_BOTTOM_IN + (number - 1 - place) * (_ROW_IN + _GAP_IN) for place in range(number)]
    return [
        figure.add_axes((_SIDE_IN / _WIDTH_IN, bottom / height_in, width, _ROW_IN / height_in))
        for bottom in bottoms
    ]


def _bar_in(bars: int) -> float:
    """How wide a bar's stretch is; at the left three of them are free."""
    return (_WIDTH_IN - _SIDE_IN - 0.3) / (bars + _FREE_BARS)


def _draw(ax: Axes, row: Crowd, every_s: int, outage_s: float, most: int) -> None:
    starts = [bar * every_s for bar in range(len(row.total))]
    ok = [total - failed for total, failed in zip(row.total, row.failed, strict=True)]
    ax.axvspan(0, outage_s, color=palette.SHADE, zorder=0)
    ax.axvline(outage_s, color=palette.SOFT_INK, lw=1, ls=(0, (4, 3)), zorder=1)
    style = {"width": every_s * 0.86, "align": "edge", "zorder": 3}
    ax.bar(starts, row.failed, color=palette.VERMILLION_MARK, label="failed", **style)  # type: ignore[arg-type]
    ax.bar(starts, ok, bottom=row.failed, color=palette.GREEN_MARK, label="ok", **style)  # type: ignore[arg-type]
    # Room at the left for the number above the first bar.
    ax.set_xlim(-_FREE_BARS * every_s, len(row.total) * every_s)
    ax.annotate(f"down for {outage_s:.0f} s", (outage_s, most * _ABOVE), xytext=(-6, -10),
                textcoords="offset points", ha="right", size=_TICK_PT,
                color=palette.SOFT_INK)  # fmt: skip
    ax.set_ylim(0, most * _ABOVE)
    for place in row.numbered(math.ceil(_NUMBER_IN / _bar_in(len(row.total)))):
        middle_s, number = starts[place] + every_s * 0.43, row.total[place]
        ax.annotate(str(number), (middle_s, number), xytext=(0, 3), textcoords="offset points",
                    ha="center", size=_NAME_PT, weight="bold", color=palette.INK)  # fmt: skip
    # They were all sent together: no retries, which the finding counts.
    ax.annotate("first", (every_s * 0.43, row.total[0]), xytext=(0, 15), ha="center",
                textcoords="offset points", size=_TICK_PT, color=palette.SOFT_INK)  # fmt: skip
    ax.set_title(row.name, loc="left", fontsize=_NAME_PT, color=palette.INK, weight="bold")
    ax.tick_params(labelsize=_TICK_PT, colors=palette.SOFT_INK)
    ax.set_yticks([0, math.ceil(most / 2), most])
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(palette.SOFT_INK)


def _around(axes: list[Axes], finding: str, every_s: int) -> None:
    figure = axes[0].figure
    height_in = figure.get_figheight()  # type: ignore[union-attr]
    shown = fitted(finding, (_WIDTH_IN - 0.4) * 72, _BIG_PT, 1, is_bold=True)
    figure.text(0.2 / _WIDTH_IN, 1 - 0.27 / height_in, shown, size=_BIG_PT, weight="bold",
                va="center", color=palette.INK)  # fmt: skip
    for ax in axes:
        ax.set_ylabel(f"attempts in {every_s} s", fontsize=_TICK_PT, color=palette.SOFT_INK)
    axes[-1].set_xlabel(
        "seconds since the first attempt",
        fontsize=_TICK_PT,
        color=palette.SOFT_INK,
    )
    axes[0].legend(
        loc="lower right", bbox_to_anchor=(1, 1), ncol=2, frameon=False, fontsize=_TICK_PT
    )


def _told(rows: list[Crowd], every_s: int, outage_s: float) -> str:
    told = [f"What the messages need is down for {outage_s:.0f} s."]
    for row in rows:
        bars = [
            f"{total} at {place * every_s} s ({failed} failed)"
            for place, (total, failed) in enumerate(zip(row.total, row.failed, strict=True))
            if total
        ]
        told.append(f"{row.name}: {', '.join(bars)}.")
    return " ".join(told)


def _table(rows: list[Crowd], every_s: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"crowd": row.name, "from (s)": place * every_s, "attempts": total, "failed": failed}
            for row in rows
            for place, (total, failed) in enumerate(zip(row.total, row.failed, strict=True))
            if total
        ]
    )
