"""What EventBridge refuses of a rule's targets. Pure.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html; what it says of ids
that are there twice, of DLQs, paths, placeholders, parameters and roles was measured for
https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/events.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from localaws.words.arns import service_of

MOST_TARGETS = 5
TOO_MANY_TARGETS = "The requested resource exceeds the maximum number allowed."

_INPUTS = ("Input", "InputPath", "InputTransformer")
_PLACEHOLDER = re.compile(r"(?<!\\)<([\w.-]+)>")
# The event as JSON, for templates that are an object alone.
_WHOLE_EVENT = "aws.events.event.json"
# Settings of targets that are no functions, queues, topics or buses. SqsParameters fit any target.
_FOR_OTHERS = (
    "AppSyncParameters",
    "BatchParameters",
    "EcsParameters",
    "HttpParameters",
    "KinesisParameters",
    "RedshiftDataParameters",
    "RunCommandParameters",
    "SageMakerPipelineParameters",
)

Target = Mapping[str, Any]


def mistake_in_targets(targets: Sequence[Target]) -> str | None:
    """The message with which PutTargets refuses them, or None."""
    ids = [target.get("Id") for target in targets]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        return (
            "Parameter targets is not valid. Reason: More than one target with Id "
            f"'{twice}' is provided."
        )
    return next((mistake for target in targets for mistake in _of_target(target)), None)


def mistake_in_dlq(config: Mapping[str, Any] | None) -> str | None:
    """What is wrong with the queue of a DeadLetterConfig, a target's or a bus's."""
    arn = (config or {}).get("Arn")
    if not arn:
        return None
    if (service := service_of(arn)) != "sqs":
        return f"{service} is not supported as a dead letter resource"
    return "SQS FIFO is not supported by Dead Letter Queues" if arn.endswith(".fifo") else None


def _of_target(target: Target) -> Iterator[str]:
    name, arn = target.get("Id"), target.get("Arn") or ""
    if sum(bool(target.get(one)) for one in _INPUTS) > 1:
        only = "Only one of Input, InputPath, or InputTransformer"
        yield f"{only} must be provided for target {name}."
    if (given := target.get("Input")) and not _is_json(given):
        yield f"JSON syntax error in input for target {name}"
    transformer = target.get("InputTransformer") or {}
    known = transformer.get("InputPathsMap") or {}
    paths = [target.get("InputPath"), *known.values()]
    if not all(_is_path(path) for path in paths if path):
        yield f"InputPath for target {name} is invalid."
    yield from _of_template(name, transformer.get("InputTemplate") or "", known)
    for one in _FOR_OTHERS:
        # None at all and an empty one differ: SageMaker's may be empty.
        if target.get(one) is not None:
            yield f"Parameter(s) {one} not supported for target: {name}"
    if ":event-bus/" in arn and not target.get("RoleArn"):
        yield f"RoleArn is required for target {arn}."
    if service_of(arn) == "sqs" and arn.endswith(".fifo") and not target.get("SqsParameters"):
        yield f"Parameter(s) SqsParameters must be specified for target: {name}."
    if mistake := mistake_in_dlq(target.get("DeadLetterConfig")):
        yield mistake


def _of_template(name: Any, template: str, known: Mapping[str, Any]) -> Iterator[str]:
    for placeholder in _PLACEHOLDER.findall(template):
        told = f"InputTemplate for target {name} contains"
        if placeholder == _WHOLE_EVENT and not template.lstrip().startswith("{"):
            yield f"{told} placeholder {placeholder} valid only for JSON template."
        elif placeholder not in known and not placeholder.startswith("aws.events."):
            yield f"{told} invalid placeholder {placeholder}."


def _is_path(path: str) -> bool:
    """Whether it begins at the root and names no member within brackets."""
    return path.startswith("$") and re.search(r"\[\s*['\"]", path) is None


def _is_json(text: Any) -> bool:
    try:
        json.loads(text)
    except (ValueError, TypeError):
        return False
    return True
