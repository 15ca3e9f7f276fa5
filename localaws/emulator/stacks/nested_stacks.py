"""Stacks in stacks: looked at, exported from and taken away as all others are.

ministack makes a nested stack past the checks of CreateStack, exports nothing of it, leaves what it
made of one that fails, and deletes what a template wants to keep.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.checks import check_parameters
from localaws.emulator.seams import replace
from localaws.emulator.stacks.resource_types import Validate
from localaws.emulator.stacks.time_limits import EXCEEDED

# Who imports an export of a stack (its name), if anybody.
FindImporter = Callable[[str, str], str | None]

_KIND = "AWS::CloudFormation::Stack"
_KEEPING = frozenset({"Retain", "RetainExceptOnCreate"})


class NestedStacks:
    """What makes and deletes them, in the place of ministack's own.

    Args:
        modules: ministack's of CloudFormation, by their names.
        records: its module that holds the stacks and their exports.
        validate: CreateStack's look at a template, its conditions and parameters.
        importer_of: who uses an export.
        now_s: the endpoint's time.
    """

    def __init__(
        self,
        modules: Mapping[str, ModuleType],
        records: ModuleType,
        validate: Validate,
        importer_of: FindImporter,
        now_s: Callable[[], float],
    ) -> None:
        self._engine = modules["engine"]
        self._helpers = modules["helpers"]
        self._provisioners = modules["provisioners"]
        self._stacks = modules["stacks"]
        self._records = records
        self._validate = validate
        self._importer_of = importer_of
        self._now_s = now_s
        self._deploy: Callable[..., Any] = self._provisioners._cfn_nested_stack_deploy

    def take_over(self) -> None:
        """Let ministack's table of resource types lead here."""
        replace(self._provisioners, "_cfn_nested_stack_deploy", self.deploy)
        self._provisioners._RESOURCE_HANDLERS[_KIND]["delete"] = self.delete

    def deploy(self, logical_id: str, properties: Any, parent: str, **previous: Any) -> Any:
        """Make or update one; what is left of one that fails is taken away."""
        before, began_s = set(self._records._stacks), self._now_s()
        self._look(parent, properties)
        try:
            made = self._deploy(logical_id, properties, parent, **previous)
            limit_s = 60 * float(properties.get("TimeoutInMinutes", "inf"))
            if not previous and self._now_s() - began_s > limit_s:
                raise ValueError(EXCEEDED)
            self._export(made[0])
        except Exception:
            for name in set(self._records._stacks) - before:
                self._empty(name, keeping=frozenset({"Retain"}))
            raise
        return made

    def delete(self, physical_id: str, _properties: Any) -> None:
        """Delete one with all that it does not keep.

        Raises:
            ValueError: somebody imports from it, or a resource cannot be deleted.
        """
        name = self._name_of(physical_id)
        stack = self._records._stacks.get(name)
        if stack is None:
            return
        for export in self._exports_of(stack):
            if user := self._importer_of(export, name):
                raise ValueError(f"Export {export} cannot be deleted as it is in use by {user}")
        self._empty(name, keeping=_KEEPING)

    def _look(self, parent: str, properties: Any) -> None:
        """Raise ValueError for a template of which CreateStack would make no stack."""
        address, given = properties.get("TemplateURL"), properties.get("Parameters") or {}
        body, error = self._helpers._resolve_template({"TemplateURL": [address]})
        if error or not body or not isinstance(given, Mapping):
            return  # ministack tells
        template = self._engine._parse_template(body)
        self._provisioners._check_nested_stack_capabilities(parent, template)
        check_parameters(template, given.keys())
        sent = [{"Key": name, "Value": str(value)} for name, value in given.items()]
        values = self._engine._resolve_parameters(template, sent)
        conditions = self._engine._evaluate_conditions(template, values)
        self._validate(template, conditions, params=values)

    def _export(self, stack_id: str) -> None:
        name = self._name_of(stack_id)
        stack = self._records._stacks[name]
        template = stack["_template"]
        stack["Outputs"], exports = self._stacks._resolve_stack_outputs(
            template.get("Outputs", {}),
            stack["_conditions"],
            stack["_resources"],
            stack["_resolved_params"],
            template.get("Mappings", {}),
            name,
            stack_id,
        )
        self._records._exports.update(exports)

    def _empty(self, name: str, *, keeping: frozenset[str]) -> None:
        stack = self._records._stacks[name]
        for logical_id in self._last_made_first(stack):
            resource = stack["_resources"][logical_id]
            kind, physical_id = resource["ResourceType"], resource["PhysicalResourceId"]
            if self._policy_of(stack, logical_id) in keeping:
                about = (stack["StackId"], name, logical_id, kind)
                self._stacks._add_event(*about, "DELETE_SKIPPED", "", physical_id)
            else:
                try:
                    self._stacks._delete_resource(
                        kind, physical_id, resource["Properties"], name, logical_id
                    )
                except Exception:
                    stack["StackStatus"] = "DELETE_FAILED"
                    raise
            del stack["_resources"][logical_id]
        for export in self._exports_of(stack):
            self._records._exports.pop(export)
        stack["StackStatus"] = "DELETE_COMPLETE"

    def _last_made_first(self, stack: Mapping[str, Any]) -> list[str]:
        resources = stack["_template"].get("Resources", {})
        made = [
            logical_id
            for logical_id in self._engine._topological_sort(resources, stack["_conditions"])
            if logical_id in stack["_resources"]
        ]
        # An update that failed may have left what its template no longer has.
        others = [logical_id for logical_id in stack["_resources"] if logical_id not in made]
        return [*reversed(made), *reversed(others)]

    def _policy_of(self, stack: Mapping[str, Any], logical_id: str) -> str:
        template = stack["_template"]
        policy: str = self._stacks._resource_policy(
            template.get("Resources", {}).get(logical_id),
            "DeletionPolicy",
            stack["_resources"],
            stack["_resolved_params"],
            stack["_conditions"],
            template.get("Mappings", {}),
            stack["StackName"],
            stack["StackId"],
        )
        return policy

    def _exports_of(self, stack: Mapping[str, Any]) -> list[str]:
        exports = self._records._exports.items()
        return [export for export, told in exports if told["StackId"] == stack["StackId"]]

    def _name_of(self, physical_id: str) -> str:
        name: str = self._provisioners._nested_stack_lookup_name(physical_id)
        return name
