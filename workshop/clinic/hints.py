"""What to say about a value that does not help yet. Pure; an empty text means that it helps."""

from collections.abc import Sequence
from typing import Any

ADVISED_RECEIVES = 5
ADVISED_FACTOR = 6

# An asynchronous event is tried a second time after about 1 minute, a third time after about 2
# more; attempts take time too.
SECOND_AT_S, THIRD_AT_S = 60, 180


def visibility(visibility_s: int, timeout_s: int) -> str:
    """About a queue's visibility timeout before a function's timeout."""
    if visibility_s < timeout_s:
        return (
            f"SQS would show the message again after {visibility_s} s, while the function may "
            f"still work on it for up to {timeout_s} s: a second one would start with the same "
            "order. That is why Lambda compares the two."
        )
    if visibility_s < ADVISED_FACTOR * timeout_s:
        return (
            f"Lambda accepts {visibility_s} s. It leaves little time to try again when the "
            f"function is throttled; AWS advises {ADVISED_FACTOR} times the function timeout."
        )
    return ""


def receives(maximum: int, visibility_s: int, outage_s: float) -> str:
    """About a maxReceiveCount before an outage in which every receive is for nothing."""
    if maximum < ADVISED_RECEIVES:
        return (
            f"each visibility timeout of {visibility_s} s without capacity uses up one receive, "
            f"and there was none for {outage_s:.0f} s. How many visibility timeouts begin in that "
            f"time? {maximum} is not enough to have one receive left afterwards."
        )
    return ""


def redrive(policy: dict[str, Any], dlq_arn: str, most: int) -> str:
    """About a redrive policy that should move a message to a DLQ soon."""
    if not policy:
        return (
            "a function's own DLQ is for asynchronous events. The poller invokes the function "
            "synchronously, so here the queue has to give the message up: which of its attributes "
            "says when, and to where?"
        )
    if policy.get("deadLetterTargetArn") != dlq_arn:
        return (
            "the redrive policy names another queue; it takes the ARN of the DLQ, `third.dlq.arn`."
        )
    if int(policy["maxReceiveCount"]) > most:
        return (
            f"that is right, but {policy['maxReceiveCount']} receives take long; for this exercise "
            f"choose {most} at most."
        )
    return ""


def principal(statements: list[dict[str, Any]], topic_arn: str) -> str:
    """About the statements of a function's resource policy."""
    if not statements:
        return (
            "the function's resource policy is empty: nobody but the account itself may invoke it."
        )
    callers = {_caller(one) for one in statements}
    if "sns.amazonaws.com" not in callers:
        return (
            f"{' and '.join(sorted(callers))} may invoke the function now. But who hands the event "
            "over: look at the picture of notebook 02."
        )
    if topic_arn not in str(statements):
        return (
            "SNS may invoke it, but for another topic: compare SourceArn with `fourth.rig.source`."
        )
    return "the statement names SNS and the topic: is its action lambda:InvokeFunction?"


def _caller(statement: dict[str, Any]) -> str:
    found = statement.get("Principal")
    return str(next(iter(found.values()), found) if isinstance(found, dict) else found)


def qualifier(configured: Sequence[str], alias: str) -> str:
    """About what the configurations of asynchronous invocation belong to, the newest one last."""
    if not configured:
        return "nothing is configured at all now: neither retries nor a destination."
    if alias in configured:
        return (
            "the alias has a configuration of its own now: does it name the queue, "
            "`fifth.failed.arn`?"
        )
    if configured[-1].isdecimal():
        return (
            f"version {configured[-1]} has a configuration now, for events that are sent to "
            f"{configured[-1]}. The alias runs that version too, but its events are sent to the "
            "alias."
        )
    return (
        "the right to send is there, and the queue exists. But no retries are configured, and the "
        "function was tried three times, as where nothing is configured. What does this "
        "configuration belong to (FunctionArn), and what are the orders sent to, "
        "`fifth.rig.source`?"
    )


def age(age_s: int, runs: int) -> str:
    """About a maximum event age before the waits between attempts."""
    if runs <= 1:
        return (
            f"the second attempt would start when the event is about {SECOND_AT_S} s old, and the "
            f"event may be {age_s} s old: Lambda gives it up at once, although two retries are "
            "configured."
        )
    return (
        f"one more attempt than before. But this order needs three, and the third would start when "
        f"it is about {THIRD_AT_S} s old; it may be {age_s} s old."
    )
