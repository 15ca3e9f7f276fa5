"""How all that the workshop has made goes away again."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from workshop.cleanup.resources import found, look
from workshop.lab import Lab
from workshop.stacks import deployment, ownership, sweep
from workshop.stacks.kinds import Resource
from workshop.target.confirmation import confirm
from workshop.target.target import Target

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
        lines = [f"{len(self.removed)} removed: {told}."]
        if self.left or not self.doubt:
            lines.append(f"{len(self.left)} left")
        return "\n".join([*lines, *map(self._told, self.left), *filter(None, [self.doubt])])

    def _told(self, one: Resource) -> str:
        by = self.needed.get(one)
        return f"  {one.kind} {one.name}{f' (left: it is used by {by})' if by else ''}"


def tear_down(lab: Lab, answer: str = "", *, on_progress: Callable[[str], None] = print) -> Report:
    """Delete the stacks, then whatever a sweep finds, then look again.

    Args:
        lab: the target.
        answer: "yes" deletes; of a real account its id is asked for then, or is the answer.
            Anything else shows what would be deleted.
        on_progress: is given one short sentence per stack.

    Raises:
        TargetError: the id is another account's, or nobody could be asked; nothing was changed.
    """
    before = found(lab)
    if not _is_meant(lab.session.target, answer.strip(), on_progress):
        return Report(is_dry=True, removed=before, left=before)
    deployment.destroy(lab.session, on_progress=on_progress)
    remaining = look(lab)
    sweep.delete(lab.session, remaining.deletable)
    sweep.look_again(lab.session, lambda: found(lab))
    after = look(lab)
    if after.is_nothing:
        ownership.forget(lab.session)
    removed = [one for one in before if one not in after.left]
    return Report(
        is_dry=False,
        removed=removed,
        left=after.left,
        needed=after.needed,
        doubt=after.doubt,
    )


def _is_meant(target: Target, answer: str, say: Callable[[str], None]) -> bool:
    """Whether somebody wants everything deleted, and of a real account, this one."""
    is_yes = answer.casefold() == _YES
    if is_yes or answer.isdecimal():
        confirm(
            target,
            "The stacks of the workshop, all messages in them, and what experiments left go.",
            None if is_yes else answer,
            remedy='Write the account id instead of "yes".',
            say=say,
        )
    # The embedded AWS has one account, whose id nobody has to know.
    return is_yes or (answer.isdecimal() and not target.is_embedded)
