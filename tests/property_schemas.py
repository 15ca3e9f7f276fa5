"""What properties each resource type has: distilled from cfn-lint, which keeps AWS's schemas.

cfn-lint itself stays a tool of the tests: loading it takes seconds and a hundred megabytes, all of
which a stack would wait for. `python -m tests.property_schemas` writes what the embedded AWS reads.
"""

import json
from typing import Any

from localaws.cloudformation.templates.properties import SCHEMAS
from localaws.emulator.stacks.resource_types import OF_THE_EMULATOR

_REGION = "us-east-1"
_KEPT = ("type", "$ref", "required")
_WITHOUT_SCHEMA = ("AWS::CDK::Metadata",)


def types() -> list[str]:
    """All types that a stack may have here."""
    from localaws.cloudformation import resource_handlers

    ours = resource_handlers(sqs=_none, sns=_none, lambda_=_none, logs=_none, pause=_none)
    return sorted((OF_THE_EMULATOR | ours.keys()) - {*_WITHOUT_SCHEMA})


def distilled() -> str:
    """The text of the file."""
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

    schemas = {}
    for name in types():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(_REGION, name).schema
        kept = _of(schema)
        kept["definitions"] = {k: _of(v) for k, v in schema.get("definitions", {}).items()}
        kept["read_only"] = [path.split("/")[-1] for path in schema.get("readOnlyProperties", [])]
        kept["recreation"] = _recreation(schema)
        schemas[name] = kept
    lines = [f"  {json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in schemas.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _recreation(schema: Any) -> dict[str, str]:
    """Which properties another resource has to be made for; a part of one may not be changed."""
    always = [path.split("/")[2:] for path in schema.get("createOnlyProperties", [])]
    at_times = [path.split("/")[2:] for path in schema.get("conditionalCreateOnlyProperties", [])]
    at_times += [path for path in always if len(path) > 1]
    return {name: "Conditionally" for name, *_ in at_times} | {
        path[0]: "Always" for path in always if len(path) == 1
    }


def _of(schema: Any) -> dict[str, Any]:
    kept = {name: schema[name] for name in _KEPT if name in schema}
    if "properties" in schema:
        kept["properties"] = {name: _of(value) for name, value in schema["properties"].items()}
        kept["is_open"] = schema.get("additionalProperties") is not False
    if isinstance(schema.get("items"), dict):
        kept["items"] = _of(schema["items"])
    if "patternProperties" in schema:
        [kept["values"], *_] = [_of(value) for value in schema["patternProperties"].values()]
        if isinstance(kept["values"].get("type"), list):
            kept["values"] = {"type": "string"}  # cfn-lint names all that AWS reads as text
    return kept


def _none(*_: Any, **__: Any) -> Any:
    raise NotImplementedError


if __name__ == "__main__":
    SCHEMAS.write_text(distilled())
