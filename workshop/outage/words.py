"""Seconds and endings in words: lengths in their unit, moments in seconds, as on the axis."""

from collections.abc import Mapping

from workshop.counting import counted
from workshop.outage.plan import AS_IT_ENDS, Plan, Story, just_survived

_HOUR_S, _MINUTE_S = 3600, 60


def spoken_s(seconds: float) -> str:
    """90 -> "90 s", 120 -> "2 min", 10800 -> "3 h", 13500 -> "3 h 45 min"."""
    whole = round(seconds)
    if whole >= 2 * _HOUR_S and whole % (_HOUR_S / 2) == 0:
        return f"{whole / _HOUR_S:g} h"
    hours, rest = divmod(whole, _HOUR_S)
    if hours >= 2 and rest % _MINUTE_S == 0:
        return f"{hours} h {rest // _MINUTE_S} min"
    if whole >= 2 * _MINUTE_S and whole % _MINUTE_S == 0:
        return f"{whole // _MINUTE_S} min"
    return f"{whole} s"


def moment(at_s: float) -> str:
    """When something was, in the unit of the axis and of the tables: 180 -> "180 s"."""
    return f"{at_s:.0f} s"


def ended(story: Story, *, is_just: bool = False) -> str:
    """How a message ended, and when: "source queue's DLQ at 90 s"; and whether it just survived."""
    return f"{story.ending} at {moment(story.ended_at_s)}{', just' if is_just else ''}"


def told(story: Story, *, is_just: bool = False) -> str:
    """What became of a message: "processed at 60 s, attempt 2"."""
    number, end = len(story.attempts_s), f"{story.ending} at {moment(story.ended_at_s)}"
    if not story.survived:
        return f"{end}, after {counted(number, 'attempt')}"
    just = f", {AS_IT_ENDS}" if is_just else ""
    return f"{end}{just}, attempt {number}"


def told_of(plan: Plan, stories: Mapping[str, Story]) -> str:
    """How many ways survive the outage, and how many of them just, which nobody should plan."""
    survivors = sum(story.survived for story in stories.values())
    ways = f"{survivors} of {len(stories)} ways survive{'s' * (survivors == 1)} it"
    just = len(just_survived(plan))
    told = f", {just} of them just" if 0 < just < survivors else ", just" if just else ""
    return f"An outage of {spoken_s(plan.outage_s)}: {ways}{told}"


def as_set(plan: Plan) -> str:
    """The settings."""
    return (
        f"visibility timeout {spoken_s(plan.visibility_s)}, maxReceiveCount {plan.receives}; "
        f"MaximumRetryAttempts {plan.retries}, maximum event age {spoken_s(plan.age_s)}"
    )
