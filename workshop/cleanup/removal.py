"""How all that the workshop has made goes away again."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from workshop.cleanup.resources import found, look
from workshop.lab import Lab
from workshop.stacks import deployment, sweep
from workshop.stacks.kinds import Resource

_YES = "yes"


class Report:
    """What a tear-down did, or would do.

    Attributes:
        is_dry: whether nothing was touched.
        removed: what was deleted, or would be.
        left: what is there now of ours.
        needed: of what is left, what others depend on -> in words, what does.
        doubt: why it cannot be said that nothing is left; "" when it can.
    """

    def __init__(
        self,
        *,
        is_dry: bool,
        removed: list[Resource],
        left: list[Resource],
        needed: Mapping[Resource, str] = MappingProxyType({}),
        doubt: str = "",
    ) -> None:
        self.is_dry, self.removed, self.left = is_dry, removed, left
        self.needed, self.doubt = dict(needed), doubt

    def __repr__(self) -> str:
        kinds = pd.Series([one.kind for one in self.removed], dtype="str").value_counts(sort=False)
        told = "; ".join(f"{kind}: {number}" for kind, number in kinds.items()) or "nothing"
        if self.is_dry:
            return f"Dry run, nothing was touched. {len(self.removed)} would go: {told}."
        lines = [f"{len(self.removed)} removed: {told}.", f"{len(self.left)} left"]
        return "\n".join([*lines, *map(self._told, self.left), *filter(None, [self.doubt])])

    def _told(self, one: Resource) -> str:
        by = self.needed.get(one)
        return f"  {one.kind} {one.name}{f' (left: it is used by {by})' if by else ''}"


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
    remaining = look(lab)
    sweep.delete(lab.session, remaining.deletable)
    left = sweep.look_again(lab.session, lambda: found(lab))
    removed = [one for one in before if one not in left]
    return Report(
        is_dry=False,
        removed=removed,
        left=left,
        needed=remaining.needed,
        doubt=remaining.doubt,
    )
