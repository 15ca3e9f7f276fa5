"""When EventBridge tries a target again, and when it gives up. Pure.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html: up to 185
times within 24 hours, unless the target says less, with waits that grow and are spread at random.
A target that is missing, or that does not let the rule in, is not tried again. AWS does not
document the waits: here they double from one second to eight minutes, so that 185 of them fill a
day, and are not spread, so that runs repeat.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localaws.words.errors import AwsError
from localaws.words.retries import RetryAt

MAX_RETRIES = 185
MAX_AGE_S = 86_400
LONGEST_WAIT_S = 480.0

_THROTTLED = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling"})


@dataclass(frozen=True)
class Undeliverable:
    """The event goes to the target's DLQ, or is lost without one.

    Attributes:
        exhausted: the setting that ended it, `MaximumRetryAttempts` or `MaximumEventAgeInSeconds`;
            "" when it was not worth a retry.
    """

    exhausted: str


def after_failure(
    retries: int, error: AwsError, first_s: float, now_s: float, policy: Mapping[str, Any]
) -> RetryAt | Undeliverable:
    """What follows a failed attempt.

    Args:
        retries: how many there were already.
        first_s: when the event came to the rule, in seconds since the epoch.
        policy: the target's RetryPolicy.
    """
    if not _may_pass(error):
        return Undeliverable("")
    if retries >= int(policy.get("MaximumRetryAttempts", MAX_RETRIES)):
        return Undeliverable("MaximumRetryAttempts")
    when_s = now_s + min(2.0**retries, LONGEST_WAIT_S)
    if when_s - first_s > float(policy.get("MaximumEventAgeInSeconds", MAX_AGE_S)):
        return Undeliverable("MaximumEventAgeInSeconds")
    return RetryAt(when_s)


def error_code(error: AwsError) -> str:
    """What a DLQ's message calls the error.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html names these among
    others, not which error is which.
    """
    if "AccessDenied" in error.code or error.status == 403:
        return "NO_PERMISSIONS"
    if error.status == 404 or "NotFound" in error.code or "NonExistent" in str(error.query_code):
        return "NO_RESOURCE"
    if error.code in _THROTTLED or error.status == 429:
        return "THROTTLING"
    return "SDK_CLIENT_ERROR" if error.status < 500 else "INTERNAL_ERROR"


def _may_pass(error: AwsError) -> bool:
    return error.status >= 500 or error_code(error) == "THROTTLING"
