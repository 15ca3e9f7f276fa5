"""What AWS refuses of a rule and its targets, and ministack takes. Pure.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
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


def mistake_in_rule(rule: Mapping[str, Any]) -> str | None:
    """The message with which PutRule refuses it, or None.

    An empty pattern is none: pf-events-pattern-empty of
    https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/events.
    """
    pattern = rule.get("EventPattern")
    has_pattern = bool(pattern) and re.fullmatch(r"\s*\{\s*\}\s*", str(pattern)) is None
    if has_pattern or rule.get("ScheduleExpression"):
        return None
    return "Parameter(s) EventPattern or ScheduleExpression must be specified."


def mistake_in_targets(targets: Sequence[Mapping[str, Any]]) -> str | None:
    """The message with which PutTargets refuses them, or None.

    What it says of ids that are there twice and of DLQs: pf-events-target-id-duplicate and
    pf-events-target-dlq of https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/events.
    """
    ids = [target.get("Id") for target in targets]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        return (
            "Parameter targets is not valid. Reason: More than one target with Id "
            f"'{twice}' is provided."
        )
    return next((mistake for target in targets for mistake in _of_target(target)), None)


def _of_target(target: Mapping[str, Any]) -> Iterator[str]:
    name = target.get("Id")
    if sum(bool(target.get(one)) for one in _INPUTS) > 1:
        only = "Only one of Input, InputPath, or InputTransformer"
        yield f"{only} must be provided for target {name}."
    if (given := target.get("Input")) and not _is_json(given):
        yield f"JSON syntax error in input for target {name}"
    transformer = target.get("InputTransformer") or {}
    known = transformer.get("InputPathsMap") or {}
    for placeholder in _PLACEHOLDER.findall(transformer.get("InputTemplate") or ""):
        if placeholder not in known and not placeholder.startswith("aws.events."):
            yield f"InputTemplate for target {name} contains invalid placeholder {placeholder}."
    arn = target.get("Arn") or ""
    if service_of(arn) == "sqs" and arn.endswith(".fifo") and not target.get("SqsParameters"):
        yield f"Parameter(s) SqsParameters must be specified for target: {name}."
    dlq_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if dlq_arn and (service := service_of(dlq_arn)) != "sqs":
        yield f"{service} is not supported as a dead letter resource"
    if dlq_arn and dlq_arn.endswith(".fifo"):
        yield "SQS FIFO is not supported by Dead Letter Queues"


def _is_json(text: Any) -> bool:
    try:
        json.loads(text)
    except (ValueError, TypeError):
        return False
    return True
