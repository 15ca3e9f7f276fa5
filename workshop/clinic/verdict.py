"""What there is to say about the settings of a patient. Pure.

A verdict looks at safety as well as at behaviour: a set-up that happens to do what is wanted can be
dangerous all the same. Help comes in steps, and none of them is the answer: `nudge` says where to
look, `hint` what to think of.
"""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a set-up is."""

    RIGHT = "right"
    NOT_YET = "not yet"
    DANGEROUS = "dangerous"


@dataclass(frozen=True)
class Verdict:
    """One verdict.

    Attributes:
        state: right, not yet, or dangerous.
        why: what is wrong with a dangerous set-up; what else to know about a right one.
        nudge: where to look.
        hint: what to think of.
    """

    state: State
    why: str = ""
    nudge: str = ""
    hint: str = ""


def right(*remarks: str) -> Verdict:
    """It does what is wanted, and does it safely; remarks are what it costs."""
    return Verdict(State.RIGHT, " ".join(remark for remark in remarks if remark))


def not_yet(nudge: str, hint: str) -> Verdict:
    """It does not do what is wanted, and does no more harm than before."""
    return Verdict(State.NOT_YET, "", nudge, hint)


def dangerous(why: str, nudge: str, hint: str) -> Verdict:
    """It works, or seems to, and loses, doubles or exposes something."""
    return Verdict(State.DANGEROUS, why, nudge, hint)
