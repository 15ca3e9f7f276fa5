"""How all that the workshop has made goes away again."""

from collections.abc import Callable

import pandas as pd

from workshop.cleanup.resources import found
from workshop.lab import Lab
from workshop.stacks import deployment, sweep

_YES = "yes"


class Report:
    """What a tear-down did, or would do.

    Attributes:
        is_dry: whether nothing was touched.
        removed: what was deleted, or would be.
        left: what is there now.
    """

    def __init__(
        self, *, is_dry: bool, removed: list[sweep.Resource], left: list[sweep.Resource]
    ) -> None:
        self.is_dry, self.removed, self.left = is_dry, removed, left

    def __repr__(self) -> str:
        kinds = pd.Series([one.kind for one in self.removed], dtype="str").value_counts(sort=False)
        told = "; ".join(f"{kind}: {number}" for kind, number in kinds.items()) or "nothing"
        if self.is_dry:
            return f"Dry run, nothing was touched. {len(self.removed)} would go: {told}."
        lines = [f"{len(self.removed)} removed: {told}.", f"{len(self.left)} left"]
        return "\n".join([*lines, *(f"  {one.kind} {one.name}" for one in self.left)])


def tear_down(lab: Lab, answer: str = "", *, on_progress: Callable[[str], None] = print) -> Report:
    """Delete the stacks, then whatever a sweep finds, then look again.

    Args:
        lab: the target.
        answer: "yes" deletes; anything else shows what would be deleted.
        on_progress: is given one short sentence per stack.
    """
    before = found(lab)
    if answer.strip().casefold() != _YES:
        return Report(is_dry=True, removed=before, left=before)
    deployment.destroy(lab.session, on_progress=on_progress)
    sweep.delete(lab.session, found(lab))
    left = sweep.look_again(lab.session, lambda: found(lab))
    return Report(is_dry=False, removed=before, left=left)
