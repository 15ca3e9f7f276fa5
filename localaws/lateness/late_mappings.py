"""Event source mappings that stay between two states for seconds."""

import random

# AWS speaks of "several seconds", without bound.
# https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html
_SOONEST_S, _LATEST_S = 2.0, 20.0


class LateMappings:
    """How long each change of a mapping takes."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def transition_s(self) -> float:
        """Until the next one has taken effect."""
        return self._chance.uniform(_SOONEST_S, _LATEST_S)
