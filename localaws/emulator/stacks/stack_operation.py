"""A creation or an update of one stack, while it goes on: what it asks for, and what came of it."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

STACK = "AWS::CloudFormation::Stack"
# Reasons of AWS's.
INITIATED = "Resource creation Initiated"
CANCELLED = "Resource creation cancelled"
UPDATE_CANCELLED = "Resource update cancelled"
BY_USER = "User Initiated"

# Of a stack's record: what an update begins from, and its rollback returns to.
STATE = (
    "_resources",
    "_template",
    "_template_body",
    "_resolved_params",
    "_conditions",
    "Parameters",
    "Tags",
    "Outputs",
)

Record = dict[str, Any]


@dataclass
class Operation:
    """One operation.

    Attributes:
        stacks: ministack's module that makes and changes stacks.
        stack: the stack's record.
        template: what the stack is to be.
        values: of the template's parameters.
        before: the record as it was, for an update.
        continued: the one that failed before it, and that nobody took back.
        left: the types of what failed before and was never made, by logical id.
        imports: the identifiers of what exists and is taken over, by logical id.
        failed_before: the logical ids of what an operation failed with that nobody took back.
        made: the logical ids that were made or changed, the first one first.
        stayed: those of which nothing changes.
        replaced: what was made in the place of another one -> what is to be deleted for it.
        between: what was made after the last complete state, and replaced since: it goes, however
            all ends.
        latest: of several as one, the last one.
        failures: logical id -> what failed, or was cancelled.
        is_cancelled: somebody asked for its end.
        problem: what went wrong with none of its resources.
    """

    stacks: ModuleType
    stack: Record
    template: Mapping[str, Any]
    values: Mapping[str, Any]
    before: Record | None = None
    continued: "Operation | None" = None
    left: Mapping[str, str] = field(default_factory=dict)
    imports: Mapping[str, Any] = field(default_factory=dict)
    failed_before: set[str] = field(default_factory=set)
    made: list[str] = field(default_factory=list)
    stayed: list[str] = field(default_factory=list)
    replaced: dict[str, "Replaced"] = field(default_factory=dict)
    between: list["Replaced"] = field(default_factory=list)
    latest: "Operation | None" = None
    failures: dict[str, "FailedChange"] = field(default_factory=dict)
    is_cancelled: bool = False
    problem: str = ""

    def __post_init__(self) -> None:
        self.conditions = self.stacks._evaluate_conditions(self.template, self.values)
        self.definitions: Mapping[str, Any] = self.template.get("Resources") or {}
        self.resources: dict[str, Record] = self.stack.setdefault("_resources", {})

    def since_stable(self) -> "Operation":
        """It and those that it continues as one, which began with what was last complete."""
        if self.continued is None:
            return self
        first = self.continued.since_stable()
        later = [name for name in self.made if name not in first.made]
        is_first = {name for name in self.replaced if first.held(name)} - first.replaced.keys()
        return replace(
            self,
            before=first.before,
            continued=None,
            made=[*(name for name in first.made if name in self.resources), *later],
            replaced=first.replaced | {name: self.replaced[name] for name in sorted(is_first)},
            between=[
                *first.between,
                *(one for name, one in self.replaced.items() if name not in is_first),
            ],
            latest=self,
        )

    @property
    def wanted(self) -> set[str]:
        """The logical ids of what is there at a good end."""
        last = self.latest or self
        return {*last.made, *last.stayed}

    @property
    def is_failed(self) -> bool:
        """Whether it does not come to a good end."""
        return bool(self.failures or self.is_cancelled or self.problem)

    def unmade(self) -> dict[str, str]:
        """The types of what was to be made and is not, by logical id."""
        held = (self.before or {}).get("_resources", {})
        failed = {name: one.kind for name, one in self.failures.items() if name not in held}
        return {
            name: kind
            for name, kind in {**self.left, **failed}.items()
            if name not in self.made and name not in self.imports
        }

    @property
    def verb(self) -> str:
        """What its own statuses begin with."""
        return "CREATE" if self.before is None else "UPDATE"

    @property
    def place(self) -> tuple[str, str]:
        """Name and id of the stack, as ministack takes them."""
        return self.stack["StackName"], self.stack["StackId"]

    def held(self, logical_id: str) -> Record | None:
        """What the stack had of a resource before."""
        found: Record | None = (self.before or {}).get("_resources", {}).get(logical_id)
        return found

    def tags(self) -> tuple[list[Any], list[Any]]:
        """Those of the stack, before and now."""
        return (self.before or {}).get("Tags") or [], self.stack.get("Tags") or []

    def tagged(self, logical_id: str, properties: Any, *, before: bool = False) -> Any:
        """Properties with the stack's tags, where the type has some."""
        definition = self.definitions.get(logical_id)
        kind = definition["Type"] if definition else self.resources[logical_id]["ResourceType"]
        name, stack_id = self.place
        tags = self.tags()[0 if before else 1]
        return self.stacks._with_stack_tags(kind, properties, tags, name, stack_id, logical_id)

    def read(self, node: Any) -> Any:
        """What a part of the template comes to now."""
        mappings = self.template.get("Mappings", {})
        return self.stacks._resolve_refs(
            copy.deepcopy(node), self.resources, self.values, self.conditions, mappings, *self.place
        )

    def policy(self, logical_id: str, attribute: str) -> str:
        """A resource's DeletionPolicy or UpdateReplacePolicy."""
        return str(
            self.stacks._resource_policy(
                self.definitions.get(logical_id),
                attribute,
                self.resources,
                self.values,
                self.conditions,
                self.template.get("Mappings", {}),
                *self.place,
            )
        )

    def tell(self, status: str, reason: str = "") -> None:
        """Add an event of the stack itself, whose state is then this one."""
        name, stack_id = self.place
        self.stack["StackStatus"] = status
        self.stacks._add_event(stack_id, name, name, STACK, status, reason, stack_id)

    def tell_of(
        self, logical_id: str, kind: str, status: str, reason: str = "", physical_id: str = ""
    ) -> None:
        """Add an event of a resource."""
        name, stack_id = self.place
        self.stacks._add_event(stack_id, name, logical_id, kind, status, reason, physical_id)


class NotMade(ValueError):
    """A resource that could not be made, and of which something is there all the same.

    Attributes:
        physical_id: what it is called.
    """

    def __init__(self, message: str, physical_id: str) -> None:
        super().__init__(message)
        self.physical_id = physical_id


class Untouched(ValueError):
    """A change that was refused before anything of it was done, so that nothing is sent back."""


@dataclass(frozen=True)
class Replaced:
    """What another one was made for.

    Attributes:
        logical_id: that of both.
        kind: its type.
        physical_id: its own.
        properties: its own.
        pending: deletions that the type's handler wants done first.
        is_handled: these are all, as the other one is called the same.
    """

    logical_id: str
    kind: str
    physical_id: str
    properties: Any
    pending: list[Any]
    is_handled: bool


@dataclass(frozen=True)
class FailedChange:
    """A resource that failed, or was cancelled before its end.

    Attributes:
        kind: its type.
        physical_id: what the stack held before; "" when it is new.
        applied: the properties that its service may have got; None where there is nothing to send
            back.
        previous: those before.
        attributes: what Fn::GetAtt gave of it.
    """

    kind: str
    physical_id: str = ""
    applied: Any = None
    previous: Any = None
    attributes: Any = None


def needs_of(
    stacks: ModuleType, definitions: Mapping[str, Any], names: set[str]
) -> dict[str, set[str]]:
    """Which of these resources needs which, by their definitions."""
    return {
        name: set(stacks._extract_deps(definitions[name], names)) if name in definitions else set()
        for name in names
    }
