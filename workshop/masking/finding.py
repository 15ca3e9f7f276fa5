"""Finds in a text what nobody gives away, by value and by kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.masking.kinds import KINDS, in_lower_case
from workshop.masking.known import Known


@dataclass(frozen=True)
class Spot:
    """One place in a text.

    Attributes:
        start: where it begins.
        end: where it ends.
        name: of its aliases.
        words: what it is, for people.
        value: what stands there.
    """

    start: int
    end: int
    name: str
    words: str
    value: str


def find(text: str, known: Sequence[Known] = ()) -> list[Spot]:
    """What there is, in its order, without overlaps: what is known by value comes first."""
    found: list[Spot] = []
    # The longer of two values may hold the other one: a folder, and the folder that it is in.
    for value in sorted(known, key=lambda one: -len(one.value)):
        for place in value.found_in(text):
            _add(found, Spot(*place[:2], value.name, value.words, place[2]))
    folded = in_lower_case(text)
    for kind in KINDS:
        for place in kind.found_in(text, folded):
            _add(found, Spot(*place[:2], kind.name, kind.words, place[2]))
    return sorted(found, key=lambda one: one.start)


def _add(found: list[Spot], spot: Spot) -> None:
    if not any(spot.start < other.end and other.start < spot.end for other in found):
        found.append(spot)
