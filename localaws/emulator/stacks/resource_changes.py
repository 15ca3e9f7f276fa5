"""What an operation asks of one resource, and its service is then asked: to be made, or changed."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.properties import as_read
from localaws.emulator.stacks.stack_operation import (
    STACK,
    FailedChange,
    Operation,
    Record,
    Replaced,
)

_REPLACING = (
    "Requested update requires the creation of a new physical resource; hence creating one."
)


@dataclass
class Change:
    """One resource, once all that it needs is done.

    Attributes:
        kind: its type.
        told: what its template asks for, with its dynamic references as they are.
        properties: what they come to.
        dynamic: what the dynamic references among them came to.
        before: what the stack held of it; None when it is new.
        old: the properties that its service has got, with the stack's tags.
        new: those that it is to have.
        stays: nothing of it changes.
        reason: why it is updated, where AWS tells that.
        is_called: its service has been asked.
    """

    logical_id: str
    kind: str
    told: Any
    properties: Any
    dynamic: Any
    before: Record | None = None
    old: Any = None
    new: Any = None
    stays: bool = False
    reason: str = ""
    is_refused: bool = False
    is_called: bool = field(default=False, compare=False)

    @property
    def physical_id(self) -> str:
        """Of what the stack held; "" when it is new."""
        return str(self.before["PhysicalResourceId"]) if self.before else ""

    @property
    def verb(self) -> str:
        """What the statuses of its events begin with."""
        return "UPDATE" if self.before else "CREATE"

    def failure(self) -> FailedChange:
        """What a rollback has to know, should it go no further."""
        if not self.before:
            return FailedChange(self.kind)
        is_in_place = self.is_called and not self.reason and not self.is_refused
        applied = self.new if is_in_place else None
        return FailedChange(
            self.kind, self.physical_id, applied, self.old, self.before.get("Attributes", {})
        )


def change_of(operation: Operation, logical_id: str) -> Change:
    """Read what is asked of a resource.

    Raises:
        ValueError: its properties come to nothing.
    """
    stacks, definition = operation.stacks, operation.definitions[logical_id]
    kind, before = definition["Type"], operation.held(logical_id)
    told = _read(operation, definition)
    properties, dynamic = _dynamic(operation, logical_id, told, before)
    change = Change(logical_id, kind, told, properties, dynamic, before)
    change.new = operation.tagged(logical_id, properties)
    if before:
        change.old = operation.tagged(logical_id, before.get("Properties", {}), before=True)
        is_same = as_read(kind, change.old) == as_read(kind, change.new)
        # What lies at the address of a nested stack's template may be another one than before.
        is_settled = logical_id not in operation.failed_before
        change.stays = is_same and is_settled and kind != STACK
        asked = (kind, change.old, change.new)
        change.is_refused = bool(stacks._custom_named_replacement_error(*asked))
        if not change.is_refused and stacks._replacing_change(*asked):
            change.reason = _REPLACING
    return change


def _read(operation: Operation, definition: Mapping[str, Any]) -> Any:
    none, read = operation.stacks._NO_VALUE, operation.read(definition.get("Properties", {}))
    is_object = isinstance(read, dict)
    return {name: one for name, one in read.items() if one is not none} if is_object else read


def _dynamic(
    operation: Operation, logical_id: str, read: Any, before: Record | None
) -> tuple[Any, dict[str, Any]]:
    stacks, definition = operation.stacks, operation.definitions[logical_id]
    previous = operation.before or {}
    template = previous.get("_template") or {}
    # A reference to a parameter of SSM is looked up anew by an update that changes something, one
    # to a secret where the resource itself changes.
    resolved: tuple[Any, dict[str, Any]] = stacks._resolve_dynamic_references(
        read,
        (before or {}).get("_dynamic"),
        reuse_ssm=operation.before is not None
        and (template, previous.get("_resolved_params")) == (operation.template, operation.values),
        reuse_secrets=before is not None
        and template.get("Resources", {}).get(logical_id) == definition,
    )
    return resolved


async def carry_out(operation: Operation, change: Change) -> str:
    """Ask the service; the resource's physical id. The operation knows it from now on.

    Raises:
        ValueError: it refused.
    """
    stacks, (name, _) = operation.stacks, operation.place
    change.is_called = True
    seed = ""
    if change.before is None:
        asked = (change.kind, change.logical_id, change.new, name)
        (physical_id, attributes), seed = await call(
            stacks, change.kind, stacks._provision_keeping_seed, *asked
        )
    else:
        with _replacing(operation, change) as pending:
            (physical_id, attributes), seed = await call(
                stacks,
                change.kind,
                stacks._update_keeping_seed,
                change.kind,
                change.physical_id,
                change.old,
                change.new,
                name,
                change.logical_id,
                change.before.get("Attributes", {}),
            )
        if physical_id != change.physical_id or pending:
            operation.replaced[change.logical_id] = Replaced(
                change.logical_id,
                change.kind,
                change.physical_id,
                change.before.get("Properties", {}),
                pending,
                is_handled=physical_id == change.physical_id,
            )
    keep(operation, change, physical_id, attributes, seed)
    return str(physical_id)


def keep(
    operation: Operation, change: Change, physical_id: str, attributes: Any, seed: str = ""
) -> None:
    """Let the stack hold a resource as it is now."""
    held = change.before if change.stays else None
    record = {
        "PhysicalResourceId": physical_id,
        "ResourceType": change.kind,
        "ResourceStatus": f"{change.verb}_COMPLETE",
        "LogicalResourceId": change.logical_id,
        "Properties": change.properties,
        "Attributes": attributes,
        "Timestamp": operation.stacks.now_iso() if held is None else held.get("Timestamp", ""),
    }
    if held is not None:
        record["ResourceStatus"] = held["ResourceStatus"]
        seed = held.get("_name_seed", "")
    if change.dynamic:
        record["_dynamic"] = change.dynamic
    if seed:
        record["_name_seed"] = seed
    operation.resources[change.logical_id] = record
    known = operation.stayed if change.stays else operation.made
    if change.logical_id not in known:  # a nested stack is kept from its beginning
        known.append(change.logical_id)


@contextmanager
def _replacing(operation: Operation, change: Change) -> Iterator[list[Any]]:
    """What ministack's handlers look for while they update; the deletions that they put off."""
    stacks = operation.stacks
    retains = operation.policy(change.logical_id, "UpdateReplacePolicy")
    pending: list[Any] = []
    seed = (change.before or {}).get("_name_seed", "")
    with ExitStack() as stack:
        for variable, value in (
            (stacks._RETAIN_REPLACED, retains in stacks._RETAINING_POLICIES),
            (stacks._DEFERRED_PREDECESSOR_DELETES, pending),
            (stacks._NAME_SEED, seed),
        ):
            stack.callback(variable.reset, variable.set(value))
        yield pending


async def call(stacks: ModuleType, kind: str, work: Any, *given: Any) -> Any:
    """Ask a type's handler; beside the loop, where it waits."""
    if stacks._runs_on_worker_thread(kind):
        return await stacks.run_reentrant(work, *given)
    return work(*given)


async def revert(
    operation: Operation, logical_id: str, failure: FailedChange, record: Record
) -> None:
    """Send a resource back to the properties that it had, by its own update.

    Raises:
        ValueError: its service refused.
    """
    stacks, (name, _) = operation.stacks, operation.place
    token = stacks._NAME_SEED.set(record.get("_name_seed", ""))
    try:
        physical_id, attributes = await call(
            stacks,
            failure.kind,
            stacks._update_resource,
            failure.kind,
            failure.physical_id,
            failure.applied,
            failure.previous,
            name,
            logical_id,
            failure.attributes,
        )
    finally:
        stacks._NAME_SEED.reset(token)
    record["PhysicalResourceId"] = physical_id
    if attributes:
        record["Attributes"] = record.get("Attributes", {}) | attributes


async def tag(operation: Operation, name: str, record: Record, *, takes_away: bool = False) -> None:
    """Give an imported resource the tags of the stack, or take them away again.

    Raises:
        ValueError: its service refused.
    """
    stacks, (stack, _) = operation.stacks, operation.place
    its = record["Properties"]
    sides = (its, operation.tagged(name, its))
    old, new = reversed(sides) if takes_away else sides
    kind, physical_id = record["ResourceType"], record["PhysicalResourceId"]
    given = (kind, physical_id, old, new, stack, name, record["Attributes"])
    await call(stacks, kind, stacks._update_resource, *given)
