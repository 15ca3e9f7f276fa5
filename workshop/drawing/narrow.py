"""What a figure is on a narrow page: a few lanes upright, many as lines. Pure."""

from collections.abc import Sequence

from workshop import html
from workshop.drawing import tracks
from workshop.drawing.frame import COMPACT_FROM, Headline
from workshop.drawing.groups import LaneGroup, busy, moments
from workshop.drawing.scale import make_scale
from workshop.drawing.upright import upright
from workshop.evidence.lanes import spoken_s

# The widest share of a line that a mark takes, with the room around it, on a page of 320 px.
_LEAST_SHARE = 0.09


def narrow(
    groups: Sequence[LaneGroup], headline: Headline, *, true_scale: bool, outage_s: float = 0.0
) -> html.Markup:
    """The lanes as a part of a page, for a page that is too narrow for the figure."""
    everything = [lane for group in groups for lane in group.lanes]
    # Before anything that is shaded, for readers who do not come to its end.
    shaded = [f"shaded: down for {spoken_s(outage_s)}"] if outage_s else []
    payoff = "; ".join([headline.payoff, *shaded])
    told = (headline.title, headline.finding, payoff, headline.guesses)
    if len(everything) < COMPACT_FROM:
        of_each = [(lane, group.settings) for group in groups for lane in group.lanes]
        made = iter(upright(of_each, outage_s))
        shown = [(group.heading, [next(made) for _ in group.lanes]) for group in groups]
        return html.narrow("upright", told, shown)
    scale = make_scale(
        busy(groups, outage_s),
        [moments(lane) for lane in everything],
        least_share=_LEAST_SHARE,
        true_scale=true_scale,
    )
    lines = [
        (group.heading, [tracks.track(one, scale, outage_s) for one in group.lanes])
        for group in groups
    ]
    legend = tracks.legend([line for _, group in lines for line in group])
    below = "; ".join([tracks.axis(scale), *_limits(groups)])
    return html.narrow("tracks", told, lines, below, legend)


def _limits(groups: Sequence[LaneGroup]) -> list[str]:
    """What ended the attempts: on lines there is no room for it beside them."""
    found = [
        f"limit: {group.settings.limit}"
        for group in groups
        if group.settings and group.settings.limit
        if any(lane.has_reached(group.settings.maximum_attempts) for lane in group.lanes)
    ]
    return list(dict.fromkeys(found))
