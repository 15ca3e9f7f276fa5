"""Settings, an outage, and what the retry policies make of them, before anything runs.

The rules are those that the embedded AWS runs by: `localaws.outlook` walks through the same
functions. Here is only which settings there are, and three ways for a message to reach a function.
"""

import math
from dataclasses import dataclass, fields
from typing import TypeAlias

from workshop.connection import outlook
from workshop.errors import DataError

Story: TypeAlias = outlook.Foretold

# Of an attempt that AWS may as well begin a moment too early.
AS_IT_ENDS = "just as the outage ends"
QUEUE, DOUBLED, EVENT = "queue", "queue, waits doubled", "asynchronous"
WAYS = (QUEUE, DOUBLED, EVENT)
# SQS's default.
RETENTION_S = 4 * 86_400.0
# What `lambda/orders/outages.py` cuts its waits to.
LONGEST_WAIT_S = 3600.0

# AWS's limits; a visibility timeout below the function's timeout is refused by Lambda.
FUNCTION_TIMEOUT_S = 3
_LIMITS = {
    "visibility_s": (FUNCTION_TIMEOUT_S, 43_200),
    "receives": (1, 1000),
    "retries": (0, 2),
    "age_s": (60, 21_600),
    "outage_s": (1, 86_400),
}


@dataclass(frozen=True)
class Plan:
    """What is set, and for how long the function fails.

    Attributes:
        visibility_s: the queue's visibility timeout; where waits are doubled, the first of them.
        receives: maxReceiveCount.
        retries: MaximumRetryAttempts of an asynchronous function.
        age_s: MaximumEventAgeInSeconds of the same.
        outage_s: how long the function fails.
    """

    visibility_s: int = 30
    receives: int = 3
    retries: int = 2
    age_s: int = 21_600
    outage_s: int = 120

    def __post_init__(self) -> None:
        for field in fields(self):
            value, (least, most) = getattr(self, field.name), _LIMITS[field.name]
            if isinstance(value, float) and value.is_integer():
                value = int(value)  # 6.0 was judged as a number, and is one
                object.__setattr__(self, field.name, value)
            if isinstance(value, bool) or not isinstance(value, int):
                raise DataError(f"{field.name} is {value!r}.", "Write a whole number.")
            if not least <= value <= most:
                raise DataError(
                    f"{field.name} is {value}.", f"It can be {least} to {most}: choose one of them."
                )

    def wait_s(self, way: str, receive: int) -> float:
        """For how long the n-th receive hides a message, n counted from 1."""
        if way == QUEUE:
            return float(self.visibility_s)
        # 2 ** 12 is already beyond the longest wait; the bound keeps the power small.
        return min(self.visibility_s * 2.0 ** min(receive - 1, 12), LONGEST_WAIT_S)


def foretold(plan: Plan, sent_at_s: float = 0.0) -> dict[str, Story]:
    """What becomes of a message on each way.

    Args:
        plan: the settings and the outage.
        sent_at_s: when it is sent, counted from the beginning of the outage.
    """
    return {way: _foretold(plan, way, sent_at_s, float(plan.outage_s)) for way in WAYS}


def longest_outages_s(plan: Plan) -> dict[str, float]:
    """How long an outage a message survives that was sent when it began: one that is shorter.

    It is the moment of its last attempt, when no attempt succeeds.
    """
    never_s = 2 * RETENTION_S
    return {way: _foretold(plan, way, 0.0, never_s).attempts_s[-1] for way in WAYS}


def planned(plan: Plan, sent_at_s: float = 0.0) -> dict[str, Story]:
    """As `foretold`, by who plans: an attempt just as the outage ends may fail, and counts so."""
    return {way: _foretold(plan, way, sent_at_s, just_over_s(plan.outage_s)) for way in WAYS}


def just_over_s(outage_s: float) -> float:
    """An outage that is no shorter than an attempt at the very moment of its end."""
    return math.nextafter(outage_s, math.inf)


def too_early(story: Story, outage_s: float, spoken: str) -> str:
    """When the last attempt came, of a message that did not survive the outage.

    Args:
        story: what is planned.
        outage_s: how long the outage lasts.
        spoken: the moment of the last attempt in words.
    """
    is_just = story.attempts_s[-1] == outage_s
    return f"{spoken}, {AS_IT_ENDS}: do not plan with that moment" if is_just else spoken


def just_survived(plan: Plan) -> list[str]:
    """The ways whose last attempt comes at the very moment at which the outage ends."""
    good = planned(plan)
    return [way for way, story in foretold(plan).items() if story.survived > good[way].survived]


def _foretold(plan: Plan, way: str, sent_at_s: float, outage_s: float) -> Story:
    if way == EVENT:
        return outlook.asynchronous(
            sent_at_s,
            outage_s,
            maximum_retry_attempts=plan.retries,
            maximum_event_age_s=plan.age_s,
        )
    return outlook.behind_queue(
        sent_at_s,
        outage_s,
        wait_s=lambda receive: plan.wait_s(way, receive),
        max_receive_count=plan.receives,
        retention_s=RETENTION_S,
    )
