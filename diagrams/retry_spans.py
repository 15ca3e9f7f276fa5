"""The picture of notebook 11: how long each service goes on trying, on one axis of time.

Its figures are AWS's own defaults and limits; the notebook names the page of each.
"""

import math
from dataclasses import dataclass

from diagrams.shapes import Group, Line, Picture, Rect, Text
from workshop.palette import BLUE, INK, LINE, PAPER, SHADE, SOFT_INK, VERMILLION, VERMILLION_TEXT

MINUTE, HOUR, DAY = 60, 3600, 86_400
YEAR = 365 * DAY
LEFT, RIGHT, TOP, STEP, BAR = 292, 976, 76, 58, 20
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


def retry_spans(_: object) -> Picture:
    """A bar per service, from the first try to the last."""
    height = TOP + STEP * len(SPANS) + 34
    rows = (_row(place, span) for place, span in enumerate(SPANS))
    told = " ".join(f"{span.title}: {span.told}; sees {span.sees}." for span in SPANS)
    return Picture(
        "How long does it go on trying?",
        f"How long each service goes on trying, from one second to one year. {told}",
        width=1000,
        height=height,
        groups=(_axis(height), *rows),
    )


def _x(seconds: float) -> float:
    """Each step of the axis is a multiple: seconds and years fit into one picture."""
    return LEFT + (RIGHT - LEFT) * math.log(seconds) / math.log(YEAR)


def _axis(height: float) -> Group:
    lines = tuple(Line(((_x(s), TOP - 22), (_x(s), height - 36)), LINE, 1) for s in TICKS.values())
    ends = {"1 s": "start", "1 year": "end"}
    words = tuple(
        Text(_x(s), TOP - 30, name, 13, SOFT_INK, anchor=ends.get(name, "middle"))  # type: ignore[arg-type]
        for name, s in TICKS.items()
    )
    title = Text(20, TOP - 30, "goes on trying for …", 15, INK, bold=True)
    legend = "filled: by default, of SQS in notebook 01; dashed: at the most"
    told = Text(LEFT, height - 14, legend, 12.5, SOFT_INK)
    return Group("axis", (title, *lines, *words, told))


def _row(place: int, span: Patience) -> Group:
    y = TOP + STEP * place
    colour = VERMILLION if span.is_blind else BLUE
    usual, most = _x(span.usual_s), _x(span.most_s)
    longer = (
        Rect(usual - 4, y, most - usual + 4, BAR, radius=4, fill=SHADE, stroke=colour, dashed=True),
    )
    bar = Rect(LEFT, y, usual - LEFT, BAR, radius=4, fill=colour, stroke=colour)
    words = Text(LEFT + 6, y + BAR + 15, span.told, 12.5, INK, halo=PAPER)
    return Group(
        f"span-{place}",
        (
            Text(20, y + 12, span.title, 15, INK, bold=True),
            Text(20, y + 31, f"sees {span.sees}", 12.5,
                 VERMILLION_TEXT if span.is_blind else SOFT_INK),
            *(longer if most > usual else ()),
            bar,
            words,
        ),
    )  # fmt: skip
