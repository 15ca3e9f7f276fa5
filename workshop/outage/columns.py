"""The crowds for a narrow page: the same columns, as wide as the page. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workshop import html, palette
from workshop.drawing.badges import badge
from workshop.drawing.marks import OUTCOMES
from workshop.outage.counting import Crowd

# Above the highest column stands its number.
_MOST = 88.0
# So many numbers have room side by side on a phone.
_NUMBERS = 14


@dataclass(frozen=True)
class Column:
    """One stretch of time: its parts as (height in per cent, colour), from the top."""

    parts: tuple[tuple[float, str], ...]
    number: str
    is_shaded: bool


@dataclass(frozen=True)
class Columns:
    """A crowd."""

    name: str
    columns: tuple[Column, ...]


def columns(rows: Sequence[Crowd], finding: str, every_s: int, outage_s: float) -> html.Markup:
    """The rows as columns of one scale, in which the outage is shaded."""
    most = max(max(row.total) for row in rows)
    shown = [Columns(row.name, tuple(_columns(row, most, every_s, outage_s))) for row in rows]
    end_s = len(rows[0].total) * every_s
    axis = (
        f"from 0 to {end_s} s after the first attempt; a column: attempts that began within "
        f"{every_s} s; shaded: down for {outage_s:.0f} s"
    )
    legend = [(badge(OUTCOMES["error"]), "failed"), (badge(OUTCOMES["ok"]), "ok")]
    return html.narrow("columns", ("", finding, ""), shown, axis, legend)


def _columns(row: Crowd, most: int, every_s: int, outage_s: float) -> list[Column]:
    numbered = row.numbered(math.ceil(len(row.total) / _NUMBERS))
    return [
        Column(
            tuple(
                (round(_MOST * number / most, 1), colour)
                for number, colour in (
                    (total - failed, palette.GREEN_MARK),
                    (failed, palette.VERMILLION_MARK),
                )
                if number
            ),
            str(total) if place in numbered else "",
            place * every_s < outage_s,
        )
        for place, (total, failed) in enumerate(zip(row.total, row.failed, strict=True))
    ]
