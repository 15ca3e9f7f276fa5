"""The synthesized templates, made once."""

from typing import Any

import pytest

from infra.workshop_app import make_app

Resources = list[dict[str, Any]]


class Synthesized:
    """The template of one stack, asked by resource type and never by logical id."""

    def __init__(self, template: dict[str, Any]) -> None:
        self.template = template

    def of_type(self, resource_type: str) -> Resources:
        return [
            resource
            for resource in self.template["Resources"].values()
            if resource["Type"] == resource_type
        ]

    def properties(self, resource_type: str) -> Resources:
        return [resource.get("Properties", {}) for resource in self.of_type(resource_type)]

    def the(self, resource_type: str) -> dict[str, Any]:
        [properties] = self.properties(resource_type)
        return properties

    def target(self, reference: Any) -> dict[str, Any]:
        """The properties of the resource that `{"Ref": ...}` or `{"Fn::GetAtt": ...}` names."""
        logical_id = reference["Ref"] if "Ref" in reference else reference["Fn::GetAtt"][0]
        properties: dict[str, Any] = self.template["Resources"][logical_id]["Properties"]
        return properties

    @property
    def outputs(self) -> set[str]:
        return set(self.template["Outputs"])


Stacks = dict[str, Synthesized]


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return synthesize(tmp_path_factory, participant=None)


@pytest.fixture(scope="session")
def stacks_of_ada(tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return synthesize(tmp_path_factory, participant="ada")


def synthesize(paths: pytest.TempPathFactory, *, participant: str | None) -> Stacks:
    app = make_app(participant=participant, outdir=str(paths.mktemp("cdk.out")))
    return {stack.stack_name: Synthesized(stack.template) for stack in app.synth().stacks}


@pytest.fixture(scope="session")
def sqs_dlq(stacks: Stacks) -> Synthesized:
    return stacks["FailureWorkshop-SqsDlq"]


@pytest.fixture(scope="session")
def lambda_destinations(stacks: Stacks) -> Synthesized:
    return stacks["FailureWorkshop-LambdaDestinations"]


@pytest.fixture(scope="session")
def lambda_dlq(stacks: Stacks) -> Synthesized:
    return stacks["FailureWorkshop-LambdaDlq"]
