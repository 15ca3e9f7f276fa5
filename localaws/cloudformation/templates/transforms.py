"""Which transforms a template may call: three of AWS's, and no macros.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

INCLUDE = "AWS::Include"
_SERVED = frozenset({INCLUDE, "AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"})
_ABSENT = frozenset(
    {
        "AWS::CodeDeployBlueGreen",
        "AWS::CodeStar",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::ServiceCatalog",
    }
)
EMBEDDED = "Fn::Transform"


def unfit_transform(template: Mapping[str, Any], account_id: str) -> str | None:
    """What is wrong with the first transform that cannot be done; None where all can.

    Args:
        account_id: whose macros AWS would look for.
    """
    return next(_unfit(template, account_id), None)


def embeds_transform(node: Any) -> bool:
    """Whether a part of a template is still to be made by a transform."""
    return any(True for _ in _embedded(node))


def _unfit(template: Mapping[str, Any], account_id: str) -> Iterator[str]:
    declared = template.get("Transform") or []
    for call in declared if isinstance(declared, list) else [declared]:
        name = call if isinstance(call, str) else _name(call)
        yield from _of_name(name, account_id)
        if name == INCLUDE and isinstance(call, Mapping) and not _location(call):
            yield f"Transform {INCLUDE} failed with: The location parameter is not a valid S3 uri."
        elif name == INCLUDE and isinstance(call, Mapping):
            yield (
                f"{INCLUDE} for a whole template is not part of the embedded AWS. Use "
                f"{EMBEDDED} where the snippet is to stand, or a real account."
            )
    for call in _embedded(template):
        yield from _of_name(_name(call), account_id)


def _of_name(name: str | None, account_id: str) -> Iterator[str]:
    if name is None:
        yield "Template format error: Every transform must have a Name that is a string."
    elif name in _ABSENT:
        yield f"{name} is not part of the embedded AWS. Use a real account for it."
    elif name not in _SERVED:
        owned = name if name.startswith("AWS::") else f"{account_id}::{name}"
        yield f"No transform named {owned} found."


def _location(call: Mapping[str, Any]) -> Any:
    parameters = call.get("Parameters")
    return parameters.get("Location") if isinstance(parameters, Mapping) else None


def _name(call: Any) -> str | None:
    name = call.get("Name") if isinstance(call, Mapping) else None
    return name if isinstance(name, str) else None


def _embedded(node: Any) -> Iterator[Any]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == EMBEDDED:
                yield value
            elif key != "Metadata":
                yield from _embedded(value)
    elif isinstance(node, list):
        for item in node:
            yield from _embedded(item)
