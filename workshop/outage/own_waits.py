"""The exercise of notebook 08: waits of one's own, tried by SQS's retry policy."""

import math
from collections.abc import Callable, Sequence

from workshop.connection import outlook
from workshop.lessons.checks import Check
from workshop.outage.plan import just_over_s, too_early

OUTAGE_S, RECEIVES, FIRST_S, LONGEST_S = 3300.0, 8, 60.0, 900.0
_RETENTION_S = 4 * 86_400.0


def judged_waits(wait_s: Callable[[int], float]) -> Check:
    """Whether an order with these waits survives the outage, within the limits of the exercise.

    Args:
        wait_s: receive count, from 1 -> how long the message waits after this receive.

    Raises:
        TypeError: that is no function.
    """
    if not callable(wait_s):
        raise TypeError(f"{wait_s!r} is no function: write one, such as lambda receive_count: 40")
    given = [wait_s(receive) for receive in range(1, RECEIVES + 1)]
    for receive, one in enumerate(given, start=1):
        if not _is_number(one):
            return _check([f"after receive {receive} it returns {one!r}, and SQS takes seconds"])
    waits = [float(one) for one in given]
    story = outlook.behind_queue(
        0.0,
        just_over_s(OUTAGE_S),
        wait_s=lambda receive: waits[receive - 1],
        max_receive_count=RECEIVES,
        retention_s=_RETENTION_S,
    )
    faults = []
    if waits[0] > FIRST_S:
        faults.append(f"the first retry comes after {waits[0]:g} s")
    if max(waits) > LONGEST_S:
        faults.append(f"one wait is {max(waits):g} s")
    odd = [one for one in given if not isinstance(one, int)]
    if odd:
        faults.append(f"one wait is {odd[0]!r}, and SQS takes whole seconds")
    if min(waits) < 0:
        faults.append(f"one wait is {min(waits):g} s, and SQS takes none below 0")
    if not story.survived:
        last = too_early(story, OUTAGE_S, f"{story.attempts_s[-1]:g} s")
        faults.append(f"the last of {len(story.attempts_s)} attempts comes at {last}")
    return _check(faults, f"processed at {story.ended_at_s:g} s")


def _is_number(said: object) -> bool:
    try:
        return math.isfinite(float(said))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def _check(faults: Sequence[str], seen: str = "") -> Check:
    return Check(
        "an order survives 55 minutes with eight receives",
        not faults,
        f"the first retry within {FIRST_S:g} s, whole seconds, waits of at most {LONGEST_S:g} s, "
        f"processed later than {OUTAGE_S:g} s",
        " and ".join(faults) or seen,
        "SQS's retry policy, applied to your waits",
    )
