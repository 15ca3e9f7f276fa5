"""When changes take effect."""

import random

from localaws.time.time import Time


class Moments:
    """Draws the moment at which a change takes effect; two of one thing never change places."""

    def __init__(self, time: Time, chance: random.Random) -> None:
        self._time = time
        self._chance = chance
        self._last_s: dict[str, float] = {}

    def next_s(self, thing: str, soonest_s: float, latest_s: float) -> float:
        """The moment for a change that is made now, in seconds since the epoch.

        Args:
            thing: what is changed.
            soonest_s: how long it takes at least.
            latest_s: how long it takes at most, unless an earlier change takes longer.
        """
        drawn_s = self._time.now_s() + self._chance.uniform(soonest_s, latest_s)
        self._last_s[thing] = max(drawn_s, self._last_s.get(thing, 0.0))
        return self._last_s[thing]
