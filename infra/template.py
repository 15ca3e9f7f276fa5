"""Reads synthesized templates by resource type and reference, never by logical id."""

import tempfile
from typing import Any

from infra.workshop_app import make_app, stack_prefix

Properties = dict[str, Any]


class Template:
    """One stack's CloudFormation template."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    def of_type(self, resource_type: str) -> list[dict[str, Any]]:
        """All resources of a type, e.g. "AWS::SQS::Queue", in the template's order."""
        resources = self.body["Resources"].values()
        return [resource for resource in resources if resource["Type"] == resource_type]

    def properties(self, resource_type: str) -> list[Properties]:
        """The properties of all resources of a type."""
        return [resource.get("Properties", {}) for resource in self.of_type(resource_type)]

    def the(self, resource_type: str) -> Properties:
        """The properties of the only resource of a type.

        Raises:
            LookupError: the template has none, or more than one.
        """
        found = self.properties(resource_type)
        if len(found) != 1:
            raise LookupError(f"the template has {len(found)} resources of type {resource_type}")
        return found[0]

    def target(self, reference: Properties) -> Properties:
        """The properties of the resource that `{"Ref": ...}` or `{"Fn::GetAtt": ...}` names."""
        logical_id = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
        properties: Properties = self.body["Resources"][logical_id]["Properties"]
        return properties

    @property
    def outputs(self) -> set[str]:
        """The keys of the stack's outputs."""
        return set(self.body["Outputs"])


def synthesized(participant: str | None = None) -> dict[str, Template]:
    """Synthesize a set of stacks: templates by pattern ("SqsDlq", ...)."""
    prefix = stack_prefix(participant)
    with tempfile.TemporaryDirectory() as outdir:
        stacks = make_app(participant=participant, outdir=outdir).synth().stacks
        return {
            stack.stack_name.removeprefix(f"{prefix}-"): Template(stack.template)
            for stack in stacks
        }
