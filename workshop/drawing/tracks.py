"""Many lanes for a narrow page: a name, the story in words, and below it marks on a line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.drawing import marks
from workshop.drawing.badges import Badge, badge
from workshop.drawing.finding import story
from workshop.drawing.scale import TimeScale
from workshop.evidence.lanes import Lane, spoken_s

# What is nearer than this to the last attempt stands beside it.
_TOGETHER_S = 1.0


@dataclass(frozen=True)
class Mark:
    """A mark on a line: how far along it is, in per cent, or beside one that stands there."""

    at: float
    mark: Badge
    is_beside: bool = False


@dataclass(frozen=True)
class Track:
    """One line.

    Attributes:
        label: whose it is.
        told: what happened, in words.
        marks: what is drawn on it.
        end: how long the line is, in per cent.
        cuts: where it is drawn shorter than it is, in per cent.
        shaded: so much of it is shaded, in per cent.
    """

    label: str
    told: str
    marks: tuple[Mark, ...]
    end: float
    cuts: tuple[float, ...] = ()
    shaded: float = 0.0


def track(lane: Lane, scale: TimeScale, outage_s: float = 0.0) -> Track:
    """A message on its line; an outage is shaded from the sending on."""
    whole = max(scale.end, 1.0)

    def share(at_s: float) -> float:
        return round(100 * scale.position(at_s) / whole, 1)

    shown = [Mark(share(at_s), badge(marks.PREDICTION)) for at_s in lane.predicted_s]
    for one in lane.phantoms:
        look = marks.without_a_run(one)
        shown.append(Mark(share(one.at_s), badge(look, look.sign)))
    shown += [
        Mark(share(tried.start_s), badge(marks.OUTCOMES[tried.outcome], str(tried.number)))
        for tried in lane.attempts
    ]
    if lane.arrival:
        look = marks.ARRIVED_SUCCESS if lane.arrival.is_success else marks.ARRIVED_FAILURE
        is_beside = any(lane.arrival.at_s - a.end_s < _TOGETHER_S for a in lane.attempts)
        shown.append(Mark(share(lane.arrival.at_s), badge(look), is_beside))
    end_s = scale.position(lane.end_s)
    cuts = tuple(round(100 * cut.middle / whole, 1) for cut in scale.breaks if cut.middle < end_s)
    label = f"{lane.label}, {lane.caption}" if lane.messages > 1 else lane.label
    told = story(lane)
    return Track(label, told, tuple(shown), share(lane.end_s), cuts, share(outage_s))


def axis(scale: TimeScale) -> str:
    """What the lines' length is, in words."""
    if not scale.seconds or scale.seconds[-1] <= 0:
        return "seconds since the message was sent"
    told = f"from 0 to {spoken_s(scale.seconds[-1])} after sending"
    cuts = ", ".join(spoken_s(cut.length_s) for cut in scale.breaks)
    return f"{told}; shortened at the strokes: {cuts}" if cuts else f"{told}, true to scale"


def legend(tracks: Sequence[Track]) -> list[tuple[Badge, str]]:
    """Each kind of mark that is on them, once, with its word."""
    looks = [*marks.OUTCOMES.values(), marks.ARRIVED_FAILURE, marks.ARRIVED_SUCCESS]
    looks += [marks.PREDICTION]
    used = {(m.mark.shape, m.mark.face, m.mark.ink) for one in tracks for m in one.marks}
    made = [(badge(look), look.word) for look in looks]
    told = [(mark, word) for mark, word in made if (mark.shape, mark.face, mark.ink) in used]
    # These look alike but for their sign.
    signs = {m.mark.text for one in tracks for m in one.marks}
    unrun = [look for look in (marks.PHANTOM, marks.PASSED_OVER) if look.sign in signs]
    return told + [(badge(look, look.sign), look.word) for look in unrun]
