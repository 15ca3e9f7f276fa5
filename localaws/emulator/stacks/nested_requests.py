"""What a stack asks of the one in it: read, and held to what CreateStack asks of a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from localaws.cloudformation.templates.checks import check_parameters
from localaws.emulator.stacks.resource_types import Validate
from localaws.emulator.stacks.service_answers import refusal_in

_SETTLED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def holds_stacks(template: Mapping[str, Any]) -> bool:
    """Whether a template has nested stacks, whose own templates it only names."""
    return any(is_nested(one) for one in (template.get("Resources") or {}).values())


def is_nested(definition: Mapping[str, Any]) -> bool:
    """Whether a template's resource is a stack."""
    return bool(definition.get("Type") == "AWS::CloudFormation::Stack")


@dataclass(frozen=True)
class NestedRequest:
    """A nested stack, as it is to be.

    Attributes:
        template: what it is made of.
        body: the text that the template was read from.
        values: of the template's parameters, as ministack keeps them.
        conditions: how they turn out with these values.
        tags: of the stack, without those that CloudFormation sets.
    """

    template: Mapping[str, Any]
    body: str
    values: Mapping[str, Any]
    conditions: Mapping[str, bool]
    tags: list[dict[str, str]]

    def changes_nothing_of(self, stack: Mapping[str, Any]) -> bool:
        """Whether a stack is as asked for, and no stack in it can be another than it was."""
        asked = (self.template, self.values, self.tags)
        return (
            stack["StackStatus"] in _SETTLED
            and asked == (stack["_template"], stack["_resolved_params"], stack["Tags"])
            and not holds_stacks(self.template)
        )

    def in_record(self) -> dict[str, Any]:
        """What a stack's record has of it from its beginning."""
        return {
            "Description": self.template.get("Description", ""),
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": one["Value"], "NoEcho": one["NoEcho"]}
                for name, one in self.values.items()
            ],
            "Tags": self.tags,
            "_template_body": self.body,
            "_conditions": self.conditions,
        }


class NestedRequests:
    """Reads them.

    Args:
        modules: ministack's of CloudFormation, by their names.
        validate: CreateStack's look at a template, its conditions and parameters.
    """

    def __init__(self, modules: Mapping[str, ModuleType], validate: Validate) -> None:
        self._engine = modules["engine"]
        self._helpers = modules["helpers"]
        self._provisioners = modules["provisioners"]
        self._validate = validate

    def read(self, parent: str, properties: Mapping[str, Any]) -> NestedRequest:
        """What the properties in the stack `parent` ask for.

        Raises:
            ValueError: CreateStack would make no stack of it.
        """
        if str(properties["TemplateURL"]).startswith("s3://"):
            # https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/cloudformation
            raise ValueError("The location for an Amazon S3 bucket must start with https://")
        body, error = self._helpers._resolve_template({"TemplateURL": [properties["TemplateURL"]]})
        if error:
            _, message = refusal_in(error[2]) or ("", f"No template: {properties['TemplateURL']}")
            raise ValueError(message)
        given = properties.get("Parameters") or {}
        if any(isinstance(value, list | dict) for value in given.values()):
            raise ValueError(
                "Value of property Parameters must be an object with String (or simple type) "
                "properties"
            )
        template = self._engine._parse_template(body)
        self._provisioners._check_nested_stack_capabilities(parent, template)
        check_parameters(template, given.keys())
        sent = [{"Key": name, "Value": _as_text(value)} for name, value in given.items()]
        values = self._engine._resolve_parameters(template, sent)
        conditions = self._engine._evaluate_conditions(template, values)
        self._validate(template, conditions, params=values)
        tags = [
            {"Key": str(tag["Key"]), "Value": str(tag["Value"])}
            for tag in properties.get("Tags") or ()
            if not str(tag["Key"]).startswith("aws:")
        ]
        return NestedRequest(template, body, values, conditions, tags)


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
