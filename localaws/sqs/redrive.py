"""Redrive policies: when a message moves to a dead-letter queue, and who may name one.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
"""

import json
from dataclasses import dataclass
from typing import Any

from localaws.sqs import limits
from localaws.sqs.errors import InvalidAttributeValue, InvalidParameterValue
from localaws.sqs.text import parse_json

_POLICY_KEYS = {"deadLetterTargetArn", "maxReceiveCount"}
_ALLOW_KEYS = {"redrivePermission", "sourceQueueArns"}
_NO_ALLOW_POLICY = "Amazon SQS can't create the redrive allow policy"
_UNSUPPORTED_FORMAT = f"{_NO_ALLOW_POLICY}, as it’s in an unsupported format."  # noqa: RUF001


@dataclass(frozen=True)
class RedrivePolicy:
    """Where a message goes once it was received `max_receive_count` times and not deleted."""

    dead_letter_target_arn: str
    max_receive_count: int

    @classmethod
    def parse(cls, text: str) -> "RedrivePolicy":
        """Read the attribute's JSON text.

        Raises:
            InvalidParameterValue, InvalidAttributeValue: with AWS's sentence.
        """
        policy = _json_map(text)
        if policy is None:
            raise InvalidAttributeValue.of(
                "RedrivePolicy", "Redrive policy is not a valid JSON map."
            )
        for key in ("maxReceiveCount", "deadLetterTargetArn"):
            if key not in policy:
                raise refused_policy(
                    text, f"Redrive policy does not contain mandatory attribute: {key}."
                )
        receives = _receive_count(policy["maxReceiveCount"])
        if receives is None:
            given = policy["maxReceiveCount"]
            shown = given if isinstance(given, str) else json.dumps(given)
            raise refused_policy(
                text,
                f"Invalid value for maxReceiveCount: {shown}, "
                f"valid values are from 1 to {limits.MAX_RECEIVE_COUNT} both inclusive.",
            )
        if set(policy) != _POLICY_KEYS:
            raise refused_policy(
                text,
                "Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].",
            )
        return cls(_target_arn(text, policy["deadLetterTargetArn"]), receives)


@dataclass(frozen=True)
class RedriveAllowPolicy:
    """Which queues may name this one as their DLQ."""

    permission: str = "allowAll"
    source_queue_arns: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "RedriveAllowPolicy":
        """Read the attribute's JSON text.

        Raises:
            InvalidParameterValue, InvalidAttributeValue: with AWS's sentence.
        """
        policy = _json_map(text)
        sources = (policy or {}).get("sourceQueueArns", [])
        well_formed = (
            policy is not None
            and policy.get("redrivePermission") in ("allowAll", "denyAll", "byQueue")
            and not set(policy) - _ALLOW_KEYS
            and isinstance(sources, list)
            and all(isinstance(arn, str) for arn in sources)
        )
        if policy is None or not well_formed:
            raise InvalidAttributeValue.of("RedriveAllowPolicy", _UNSUPPORTED_FORMAT)
        permission = policy["redrivePermission"]
        _check_sources(text, permission, sources)
        return cls(permission, tuple(sources))

    def allows(self, source_arn: str) -> bool:
        """Whether the queue may use this one as its DLQ."""
        if self.permission == "byQueue":
            return source_arn in self.source_queue_arns
        return self.permission == "allowAll"


def kept_text(text: str) -> str:
    """A checked redrive policy as SQS keeps it: a count that came as text becomes a number.

    https://github.com/getmoto/moto/pull/2402
    """
    policy = _json_map(text)
    assert policy is not None, text
    if isinstance(policy["maxReceiveCount"], int):
        return text
    counted = {**policy, "maxReceiveCount": _receive_count(policy["maxReceiveCount"])}
    return json.dumps(counted, separators=(",", ":"))


def refused_policy(text: str, reason: str) -> InvalidParameterValue:
    """The answer to a redrive policy that cannot be."""
    return InvalidParameterValue.of("RedrivePolicy", text, reason)


def _check_sources(text: str, permission: str, sources: list[str]) -> None:
    problem = None
    if permission != "byQueue" and sources:
        problem = (
            "To specify one or more source queue ARNs, you must set redrivePermission to byQueue."
        )
    elif permission == "byQueue" and not sources:
        problem = (
            "When you specify the byQueue permission type, you must also specify one or more "
            "sourceQueueArns values."
        )
    elif len(sources) > limits.MAX_REDRIVE_ALLOW_SOURCES:
        problem = (
            "The maximum number of source queue ARNs you can specify is "
            f"{limits.MAX_REDRIVE_ALLOW_SOURCES}."
        )
    if problem:
        raise InvalidParameterValue.of("RedriveAllowPolicy", text, f"{_NO_ALLOW_POLICY}. {problem}")


def _target_arn(text: str, arn: Any) -> str:
    parts = arn.split(":") if isinstance(arn, str) else []
    if len(parts) != 6 or parts[0] != "arn":
        raise refused_policy(text, "Invalid value for deadLetterTargetArn.")
    if parts[2] != "sqs":
        raise refused_policy(text, "Only SQS queues are valid resources for deadLetterTargetArn.")
    return str(arn)


def _receive_count(value: Any) -> int | None:
    """A whole number from 1 to 1000; a numeric string is as good."""
    try:
        number = int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None
    in_range = number is not None and 1 <= number <= limits.MAX_RECEIVE_COUNT
    return None if isinstance(value, bool) or not in_range else number


def _json_map(text: str) -> dict[str, Any] | None:
    value = parse_json(text)
    return value if isinstance(value, dict) else None
