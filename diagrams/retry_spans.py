"""The picture of notebook 11: how long each service goes on trying, on one axis of time.

Its figures are AWS's own defaults and limits; the notebook names the page of each.
"""

import math
from dataclasses import dataclass

from diagrams.shapes import Group, Line, Picture, Rect, Text
from workshop.palette import BLUE, INK, LINE, PAPER, SHADE, SOFT_INK, VERMILLION, VERMILLION_TEXT

MINUTE, HOUR, DAY = 60, 3600, 86_400
YEAR = 365 * DAY
TOP, BAR = 76, 20
TICKS = {"1 s": 1, "1 min": MINUTE, "1 h": HOUR, "1 day": DAY, "1 year": YEAR}


@dataclass(frozen=True)
class Patience:
    """One service.

    Attributes:
        title: which.
        sees: what of a failing function it sees.
        usual_s: how long it tries unless something else is set.
        told: what is written behind that.
        most_s: how long at the most.
    """

    title: str
    sees: str
    usual_s: float
    told: str
    most_s: float

    @property
    def is_blind(self) -> bool:
        return self.sees.startswith("delivery")


SPANS = (
    Patience("Step Functions, Retry", "each error, by its name", 7,
             "7 s; a year if you say so", YEAR),
    Patience("SQS queue", "each receive", 90, "90 s here; 14 days if you say so", 14 * DAY),
    Patience("Lambda, asynchronous", "each error; throttling", 3 * MINUTE,
             "3 min; 6 h if throttled", 6 * HOUR),
    Patience("EventBridge rule", "delivery only, no error", DAY, "24 h, 185 retries", DAY),
    Patience("DynamoDB stream", "each error; the shard waits", DAY, "24 h", DAY),
    Patience("Kinesis stream", "each error; the shard waits", DAY, "24 h; 365 days if kept", YEAR),
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Where the axis is; on a phone the names stand above the bars."""

    width: float
    left: float
    right: float
    step: float
    names_y: float

    def x(self, seconds: float) -> float:
        """Each step of the axis is a multiple: seconds and years fit into one picture."""
        return self.left + (self.right - self.left) * math.log(seconds) / math.log(YEAR)


WIDE = Layout(1000, 292, 976, 58, 12)
NARROW = Layout(340, 12, 328, 94, -26)


def retry_spans(_: object, *, is_narrow: bool = False) -> Picture:
    """A bar per service, from the first try to the last."""
    layout = NARROW if is_narrow else WIDE
    top = TOP + (28 + 34 if is_narrow else 0)
    height = top + layout.step * len(SPANS) + (30 if is_narrow else 34)
    rows = (
        _row(layout, top + layout.step * place, place, span) for place, span in enumerate(SPANS)
    )
    told = " ".join(f"{span.title}: {span.told}; sees {span.sees}." for span in SPANS)
    return Picture(
        "How long does it go on trying?",
        f"How long each service goes on trying, from one second to one year. {told}",
        width=layout.width,
        height=height,
        groups=(_axis(layout, height, is_narrow=is_narrow), *rows),
    )


def _axis(layout: Layout, height: float, *, is_narrow: bool) -> Group:
    top = TOP + 28 * is_narrow
    xs = {name: layout.x(s) for name, s in TICKS.items()}
    lines = tuple(
        Line(((x, top - 22), (x, height - 36 - 18 * is_narrow)), LINE, 1) for x in xs.values()
    )
    ends = {"1 s": "start", "1 year": "end"}
    words = tuple(
        Text(x, top - 30, name, 13, SOFT_INK, anchor=ends.get(name, "middle"))  # type: ignore[arg-type]
        for name, x in xs.items()
    )
    title = Text(12 if is_narrow else 20, TOP - 30, "goes on trying for …", 15, INK, bold=True)
    legend = ("filled: by default, of SQS in notebook 01;", "dashed: at the most")
    shown = legend if is_narrow else (" ".join(legend),)
    told = (
        Text(layout.left, height - 14 - 17 * n, line, 12.5, SOFT_INK)
        for n, line in enumerate(reversed(shown))
    )
    return Group("axis", (title, *lines, *words, *told))


def _row(layout: Layout, y: float, place: int, span: Patience) -> Group:
    colour = VERMILLION if span.is_blind else BLUE
    usual, most = layout.x(span.usual_s), layout.x(span.most_s)
    longer = (
        Rect(usual - 4, y, most - usual + 4, BAR, radius=4, fill=SHADE, stroke=colour, dashed=True),
    )
    bar = Rect(layout.left, y, usual - layout.left, BAR, radius=4, fill=colour, stroke=colour)
    words = Text(layout.left + 6, y + BAR + 15, span.told, 12.5, INK, halo=PAPER)
    return Group(
        f"span-{place}",
        (
            Text(min(20, layout.left), y + layout.names_y, span.title, 15, INK, bold=True),
            Text(min(20, layout.left), y + layout.names_y + 19, f"sees {span.sees}", 12.5,
                 VERMILLION_TEXT if span.is_blind else SOFT_INK),
            *(longer if most > usual else ()),
            bar,
            words,
        ),
    )  # fmt: skip
