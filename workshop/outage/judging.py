"""Whether what was measured is what was foretold, and whether a design does what it should."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workshop.errors import DataError
from workshop.lessons.checks import Check
from workshop.outage.plan import QUEUE, Plan, Story, foretold, just_survived, planned, too_early
from workshop.outage.words import spoken_s, told

# What a function needs to start, several times in a row, and how late AWS's waits may be.
TOLERANCE_S = 5.0

# The exercise of notebook 09.
_OUTAGE_S, _KNOWN_WITHIN_S, _MOST_ATTEMPTS = 1200, 2700.0, 10


def side_by_side(plan: Plan, measured: Mapping[str, Story]) -> pd.DataFrame:
    """What is foretold and what was measured: one row per way."""
    just = just_survived(plan)
    return pd.DataFrame(
        [
            {
                "way": way,
                "foretold": told(story, is_just=way in just),
                "attempts at (s)": _moments(story),
                "measured": told(measured[way]),
                "attempts measured at (s)": _moments(measured[way]),
            }
            for way, story in foretold(plan).items()
        ]
    ).set_index("way")


def differences(plan: Plan, measured: Mapping[str, Story]) -> list[str]:
    """What was measured and was not foretold, in words; nothing where both agree."""
    return [
        f"{way}: foretold {told(story)}, measured {told(measured[way])}"
        for way, story in foretold(plan).items()
        if not _agree(story, measured[way])
    ]


def agreement(plan: Plan, measured: Mapping[str, Story]) -> Check:
    """Whether AWS did what is foretold, on every way."""
    found = differences(plan, measured)
    return Check(
        "AWS did what was foretold",
        not found,
        f"the same attempts and endings, within {TOLERANCE_S:g} s",
        "; ".join(found) or "the same",
        "the functions' logs, the DLQs and the on-failure destination",
    )


def judged_plan(plan: Any) -> Check:
    """Whether a design of one's own meets the demands of the exercise.

    Raises:
        DataError: it is no plan.
    """
    if not isinstance(plan, Plan):
        raise DataError(f"{plan!r} is no plan.", "Write outage.Plan(visibility_s=..., ...).")
    good = planned(Plan(plan.visibility_s, plan.receives, outage_s=_OUTAGE_S))[QUEUE]
    moved_s = float(plan.visibility_s * plan.receives)
    faults = []
    if not good.survived:
        last = too_early(good, _OUTAGE_S, spoken_s(good.attempts_s[-1]))
        faults.append(f"the last attempt comes at {last}")
    if moved_s > _KNOWN_WITHIN_S:
        faults.append(f"a bad order is in the DLQ after {spoken_s(moved_s)}")
    if plan.receives > _MOST_ATTEMPTS:
        faults.append(f"a bad order is tried {plan.receives} times")
    return Check(
        "the queue survives 20 minutes, and tells of a bad order soon enough",
        not faults,
        f"an attempt later than {spoken_s(_OUTAGE_S)}, a move within {spoken_s(_KNOWN_WITHIN_S)}, "
        f"{_MOST_ATTEMPTS} attempts at most",
        " and ".join(faults)
        or f"processed at {spoken_s(good.ended_at_s)}, moved at "
        f"{spoken_s(moved_s)}, {plan.receives} attempts",
        "SQS's retry policy, applied to your plan",
    )


def _agree(story: Story, measured: Story) -> bool:
    moments = (*story.attempts_s, story.ended_at_s), (*measured.attempts_s, measured.ended_at_s)
    return (
        story.ending == measured.ending
        and len(moments[0]) == len(moments[1])
        and all(abs(a - b) <= TOLERANCE_S for a, b in zip(*moments, strict=True))
    )


def _moments(story: Story) -> str:
    return ", ".join(f"{at_s:z.1f}".removesuffix(".0") for at_s in story.attempts_s)
