"""Policies that decide some seconds after they were written."""

import random
from dataclasses import dataclass
from typing import TypeVar, cast

from localaws.lateness.moments import Moments
from localaws.lateness.stacks import StackWork
from localaws.time.time import Time

T = TypeVar("T")

# AWS names no bound; a few seconds is what is met.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
_SOONEST_S, _LATEST_S = 2.0, 12.0


@dataclass(frozen=True)
class _Replaced:
    policy: object
    until_s: float


class LatePolicies:
    """A `PolicyPropagation` in which a policy's predecessor decides for some seconds more."""

    def __init__(self, time: Time, chance: random.Random, stacks: StackWork) -> None:
        self._time = time
        self._moments = Moments(time, chance)
        self._stacks = stacks
        self._replaced: dict[str, list[_Replaced]] = {}

    def changed(self, owner: str, before: object) -> None:
        if self._stacks.is_calling:
            return
        until_s = self._moments.next_s(owner, _SOONEST_S, _LATEST_S)
        self._replaced.setdefault(owner, []).append(_Replaced(before, until_s))
        # Whoever waits for the permission waits for this moment.
        self._time.call_at(until_s, lambda: self._forget(owner))

    def in_effect(self, owner: str, written: T) -> T:
        held = self._replaced.get(owner)
        return cast(T, held[0].policy) if held else written

    def _forget(self, owner: str) -> None:
        # Two changes may take effect at one moment: then the first call has forgotten both.
        now_s = self._time.now_s()
        held = [one for one in self._replaced.pop(owner, []) if one.until_s > now_s]
        if held:
            self._replaced[owner] = held
