"""Every resource type is given every wrong value: stacks fail in AWS's words, never in Python's."""

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from localaws import EndpointInfo, launch
from localaws.cloudformation.templates.properties import SCHEMAS, problems
from tests.property_schemas import distilled

SCHEMA = json.loads(SCHEMAS.read_text())
VALUES: list[Any] = ["", "x", -1, 10**12, 1.5, True, [], ["x"], {}, {"x": "y"}]
PYTHONS = re.compile(
    r"^'\w+'$|object has no|not supported between|not iterable|invalid literal|unexpected keyword"
    r"|unhashable|NoneType|<class|Traceback|subscriptable|must be str|expected str|indices must"
    r"|could not convert|not enough values|too many values|out of range|b'<|\bdict\b|\bint\b"
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[EndpointInfo]:
    with launch(time="flow") as running:
        yield running.info


@pytest.fixture(scope="module")
def cloudformation(endpoint: EndpointInfo) -> Any:
    return boto3.client(
        "cloudformation",
        endpoint_url=endpoint.endpoint_url,
        region_name=endpoint.region,
        aws_access_key_id=endpoint.aws_access_key_id,
        aws_secret_access_key=endpoint.aws_secret_access_key,
    )


def sample(schema: Any, definitions: Any) -> Any:
    """A value of the right type, and no more sense than that."""
    if "$ref" in schema:
        return sample(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    asked = schema.get("type", "string")
    kind = asked[0] if isinstance(asked, list) else asked
    if kind == "object":
        known = schema.get("properties", {})
        return {name: sample(known[name], definitions) for name in schema.get("required", ())}
    if kind == "array":
        return [sample(schema.get("items", {}), definitions)]
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, "x")


def stacks(kind: str) -> Iterator[dict[str, Any]]:
    """Its properties: those that it needs, and one of all with each value.

    What its schema refuses (tests/unit/cloudformation/test_properties.py) reaches no handler.
    """
    schema = SCHEMA[kind]
    needed = sample(schema | {"type": "object"}, schema["definitions"])
    for name in schema["properties"]:
        for value in VALUES:
            if not problems(kind, needed | {name: value}):
                yield needed | {name: value}


@pytest.mark.parametrize("kind", SCHEMA)
def test_no_event_tells_what_python_said(cloudformation: Any, kind: str) -> None:
    name = kind.replace("::", "-")
    said = []
    for number, properties in enumerate(stacks(kind)):
        stack = f"{name}-{number}"
        template = json.dumps({"Resources": {"It": {"Type": kind, "Properties": properties}}})
        cloudformation.create_stack(
            StackName=stack,
            TemplateBody=template,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            OnFailure="DO_NOTHING",
        )
        said += [(properties, reason) for reason in reasons(cloudformation, stack)]
    assert [(its, reason) for its, reason in said if PYTHONS.search(reason)] == []


def reasons(cloudformation: Any, stack: str) -> list[str]:
    """Why things failed, once the stack is at rest."""
    while True:
        [told] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        if not told["StackStatus"].endswith("IN_PROGRESS"):
            break
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    return [event.get("ResourceStatusReason", "") for event in events]


def test_the_schemas_are_those_that_cfn_lint_has() -> None:
    assert SCHEMAS.read_text() == distilled()
