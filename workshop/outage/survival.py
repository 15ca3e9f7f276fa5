"""Which outages each way survives, and at what cost: computed from the retry policies."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from workshop.outage.plan import WAYS, Plan, planned
from workshop.outage.words import spoken_s

OUTAGES_S = (60, 300, 1800, 10_800)


def survival(
    plan: Plan, outages_s: Sequence[int] = OUTAGES_S, *, every_s: int = 60
) -> pd.DataFrame:
    """One row per outage and way, for a steady stream of messages.

    Args:
        plan: the settings; its own outage does not matter.
        outages_s: the outages.
        every_s: a message is sent so often during the outage, in the middle of each such stretch.

    Returns:
        =================== =========================================================
        column              meaning (the first two are the index)
        =================== =========================================================
        outage              how long the function fails, in words
        way                 how messages reach it
        processed           messages of the outage that were processed after it
        given up            those that were not: in a DLQ, in a record, or deleted
        attempts            invocations for all of them, the failed ones too
        late (min)          how long the slowest one waited, from sending on; missing
                            where none was processed
        after its end (min) how long after the outage the last one was processed;
                            missing where none was
        =================== =========================================================
    """
    return pd.DataFrame(
        [
            _row(replace(plan, outage_s=outage_s), way, every_s)
            for outage_s in outages_s
            for way in WAYS
        ]
    ).set_index(["outage", "way"])


def _row(plan: Plan, way: str, every_s: int) -> dict[str, object]:
    sent = range(every_s // 2, plan.outage_s, every_s)
    stories = {sent_at_s: planned(plan, float(sent_at_s))[way] for sent_at_s in sent}
    ends_s = {at_s: story.ended_at_s for at_s, story in stories.items() if story.survived}
    late_s = [end_s - at_s for at_s, end_s in ends_s.items()]
    after_s = [end_s - plan.outage_s for end_s in ends_s.values()]
    return {
        "outage": spoken_s(plan.outage_s),
        "way": way,
        "processed": len(ends_s),
        "given up": len(stories) - len(ends_s),
        "attempts": sum(len(story.attempts_s) for story in stories.values()),
        "late (min)": _longest_min(late_s),
        "after its end (min)": _longest_min(after_s),
    }


def _longest_min(seconds: Sequence[float]) -> object:
    return round(max(seconds) / 60, 1) if seconds else pd.NA
