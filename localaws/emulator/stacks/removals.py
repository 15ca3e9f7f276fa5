"""Resources that go: what needs others first, all at once that can, told as AWS tells it.

A failure ends nothing: what the resource needs is asked to go all the same.
https://github.com/convox/rack/issues/1090 shows it (a VPC after its subnets).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.course import Course, Turn, moments_until_call, moments_until_end
from localaws.emulator.stacks.resource_changes import call

_LOG = logging.getLogger("localaws.cloudformation")


@dataclass(frozen=True)
class Removal:
    """One resource.

    Attributes:
        kind: its type.
        physical_id: "" where nothing was made of it.
        properties: with which it was made.
        is_kept: its template keeps it.
        takes_snapshot: its template wants one first.
        pending: deletions that its type's handler wants done first.
        is_handled: these were all; its own is done with them.
    """

    kind: str
    physical_id: str
    properties: Any
    is_kept: bool = False
    takes_snapshot: bool = False
    pending: list[Any] = field(default_factory=list)
    is_handled: bool = False


# Adds an event of a resource: its logical id, type, status, reason and physical id.
Tell = Callable[[str, str, str, str, str], None]


@dataclass(frozen=True)
class Removed:
    """How it went.

    Attributes:
        gone: the logical ids of what is deleted, or kept outside of the stack.
        failed: why the others that were asked to go did not, by their logical ids.
    """

    gone: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


async def remove(
    stacks: ModuleType,
    stack_name: str,
    removals: Mapping[str, Removal],
    needs: Mapping[str, set[str]],
    tell: Tell,
    *,
    is_forced: bool = False,
) -> Removed:
    """Delete resources, or let them go; a service's refusal is told, and ends nothing.

    Args:
        stacks: ministack's module that deletes resources.
        removals: by their logical ids.
        needs: which of the stack's resources needs which.
        is_forced: what cannot be deleted is let go, with all that it needs.
    """
    removed = Removed()
    let_go: set[str] = set()
    course = Course(
        {name: {other for other in removals if name in needs.get(other, ())} for name in removals}
    )
    while found := course.next():
        step, name = found
        one = removals[name]
        is_kept = one.is_kept or name in let_go
        if step is Turn.END:
            if name not in removed.failed:
                if not is_kept:
                    tell(name, one.kind, "DELETE_COMPLETE", "", one.physical_id)
                removed.gone.append(name)
        elif step is Turn.BEGIN and is_kept:
            if not one.is_handled:
                tell(name, one.kind, "DELETE_SKIPPED", "", one.physical_id)
            course.follow(name, Turn.END)
        elif step is Turn.BEGIN and not one.physical_id:
            course.follow(name, Turn.END)
        elif step is Turn.BEGIN:
            tell(name, one.kind, "DELETE_IN_PROGRESS", "", one.physical_id)
            course.follow(name, Turn.CALL, moments_until_call(one.kind))
        else:
            moments = moments_until_end(one.kind)
            try:
                await _delete(stacks, stack_name, name, one)
            except Exception as error:
                _LOG.debug("%s was not deleted", one.physical_id, exc_info=True)
                status, moments = "DELETE_SKIPPED" if is_forced else "DELETE_FAILED", 0
                tell(name, one.kind, status, str(error), one.physical_id)
                removed.failed[name] = str(error)
                let_go |= _all_needs(name, needs) if is_forced else set()
            course.follow(name, Turn.END, moments)
    return removed


def _all_needs(name: str, needs: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = [name]
    while pending:
        more = needs.get(pending.pop(), set()) - found
        found |= more
        pending += more
    return found


async def _delete(stacks: ModuleType, stack_name: str, name: str, one: Removal) -> None:
    if one.takes_snapshot:
        stacks._snapshot_resource(one.kind, one.physical_id, one.properties)
    for work, given, named in one.pending:
        work(*given, **named)
    if not one.is_handled:
        given = (one.kind, one.physical_id, one.properties, stack_name, name)
        await call(stacks, one.kind, stacks._delete_resource, *given)
