"""Attributes of queues that take effect late, and purges that take their minute."""

import random
from collections.abc import Callable
from functools import partial

from localaws.lateness.moments import Moments
from localaws.lateness.stacks import StackWork
from localaws.time.time import Time
from localaws.words.propagation import Changes

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
_LATEST_S = 60.0
_LATEST_BY_NAME_S = {"MessageRetentionPeriod": 900.0}
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
_LONGEST_PURGE_S = 60.0


class LateQueues:
    """A `QueuePropagation` in which each attribute takes effect at a moment of its own."""

    def __init__(self, time: Time, chance: random.Random, stacks: StackWork) -> None:
        self._time = time
        self._moments = Moments(time, chance)
        self._stacks = stacks

    def attributes(
        self, queue_arn: str, changes: Changes, take_effect: Callable[[Changes], None]
    ) -> None:
        if self._stacks.is_calling:
            take_effect(changes)
            return
        for name, value in sorted(changes.items()):
            latest_s = _LATEST_BY_NAME_S.get(name, _LATEST_S)
            when_s = self._moments.next_s(f"{queue_arn} {name}", 0.0, latest_s)
            self._time.call_at(when_s, partial(take_effect, {name: value}))

    def purge(self, queue_arn: str, take_effect: Callable[[], None]) -> None:
        """Empty the queue some time within a minute: what is there until then may be received,
        and what is sent until then goes as well."""
        when_s = self._moments.next_s(f"{queue_arn} purge", 0.0, _LONGEST_PURGE_S)
        self._time.call_at(when_s, take_effect)
