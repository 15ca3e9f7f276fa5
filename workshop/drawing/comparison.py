"""Several patterns in one figure, on one axis."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib import rc_context

from workshop.drawing import frame, words
from workshop.drawing.finding import finding
from workshop.drawing.groups import HEADING, LaneGroup, draw
from workshop.drawing.narrow import narrow
from workshop.drawing.picture import STYLE
from workshop.drawing.summary import SUMMARISED_FROM, summarised
from workshop.drawing.timeline import Timeline
from workshop.errors import DataError
from workshop.evidence.lane_making import make_lanes
from workshop.evidence.lanes import Lane, Prediction
from workshop.evidence.retry_settings import RetrySettings
from workshop.evidence.whereabouts import UNSOUGHT
from workshop.target.waiting import Waited

Run = tuple[pd.DataFrame, pd.DataFrame | None, RetrySettings | None]
_OWN_COLUMNS = ("sent", "processed", "in flight", "lost", UNSOUGHT)


def timelines(
    runs: Mapping[str, Run],
    *,
    predicted: Mapping[str, Prediction] | None = None,
    true_scale: bool = False,
    title: str | None = None,
    waited: Waited | None = None,
    outage_s: float = 0.0,
    width_in: float = 9.2,
) -> Timeline:
    """Draw what several patterns did with their messages, one below the other on one time axis.

    Args:
        runs: heading -> (attempts, arrivals, settings), as `Lab` returns them for one pattern.
        predicted: heading -> your prediction for its messages: a number of attempts, or times.
        true_scale: draw long waits at their true length instead of breaking the axis.
        title: default says what is compared.
        waited: what `lab.wait_until` returned; adds both clocks to the figure.
        outage_s: for how long from the sending on what the messages need was down; it is shaded.
        width_in: width of the figure in inches.

    Returns:
        As `timeline`; `counts` are the sums over all runs, `table` has a column `pattern` in front.

    Raises:
        DataError: there is no message to draw.
    """
    made = {name: _lanes(run, (predicted or {}).get(name)) for name, run in runs.items()}
    made = {name: lanes for name, lanes in made.items() if lanes}
    if not made:
        raise DataError(
            "There is no message to draw: all tables are empty.",
            "Send a message through each pattern and wait until it was tried.",
        )
    counts = {name: words.counts(lanes, runs[name][2]) for name, lanes in made.items()}
    shown = {name: _shown(lanes) for name, lanes in made.items()}
    groups = [LaneGroup(shown[name], runs[name][2], _headed(name, made[name])) for name in shown]
    told = words.payoff(_total(list(counts.values())))
    everything = [lane for lanes in shown.values() for lane in lanes]
    guesses = {name: words.unmarked(lanes) for name, lanes in shown.items()}
    headline = frame.Headline(
        title or f"The same question to {len(groups)} patterns",
        told,
        "",
        width_in,
        " ".join(f"{name}: {guess}" for name, guess in guesses.items() if guess),
    )
    with rc_context(STYLE):
        ax = frame.new_axes(everything, width_in, headline, headings=HEADING * len(groups))
        scale = draw(ax, groups, true_scale=true_scale, outage_s=outage_s)
        frame.head(ax, headline)
        frame.foot(ax, scale, true_scale, waited, hidden=0)
    sums = {name: words.payoff(counts[name], made[name]) for name in made}
    return Timeline(
        ax,
        words.alternative(
            "; ".join(group.heading for group in groups),
            told,
            [lane for m in made.values() for lane in m],
        ),
        _described(headline.finding, told, words.outage(outage_s), groups, sums),
        _table(shown),
        _total(list(counts.values())),
        headline.finding,
        narrow(groups, headline, true_scale=true_scale, outage_s=outage_s),
        runs={
            name: (lanes, runs[name][0], runs[name][1], runs[name][2])
            for name, lanes in made.items()
        },
    )


def _headed(name: str, lanes: Sequence[Lane]) -> str:
    found = finding(lanes)
    return f"{name}: {found[:1].lower()}{found[1:]}"


def _lanes(run: Run, predicted: Prediction | None) -> list[Lane]:
    attempts, arrivals, settings = run
    return make_lanes(attempts, arrivals, settings, predicted)


def _shown(lanes: list[Lane]) -> list[Lane]:
    return summarised(lanes) if len(lanes) >= SUMMARISED_FROM else lanes


def _total(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The sums; the places where failed messages are kept are one number."""
    result = {"sent": 0, "processed": 0, "DLQ or destination": 0, "in flight": 0, "lost": 0}
    for count in counts:
        for name, number in count.items():
            column = name if name in _OWN_COLUMNS else "DLQ or destination"
            result[column] = result.get(column, 0) + number
    return result


def _described(
    title: str, total: str, outage: str, groups: Sequence[LaneGroup], sums: Mapping[str, str]
) -> str:
    ending = "" if title.endswith("?") else "."
    parts = [f"{title}{ending}", *([f"{outage}."] if outage else []), f"{total}."]
    for group, told in zip(groups, sums.values(), strict=True):
        parts += [f"{group.heading}: {told}."]
        parts += [words.sentence(lane) for lane in group.lanes[:6]]
    return " ".join(parts)


def _table(shown: Mapping[str, list[Lane]]) -> pd.DataFrame:
    tables = {name: words.table(lanes) for name, lanes in shown.items()}
    joined = pd.concat(tables, names=["pattern", None])
    return joined.reset_index(level="pattern").reset_index(drop=True)
