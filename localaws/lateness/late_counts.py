"""The Approximate... counts of a queue, up to a minute old."""

import random
from dataclasses import dataclass
from typing import Any

from localaws.time.time import Time
from localaws.wire.skin import Operation
from localaws.words.http import Caller

Params = dict[str, Any]

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
_OLDEST_S = 60.0
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True)
class _Counted:
    counts: dict[str, str]
    until_s: float


class LateCounts:
    """GetQueueAttributes that counts anew when what it counted has reached a drawn age."""

    def __init__(self, time: Time, operation: Operation, chance: random.Random) -> None:
        self._time = time
        self._operation: Any = operation
        self._chance = chance
        self._counted: dict[str, _Counted] = {}

    def get_queue_attributes(self, params: Params, caller: Caller) -> Params:
        answer: Params = self._operation(params, caller)
        shown = answer.get("Attributes", {})
        if not any(name in shown for name in _COUNTS):
            return answer
        counts = self._counts(params["QueueUrl"], caller)
        return {"Attributes": {name: counts.get(name, value) for name, value in shown.items()}}

    def _counts(self, queue_url: str, caller: Caller) -> dict[str, str]:
        now_s = self._time.now_s()
        known = self._counted.get(queue_url)
        if known is None or known.until_s <= now_s:
            asked = {"QueueUrl": queue_url, "AttributeNames": list(_COUNTS)}
            until_s = now_s + self._chance.uniform(0.0, _OLDEST_S)
            known = _Counted(self._operation(asked, caller)["Attributes"], until_s)
            self._counted[queue_url] = known
            # Whoever waits for a count waits for this moment: nothing else may happen until then.
            self._time.call_at(until_s, lambda: None)
        return known.counts
