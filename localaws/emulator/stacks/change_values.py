"""The values that a change set changes: those that a stack has, and those that it is to have.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
What is not known yet, and what each action has of them: recordings of AWS's answers in
https://github.com/localstack/localstack (tests/aws/services/cloudformation/v2).
"""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.created_change_sets import when_created
from localaws.emulator.stacks.stack_operation import Record
from localaws.emulator.stacks.template_values import TemplateValues

NOT_KNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}"
# Of a change set's record: what its changes are between, by logical id.
CONTEXTS = "_contexts"
# Of a stack's record: the change set that it came of last.
CHANGE_SET_ID = "ChangeSetId"
# What a context has beside properties, where a template has it.
_ATTRIBUTES = (
    "Metadata",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
)

Context = dict[str, Any]


class _NotKnown(dict[str, str]):
    """Of what is not made yet."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return NOT_KNOWN


_UNMADE = {"PhysicalResourceId": NOT_KNOWN, "Attributes": _NotKnown()}


class ChangeValues:
    """Keeps them with each change set.

    Args:
        values: works out what functions of templates come to.
        evaluate: how a template's conditions turn out, with the values of its parameters.
    """

    def __init__(self, values: TemplateValues, evaluate: Callable[..., dict[str, bool]]) -> None:
        self._values = values
        self._evaluate = evaluate

    def keep(self, handlers: ModuleType, change_sets: ModuleType) -> None:
        """Let CreateChangeSet note them.

        Args:
            handlers: ministack's module that answers requests.
            change_sets: its module of change sets.
        """

        def note(change_set: Record, stack: Record) -> None:
            change_set[CONTEXTS] = self._contexts(change_set, stack)

        when_created(handlers, change_sets, note)

    def _contexts(
        self, change_set: Mapping[str, Any], stack: Mapping[str, Any]
    ) -> dict[str, dict[str, Context]]:
        changes = [one["ResourceChange"] for one in change_set["Changes"]]
        unmade = {
            one["LogicalResourceId"]
            for one in changes
            if one["Action"] == "Add" or one.get("Replacement") == "True"
        }
        held: Mapping[str, Any] = stack.get("_resources", {})
        definitions = (stack.get("_template") or {}).get("Resources") or {}
        contexts: dict[str, dict[str, Context]] = {}
        for change in changes:
            name, action = change["LogicalResourceId"], change["Action"]
            contexts[name] = {}
            if action not in ("Add", "Import") and name in held:
                properties = held[name].get("Properties", {})
                contexts[name]["Before"] = _context(properties, definitions.get(name, {}))
            if action != "Remove":
                contexts[name]["After"] = self._after(name, change_set, held, unmade)
        return contexts

    def _after(
        self,
        name: str,
        change_set: Mapping[str, Any],
        held: Mapping[str, Any],
        unmade: set[str],
    ) -> Context:
        template, values = change_set["_template"], change_set["_resolved_params"]
        definition = template["Resources"][name]
        resources = {
            one: _UNMADE if one in unmade or one not in held else held[one]
            for one in template["Resources"]
        }
        conditions = self._evaluate(template, values)
        mappings = template.get("Mappings") or {}
        around = (resources, values, conditions, mappings)
        place = (change_set["StackName"], change_set["StackId"])
        properties: dict[str, Any] = {}
        for one, node in (definition.get("Properties") or {}).items():
            try:
                value = self._values.resolve(copy.deepcopy(node), *around, *place)
            except ValueError:  # a function of what is not known yet
                value = NOT_KNOWN
            if not self._values.is_none(value):
                properties[one] = value
        return _context(properties, definition)


def _context(properties: Any, definition: Mapping[str, Any]) -> Context:
    more = {name: definition[name] for name in _ATTRIBUTES if name in definition}
    read: Context = as_texts({"Properties": properties} | more)
    return read


def as_texts(value: Any) -> Any:
    """A document whose every value is a text, as CloudFormation tells properties."""
    if isinstance(value, Mapping):
        return {name: as_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    return value if isinstance(value, str) else json.dumps(value)


def value_at(context: Context | None, names: Sequence[str]) -> Any:
    """What a context has in this place; None for nothing."""
    found: Any = context
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
