"""What a subscription's attributes may be, in SNS's words. Pure.

Subscribe and SetSubscriptionAttributes refuse the same values with different beginnings, so a
refusal is raised as its reason alone.
"""

import json

from localaws.sns.delivery_policies import has_sections, kept_of_subscription, refusal
from localaws.sns.filter_policy import SCOPES
from localaws.words.arns import region_of, service_of
from localaws.words.json_errors import complaint_about

KNOWN = frozenset(
    {
        "DeliveryPolicy",
        "FilterPolicy",
        "FilterPolicyScope",
        "RawMessageDelivery",
        "RedrivePolicy",
        "ReplayPolicy",
        "SubscriptionRoleArn",
    }
)
RAW_PROTOCOLS = ("sqs", "http", "https")


class RefusedAttribute(Exception):
    """Why a value is refused."""


def check_scope(value: str) -> None:
    """FilterPolicyScope is one of two words."""
    if value not in SCOPES:
        raise RefusedAttribute(
            f"FilterPolicyScope: Invalid value [{value}]. "
            "Please use either MessageBody or MessageAttributes"
        )


def check_raw_delivery(value: str, protocol: str) -> None:
    """RawMessageDelivery is a truth value, and not for every protocol."""
    if value.lower() not in ("true", "false"):
        raise RefusedAttribute(
            f"RawMessageDelivery: Invalid value [{value}]. Must be true or false."
        )
    if value.lower() == "true" and protocol not in RAW_PROTOCOLS:
        raise RefusedAttribute(
            f"Delivery protocol [{protocol}] does not support raw message delivery."
        )


def check_replay(value: str | None) -> None:
    """Nothing is archived here, so nothing can be delivered from an archive."""
    if value:
        raise RefusedAttribute(
            "ReplayPolicy: not part of the embedded AWS: there is no archive of messages. Use a "
            "real account for it."
        )


def check_json(name: str, value: str) -> None:
    """An attribute that is a JSON document."""
    if (complaint := complaint_about(value)) is not None:
        raise RefusedAttribute(f"{name}: failed to parse JSON. {complaint}")


def kept_delivery_policy(value: str) -> str:
    """A DeliveryPolicy as SNS keeps it."""
    check_json("DeliveryPolicy", value)
    document = json.loads(value)
    if document is None or not has_sections(document):
        raise RefusedAttribute("DeliveryPolicy: must be an object, and so must its policies")
    if problem := refusal(document):
        raise RefusedAttribute(f"DeliveryPolicy: {problem}")
    return kept_of_subscription(value)


def dead_letter_target(policy: str, is_fifo: bool, region: str) -> str:
    """The DLQ's ARN in a RedrivePolicy.

    The words about missing ARNs, and ARNs of other things and regions, are those of
    pf-sns-subscription-redrive of https://github.com/badmintoncryer/cdk-preflight/tree/main/rules/sns.

    Args:
        is_fifo: a FIFO queue subscribed to a FIFO topic. A standard queue may subscribe to one as
            well, and takes a DLQ of either type.
        region: of the subscription.
    """
    check_json("RedrivePolicy", policy)
    document = json.loads(policy)
    for name in document if isinstance(document, dict) else ():
        if name != "deadLetterTargetArn":  # maxReceiveCount, say, which is SQS's
            raise RefusedAttribute(f"RedrivePolicy: invalid JSON. Attribute {name} is unknown.")
    if document == {}:
        raise RefusedAttribute("RedrivePolicy: Missing deadLetterTargetArn attribute")
    arn = document.get("deadLetterTargetArn") if isinstance(document, dict) else None
    if not isinstance(arn, str) or len(arn.split(":")) != 6:
        raise RefusedAttribute("RedrivePolicy: deadLetterTargetArn is an invalid arn")
    if service_of(arn) != "sqs":
        raise RefusedAttribute("RedrivePolicy: deadLetterTargetArn must be a SQS queue")
    if region_of(arn) != region:
        raise RefusedAttribute(
            "RedrivePolicy: deadLetterTargetArn must be in the same region as the subscription"
        )
    if is_fifo and not arn.endswith(".fifo"):
        raise RefusedAttribute(
            "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
        )
    return arn
