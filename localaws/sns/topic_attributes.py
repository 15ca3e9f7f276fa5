"""What a topic's attributes may be, and what a topic says of itself by default. Pure."""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from localaws.sns.delivery_policies import has_sections, kept_of_topic, refusal
from localaws.sns.errors import InvalidParameterException
from localaws.sns.limits import (
    MAX_ARCHIVED_DAYS,
    MAX_DISPLAY_NAME_CHARACTERS,
    MAX_LARGEST_MESSAGE_BYTES,
    MAX_SUBSCRIPTIONS_OF_LARGE_MESSAGES,
    MIN_LARGEST_MESSAGE_BYTES,
)
from localaws.words.json_errors import complaint_about
from localaws.words.policies import (
    compact,
    completed,
    is_statement,
    names_principals,
    statements_of,
)

FEEDBACK_PROTOCOLS = ("Application", "Firehose", "HTTP", "Lambda", "SQS")
_FEEDBACK = frozenset(
    f"{protocol}{kind}"
    for protocol in FEEDBACK_PROTOCOLS
    for kind in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
)
_BOOLEANS = frozenset({"FifoTopic", "ContentBasedDeduplication"})
_FIFO_ONLY = frozenset({"ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy"})
_SETTABLE = _FEEDBACK | {
    "DeliveryPolicy",
    "DisplayName",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "Policy",
    "SignatureVersion",
    "TracingConfig",
}
_TRACING = ("PassThrough", "Active")
_CHOICES: Mapping[str, tuple[str, str]] = {
    "FifoThroughputScope": ("Topic", "MessageGroup"),
}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_NAME = re.compile(r"[A-Za-z0-9_\-]{1,256}")
_FIFO_NAME = re.compile(r"[A-Za-z0-9_\-]{1,251}\.fifo")

# What the account's owner may do; SNS writes this into every new topic's policy.
OWNER_ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)
# sns-access-policy-language-api-permissions-reference
GRANTABLE = frozenset({*OWNER_ACTIONS, "ListTagsForResource", "Receive"})


def check_name(name: str, is_fifo: bool) -> None:
    """Refuse a topic name that SNS does not take."""
    if is_fifo and not _FIFO_NAME.fullmatch(name):
        raise InvalidParameterException(
            "Fifo Topic names must end with .fifo and must be made up of only uppercase and "
            "lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 "
            "and 256 characters long."
        )
    if not is_fifo and not _NAME.fullmatch(name):
        raise InvalidParameterException("Topic Name")


def check_creation(attributes: Mapping[str, str]) -> None:
    """Refuse attributes of CreateTopic, in its words."""
    is_fifo = is_true(attributes.get("FifoTopic", "false"))
    for name, value in attributes.items():
        if name != "FifoTopic" and not _is_settable(name, is_fifo):
            raise InvalidParameterException(f"Attributes Reason: Unknown attribute {name}")
        _check_value(name, value, "Attributes Reason: ")


def check_change(name: str, value: str, is_fifo: bool) -> None:
    """Refuse one attribute of SetTopicAttributes, in its words."""
    if not _is_settable(name, is_fifo):
        raise InvalidParameterException("AttributeName")
    _check_value(name, value, "")


def check_large(protocol: str, number: int) -> None:
    """Refuse a subscription that a topic for messages above 256 KiB cannot have as its n-th.

    https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html; the words are ours.
    """
    if protocol not in ("firehose", "lambda", "sqs"):
        raise InvalidParameterException(
            f"MaximumMessageSize: the protocol {protocol} takes no messages above 256 KiB"
        )
    if number > MAX_SUBSCRIPTIONS_OF_LARGE_MESSAGES:
        raise InvalidParameterException(
            "MaximumMessageSize: a topic for messages above 256 KiB has at most "
            f"{MAX_SUBSCRIPTIONS_OF_LARGE_MESSAGES} subscriptions"
        )


def is_true(text: str) -> bool:
    """Whether an attribute is set; SNS takes any case."""
    return text.lower() == "true"


def default_policy(topic_arn: str, owner: str) -> str:
    """The policy of a new topic: everything for its owner."""
    return compact(
        {
            "Version": "2008-10-17",
            "Id": "__default_policy_ID",
            "Statement": [
                {
                    "Sid": "__default_statement_ID",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": [f"SNS:{action}" for action in OWNER_ACTIONS],
                    "Resource": topic_arn,
                    "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
                }
            ],
        }
    )


def as_kept(attributes: Mapping[str, str]) -> dict[str, str]:
    """What SNS makes of checked attributes, and shows: booleans and policies in one form."""
    kept = dict(attributes)
    for name in _BOOLEANS & kept.keys():
        kept[name] = kept[name].lower()
    if kept.get("Policy"):
        kept["Policy"] = completed(kept["Policy"])
    if kept.get("DeliveryPolicy"):
        kept["DeliveryPolicy"] = kept_of_topic(kept["DeliveryPolicy"])
    if kept.get("ArchivePolicy") and not json.loads(kept["ArchivePolicy"]):
        kept["ArchivePolicy"] = ""  # so it is taken away, and shown no more
    return kept


def _is_settable(name: str, is_fifo: bool) -> bool:
    return name in _SETTABLE or (is_fifo and name in _FIFO_ONLY)


def _check_value(name: str, value: str, prefix: str) -> None:
    """Some of the words are those of pf-sns-topic-attribute-values and pf-sns-fifo-only-attributes
    of https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns.
    """
    if name in ("Policy", "DeliveryPolicy", "ArchivePolicy") and value:
        _check_document(name, value, prefix)
    if name in _BOOLEANS and value.lower() not in ("true", "false"):
        raise InvalidParameterException(
            f"{prefix}{name}: Invalid value [{value}]. Must be true or false."
        )
    if name == "SignatureVersion" and value not in ("1", "2"):
        raise InvalidParameterException(f"{prefix}SignatureVersion: Invalid value. Must be 1 or 2.")
    if name == "TracingConfig" and value and value not in _TRACING:
        raise InvalidParameterException(f"{prefix}Invalid tracing config value: {value}")
    if name.endswith("SampleRate"):
        _check_number(name, value, 0, 100, prefix)
    if name == "MaximumMessageSize" and value:
        _check_number(name, value, MIN_LARGEST_MESSAGE_BYTES, MAX_LARGEST_MESSAGE_BYTES, prefix)
    if name in _CHOICES and value and value not in _CHOICES[name]:
        raise InvalidParameterException(
            f"{prefix}{name}: Invalid value [{value}]. Must be {' or '.join(_CHOICES[name])}."
        )
    if name == "DisplayName" and (
        len(value) > MAX_DISPLAY_NAME_CHARACTERS or not value.isprintable()
    ):
        raise InvalidParameterException(f"{prefix}DisplayName")


def _check_number(name: str, value: str, lowest: int, highest: int, prefix: str) -> None:
    if not _WHOLE_NUMBER.fullmatch(value) or not lowest <= int(value) <= highest:
        raise InvalidParameterException(
            f"{prefix}{name}: Invalid value [{value}]. "
            f"Must be an integer from {lowest} to {highest}."
        )


def _check_document(name: str, text: str, prefix: str) -> None:
    complaint = complaint_about(text)
    if complaint is not None:
        raise InvalidParameterException(f"{prefix}{name}: failed to parse JSON. {complaint}")
    document = json.loads(text)
    if not isinstance(document, dict):
        raise InvalidParameterException(f"{prefix}{name} Error: it is not an object")
    if name == "DeliveryPolicy" and not has_sections(document.get("http")):
        raise InvalidParameterException(f"{prefix}DeliveryPolicy: http: must be an object")
    if name == "DeliveryPolicy" and (problem := refusal(document.get("http"))):
        raise InvalidParameterException(f"{prefix}DeliveryPolicy: http.{problem}")
    if name == "Policy":
        _check_policy(document, prefix)
    if name == "ArchivePolicy" and document:
        days = str(document.get("MessageRetentionPeriod"))
        if not _WHOLE_NUMBER.fullmatch(days) or not 1 <= int(days) <= MAX_ARCHIVED_DAYS:
            raise InvalidParameterException(
                f"{prefix}ArchivePolicy: MessageRetentionPeriod value is invalid"
            )


def _check_policy(document: Mapping[str, Any], prefix: str) -> None:
    """Refuse a policy that grants nothing, or actions of another service.

    "Policy Error: null" is what SNS says of a statement that lacks something:
    https://github.com/serverless/serverless/issues/3676; and of a principal that is none:
    https://github.com/hashicorp/terraform-provider-aws/issues/26041.
    """
    statements = statements_of(document)
    if not statements or not all(map(is_statement, statements)):
        raise InvalidParameterException(f"{prefix}Policy Error: null")
    if not all(map(names_principals, statements)):
        raise InvalidParameterException(f"{prefix}Policy Error: PrincipalNotFound")
    for statement in statements:
        given = statement.get("Action") or statement["NotAction"]
        for action in given if isinstance(given, list) else [given]:
            if not _is_grantable(str(action).lower()):
                raise InvalidParameterException(
                    f"{prefix}Policy statement action out of service scope!"
                )


def _is_grantable(action: str) -> bool:
    """Whether a topic's policy may name an action: https://github.com/hashicorp/terraform/issues/12740."""
    if action == "*":
        return True
    service, _, name = action.partition(":")
    return service == "sns" and any(fnmatchcase(known.lower(), name) for known in GRANTABLE)
