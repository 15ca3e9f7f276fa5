"""A change set in which nothing changes but outputs: it has no changes, and can be executed.

So the CDK adds the export that another stack asks for. https://github.com/aws/aws-cdk/pull/2029
"""

import copy
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.stacks.created_change_sets import when_created
from localaws.emulator.stacks.stack_operation import Record
from localaws.emulator.stacks.template_values import TemplateValues

_EMPTY = "The submitted information didn't contain changes."


def tell_outputs(handlers: ModuleType, change_sets: ModuleType, values: TemplateValues) -> None:
    """Let such change sets be complete.

    Args:
        handlers: ministack's module that answers requests.
        change_sets: its module of change sets.
        values: works out what functions of templates come to.
    """

    def tell(change_set: Record, stack: Record) -> None:
        if _outputs(stack, stack, values) != _outputs(change_set, stack, values):
            complete_empty(change_set)

    when_created(handlers, change_sets, tell)


def complete_empty(change_set: Record) -> None:
    """Let a change set be executed that failed for having no changes."""
    if change_set["StatusReason"].startswith(_EMPTY):
        complete = {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE"}
        change_set |= complete | {"StatusReason": ""}


def _outputs(of: Mapping[str, Any], stack: Mapping[str, Any], values: TemplateValues) -> Any:
    """What the outputs of a template come to with its parameters, and with what the stack has."""
    template, given = of["_template"], of["_resolved_params"]
    conditions = values.conditions(template, given)
    told = {}
    for name, output in (template.get("Outputs") or {}).items():
        if conditions.get(output.get("Condition"), True):
            node = {one: part for one, part in output.items() if one != "Condition"}
            mappings, place = template.get("Mappings") or {}, (stack["StackName"], stack["StackId"])
            around = (stack["_resources"], given, conditions, mappings)
            try:
                told[name] = values.resolve(copy.deepcopy(node), *around, *place)
            except ValueError:  # the update tells what is wrong with it
                told[name] = node
    return told
