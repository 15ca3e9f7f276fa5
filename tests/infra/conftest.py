"""The synthesized templates, made once."""

import pytest

from infra.template import Template, synthesized

Stacks = dict[str, Template]


@pytest.fixture(scope="session")
def stacks() -> Stacks:
    return synthesized()


@pytest.fixture(scope="session")
def sqs_dlq(stacks: Stacks) -> Template:
    return stacks["SqsDlq"]


@pytest.fixture(scope="session")
def lambda_destinations(stacks: Stacks) -> Template:
    return stacks["LambdaDestinations"]


@pytest.fixture(scope="session")
def lambda_dlq(stacks: Stacks) -> Template:
    return stacks["LambdaDlq"]
