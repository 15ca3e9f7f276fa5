"""The outage for a narrow page: a line for each way, and one for what was measured of it. Pure."""

from collections.abc import Mapping
from itertools import pairwise

from workshop import html
from workshop.counting import counted
from workshop.drawing.badges import Badge, badge
from workshop.drawing.marks import ARRIVED_FAILURE, OUTCOMES
from workshop.drawing.tracks import Mark, Track
from workshop.outage.plan import Plan, Story, just_survived
from workshop.outage.words import as_set, ended, moment, told_of

# A mark has room where the next one is so many per cent of the line away; a dot needs less.
_ROOM = 7.0
_TOGETHER_S = 1.0


def narrow_lines(plan: Plan, kinds: Mapping[str, Mapping[str, Story]], end_s: float) -> html.Markup:
    """The ways with what is foretold, and below it what was measured.

    Args:
        plan: the settings and the outage.
        kinds: "foretold" and "measured" -> way -> story.
        end_s: how long the lines are.
    """
    stories = kinds["foretold"]
    shaded, just = round(100 * plan.outage_s / end_s, 1), just_survived(plan)
    groups = [
        (
            way,
            [
                _track(kind, found[way], end_s, shaded, is_just=kind == "foretold" and way in just)
                for kind, found in kinds.items()
                if way in found
            ],
        )
        for way in stories
    ]
    over = f"shaded: the outage, 0 to {moment(plan.outage_s)}"
    axis = f"from 0 to {moment(end_s)} after the outage began; {over}; hollow: foretold"
    words = (("error", "failed"), ("ok", "processed"))
    legend = [(badge(OUTCOMES[outcome]), word) for outcome, word in words]
    legend.append((badge(ARRIVED_FAILURE), "given up"))
    return html.narrow("tracks", ("", told_of(plan, stories), as_set(plan)), groups, axis, legend)


def _track(kind: str, story: Story, end_s: float, shaded: float, *, is_just: bool) -> Track:
    is_hollow = kind == "foretold"
    places = [round(100 * at_s / end_s, 1) for at_s in story.attempts_s]
    is_tight = any(after - before < _ROOM for before, after in pairwise(places))
    failed = OUTCOMES["error"]
    looks = [failed] * len(places)
    if story.survived:
        looks[-1] = OUTCOMES["ok"]
    marks = [
        Mark(at, _small(badge(look, is_hollow=is_hollow), is_small=is_tight and look is failed))
        for at, look in zip(places, looks, strict=True)
    ]
    end = round(100 * story.ended_at_s / end_s, 1)
    if not story.survived:
        is_beside = story.ended_at_s - story.attempts_s[-1] < _TOGETHER_S
        marks.append(Mark(end, badge(ARRIVED_FAILURE, is_hollow=is_hollow), is_beside))
    number = len(places)
    told = f"{kind}: {ended(story, is_just=is_just)}, {counted(number, 'attempt')}"
    return Track("", told, tuple(marks), end, shaded=shaded)


def _small(mark: Badge, *, is_small: bool) -> Badge:
    """Many attempts are dots."""
    shape = f"{mark.shape} small" if is_small else mark.shape
    return Badge(shape, "", mark.face, mark.ink, mark.is_hollow)
