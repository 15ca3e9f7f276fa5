"""What there is to say about the settings of a patient. Pure.

A verdict looks at safety as well as at behaviour: a set-up that happens to do what is wanted can be
dangerous all the same. Help comes in steps, and none of them is the answer: `nudge` says where to
look, `hint` what to think of.
"""

from dataclasses import dataclass
from enum import Enum


class Grade(Enum):
    """How a set-up is."""

    RIGHT = "right"
    NOT_YET = "not yet"
    DANGEROUS = "dangerous"


@dataclass(frozen=True)
class Judgement:
    """One verdict.

    Attributes:
        grade: right, not yet, or dangerous.
        why: what is wrong with a dangerous set-up; what else to know about a right one.
        nudge: where to look.
        hint: what to think of.
    """

    grade: Grade
    why: str = ""
    nudge: str = ""
    hint: str = ""


def right(*remarks: str) -> Judgement:
    """It does what is wanted, and does it safely; remarks are what it costs."""
    return Judgement(Grade.RIGHT, " ".join(remark for remark in remarks if remark))


def not_yet(nudge: str, hint: str) -> Judgement:
    """It does not do what is wanted, and does no more harm than before."""
    return Judgement(Grade.NOT_YET, "", nudge, hint)


def dangerous(why: str, nudge: str, hint: str) -> Judgement:
    """It works, or seems to, and loses, doubles or exposes something."""
    return Judgement(Grade.DANGEROUS, why, nudge, hint)
