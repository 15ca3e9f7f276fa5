"""Kernels whose outputs are to be the same in each run: their own seconds stand."""

import os
import time

# Given to such kernels: the ids that they draw follow from it.
SEED_VARIABLE = "WORKSHOP_SEED"


def own_now_s() -> float:
    """Seconds of this machine that only grow, for what is said of a person's own waiting."""
    return 0.0 if SEED_VARIABLE in os.environ else time.monotonic()
