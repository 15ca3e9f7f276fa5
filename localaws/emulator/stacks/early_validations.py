"""What is looked at before a deployment: a stack's, and that of a change set when it is made.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
The words: https://github.com/aws/aws-cdk-cli/issues/1000, https://github.com/aws-cloudformation/rain/pull/744
and https://github.com/aws-cloudformation/cloudformation-cli/issues/1116 (DescribeEvents).
"""

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from localaws.cloudformation.resources import AlreadyExists
from localaws.emulator.seams import replace
from localaws.emulator.stacks.created_change_sets import when_created
from localaws.emulator.stacks.stack_operation import Record
from localaws.emulator.stacks.taken_names import Named

# What a change set that fails calls a validation, by what its events call it.
_VALIDATIONS = {
    "PROPERTY_VALIDATION": "AWS::EarlyValidation::PropertyValidation",
    "NAME_CONFLICT_VALIDATION": "AWS::EarlyValidation::ResourceExistenceCheck",
}
_CONFLICT = "NAME_CONFLICT_VALIDATION"
# On a stack's record: what DescribeEvents tells; on a change set's: which of it is its own, and
# that nothing is looked at (again) when it is executed.
_EVENTS, _OPERATION, _IS_DONE = "_operation_events", "_operation_id", "_disable_validation"

# Logical id, type, validation, path and reason.
_Problem = tuple[str, str, str, str, str]


class EarlyValidations:
    """Looks at templates, and tells by DescribeEvents what it found.

    Args:
        stacks: ministack's module that makes and changes stacks.
        handlers: its module that answers requests.
        change_sets: its module of change sets.
        records: its module that holds stacks.
        named: types whose names are looked for.
    """

    def __init__(
        self,
        stacks: ModuleType,
        handlers: ModuleType,
        change_sets: ModuleType,
        records: ModuleType,
        named: Mapping[str, Named],
    ) -> None:
        self._stacks = stacks
        self._handlers = handlers
        self._change_sets = change_sets
        self._records = records
        self._named = named

    def take_over(self) -> None:
        """Let stacks and change sets go through it."""
        stacks, table = self._stacks, self._handlers._ACTION_HANDLERS
        errors, fail = stacks._validation_errors, stacks._fail_property_validation
        describe = table["DescribeEvents"]

        def found(resources: Any, ordered: Any, *rest: Any) -> list[_Problem]:
            problems = errors(resources, ordered, *rest)
            return [*problems, *self._conflicts(resources, ordered, *rest[:5])]

        def failed(stack: Record, *rest: Any, **named: Any) -> bool:
            before = stack.get(_EVENTS) or []
            if is_failed := bool(fail(stack, *rest, **named)):
                stack[_EVENTS] = [*before, *stack[_EVENTS]]
            return is_failed

        replace(stacks, "_validation_errors", found)
        replace(stacks, "_fail_property_validation", failed)
        table["DescribeEvents"] = lambda params: self._described(describe, params)
        when_created(self._handlers, self._change_sets, self._validate)

    def _conflicts(
        self,
        resources: Mapping[str, Any],
        ordered: Iterable[str],
        values: Any,
        conditions: Any,
        mappings: Any,
        name: str,
        stack_id: str,
    ) -> Iterator[_Problem]:
        held = self._records._stacks.get(name, {}).get("_resources", {})
        for logical_id in ordered:
            kind, given = resources[logical_id]["Type"], resources[logical_id].get("Properties")
            if kind not in self._named or not given:
                continue
            prop, is_there = self._named[kind]
            around = (resources, values, conditions, mappings, name, stack_id)
            value = None
            with contextlib.suppress(ValueError):  # the deployment tells what is wrong with it
                value = self._stacks._static_property(given.get(prop), *around)
            if not isinstance(value, str) or _has(held.get(logical_id), kind, prop, value):
                continue
            if is_there(value, given):
                told = AlreadyExists.of(kind, value).message
                yield logical_id, kind, _CONFLICT, f"/Resources/{logical_id}", told

    def _validate(self, change_set: Record, stack: Record) -> None:
        change_set[_OPERATION] = str(uuid.uuid4())
        is_made = change_set["Status"] == "CREATE_COMPLETE"
        if not is_made or change_set.get(_IS_DONE):
            return
        change_set[_IS_DONE] = True
        problems = self._problems(change_set, stack)
        if not problems:
            return
        stack[_EVENTS] = [
            *(stack.get(_EVENTS) or []),
            *(self._event(change_set, one) for one in problems),
        ]
        of = [name for one, name in _VALIDATIONS.items() if one in {one[2] for one in problems}]
        change_set |= {
            "Status": "FAILED",
            "ExecutionStatus": "UNAVAILABLE",
            "StatusReason": (
                f"The following hook(s)/validation failed: [{', '.join(of)}]. To troubleshoot "
                "Early Validation errors, use the DescribeEvents API for detailed failure "
                "information."
            ),
        }

    def _problems(self, change_set: Record, stack: Record) -> list[_Problem]:
        template, values = change_set["_template"], change_set["_resolved_params"]
        definitions = template.get("Resources") or {}
        conditions = self._stacks._evaluate_conditions(template, values)
        imported = {one["LogicalResourceId"] for one in change_set.get("_resources_to_import", ())}
        imported |= set(change_set.get("_import_existing", ()))
        owned = {one["PhysicalResourceId"] for one in stack.get("_resources", {}).values()}
        found = self._stacks._validation_errors(
            definitions,
            self._stacks._topological_sort(definitions, conditions),
            values,
            conditions,
            template.get("Mappings", {}),
            change_set["StackName"],
            change_set["StackId"],
            frozenset(owned),
        )
        return [one for one in found if one[2] != _CONFLICT or one[0] not in imported]

    def _event(self, change_set: Record, problem: _Problem) -> Any:
        logical_id, kind, validation, path, reason = problem
        return self._stacks._operation_event(
            change_set["StackId"],
            change_set[_OPERATION],
            "VALIDATION_ERROR",
            "CREATE_CHANGESET",
            LogicalResourceId=logical_id,
            ResourceType=kind,
            ValidationFailureMode="FAIL",
            ValidationName=validation,
            ValidationStatus="FAILED",
            ValidationStatusReason=reason,
            ValidationPath=path,
        )

    def _described(self, theirs: Any, params: Any) -> Any:
        handlers = self._handlers
        name, of, operation = (
            handlers._p(params, one) for one in ("ChangeSetName", "StackName", "OperationId")
        )
        if not (of or operation or name.startswith("arn:")):
            missing = "One of ChangeSetName, OperationId or StackName must be specified"
            return handlers._error("ValidationError", missing)
        if not name:
            return theirs(params)
        stack = handlers._resolve_stack(of) if of else None
        _, found = self._change_sets._find_change_set(name, stack["StackName"] if stack else of)
        if not found:
            return handlers._error("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
        its = {"StackName": found["StackId"], "OperationId": found[_OPERATION]}
        return theirs({**params, **its})


def _has(held: Any, kind: str, prop: str, name: str) -> bool:
    """Whether this is what the stack has of a resource."""
    if not held or held.get("ResourceType") != kind:
        return False
    return name in (held.get("PhysicalResourceId"), (held.get("Properties") or {}).get(prop))
