"""Verdicts on a queue in front of a function. Pure."""

import math

from workshop.clinic.found import SourceSettings
from workshop.clinic.verdict import Judgement, dangerous, not_yet, right

# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
ADVISED_FACTOR = 6
ADVISED_RECEIVES = 5
# Longer, and a failed or bad order is away longer than somebody waits for it.
_LONG_S = 1800
# More receives than this for a bad order want a word.
_MANY = 10


def visibility(found: SourceSettings) -> Judgement:
    """Patient 1: an order is processed once."""
    if unsafe := _unsafe_times(found):
        return unsafe
    if found.refusal or not found.mapping:
        return not_yet(
            "AWS says above which two numbers it compares. What does each of them count?",
            f"SQS would show the message again after {found.visibility_s} s, while the function "
            f"may still work on it for up to {found.timeout_s} s. Either number can move.",
        )
    if found.mapping != "Enabled":
        return not_yet(
            "there is a connection now. Is somebody using it?",
            f"the event source mapping is {found.mapping}: nobody polls the queue.",
        )
    if found.visibility_s < advised_s(found):
        window = f" plus the batching window of {found.window_s} s" if found.window_s else ""
        return not_yet(
            "Lambda accepts these two numbers, and this time it went well. What if the function "
            "is throttled when an order comes?",
            f"the poller tries again only as long as {found.visibility_s} s hide the order. AWS "
            f"advises a multiple of the function timeout ({found.timeout_s} s){window}.",
        )
    return right(_of_long_visibility(found))


def throttling(found: SourceSettings, outage_s: float) -> Judgement:
    """Patient 2: a good order survives some time without capacity."""
    if found.receives is None:
        return dangerous(
            "there is no redrive policy now. No order can end in a DLQ, a bad one neither: it "
            f"comes back until the queue deletes it, {_days(found.retention_s)} after it was sent.",
            "what took the good orders away was a number. What else did the policy do?",
            "put the redrive policy back (`second.redrive_policy` is how it was), then choose a "
            "number.",
        )
    if unsafe := _unsafe_times(found) or _unsafe_redrive(found):
        return unsafe
    if not _survives(found, outage_s):
        begun = math.floor(outage_s / found.visibility_s) + 1
        return not_yet(
            f"every {found.visibility_s} s without capacity use up one receive. Draw the outage of "
            f"{outage_s:.0f} s, and mark the receives.",
            f"Receives that begin in the outage: {begun}; allowed: {found.receives}. One that "
            "begins after it, or lasts well beyond it, is needed.",
        )
    few = (
        f"It is enough for this outage. AWS advises {ADVISED_RECEIVES} receives or more."
        if found.receives < ADVISED_RECEIVES
        else ""
    )
    return right(few, _of_short_visibility(found), _of_many(found), _of_long_visibility(found))


def redrive(found: SourceSettings, own_arn: str) -> Judgement:
    """Patient 3: a bad order leaves the source queue for a DLQ."""
    if found.receives is None:
        return not_yet(
            "who calls the function here, and does that caller wait for an answer?",
            "a function's own DLQ is for asynchronous events. The poller invokes synchronously, so "
            "the queue has to give the message up: which attribute says when, and where to?",
        )
    if unsafe := _unsafe_times(found) or _unsafe_redrive(found):
        return unsafe
    own = "" if found.dlq_arn == own_arn else "A DLQ of your own: it needs somebody who looks."
    few = (
        f"AWS advises {ADVISED_RECEIVES} receives or more, so that a throttled good order survives."
        if found.receives < ADVISED_RECEIVES
        else ""
    )
    return right(own, few, _of_many(found), _of_short_visibility(found))


def advised_s(found: SourceSettings) -> int:
    """The visibility timeout that AWS advises at least."""
    return ADVISED_FACTOR * found.timeout_s + found.window_s


def _unsafe_times(found: SourceSettings) -> Judgement | None:
    if found.mapping and found.visibility_s < found.timeout_s:
        return dangerous(
            f"the queue shows an order again after {found.visibility_s} s, and the function may "
            f"take {found.timeout_s} s: a second run starts beside the first one. Lambda compares "
            "the two only when a mapping is made or changed.",
            "how long is an order hidden, and how long may it be worked on?",
            "the visibility timeout has to outlast the function's timeout, by a multiple.",
        )
    if found.visibility_s >= found.retention_s:
        return dangerous(
            f"an order is hidden for {found.visibility_s} s, and deleted {found.retention_s} s "
            "after it was sent: one that fails is never seen again.",
            "what happens to an order that fails once?",
            "a message's retention goes on while it is hidden: MessageRetentionPeriod has to be "
            "much longer than the visibility timeout.",
        )
    return None


def _unsafe_redrive(found: SourceSettings) -> Judgement | None:
    """What loses orders behind a redrive policy, good or bad ones."""
    if found.dlq_arn == found.arn:
        return dangerous(
            "the queue is its own DLQ: a bad order stays among the good ones.",
            "where should somebody look for bad orders?",
            "the ARN in the redrive policy is the source queue's. It takes that of another queue.",
        )
    if found.dlq_retention_s is None:
        return dangerous(
            "the queue that the redrive policy names is not there (any more).",
            "follow the ARN in the redrive policy.",
            "make the queue again, or name one that exists.",
        )
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    if found.receives == 1:
        return dangerous(
            "with one receive, whatever goes wrong with it sends a good order to the DLQ: a "
            "throttled function, a lost answer, a new deployment.",
            "which receives are for nothing, although the order is good?",
            "one receive must be allowed to fail for a reason that is not the order's.",
        )
    if found.held_s >= found.retention_s:
        return dangerous(
            f"{found.receives} receives take {found.held_s} s at least, and the queue deletes an "
            f"order {found.retention_s} s after it was sent: no bad order reaches the DLQ.",
            "how long do all the receives take, and how long does the queue keep a message?",
            "fewer receives, a shorter visibility timeout, or a longer MessageRetentionPeriod.",
        )
    if found.dlq_retention_s < found.retention_s:
        return dangerous(
            f"the DLQ keeps a message for {found.dlq_retention_s} s *since it was sent*, the "
            f"source queue for {found.retention_s} s: one that comes late is deleted on arrival.",
            "from when on does a DLQ count how old a message is?",
            "give the DLQ a longer MessageRetentionPeriod than the source queue.",
        )
    return None


def _survives(found: SourceSettings, outage_s: float) -> bool:
    """Whether a receive begins after the outage, or one that began in it lasts long enough.

    One that begins just as the outage ends is not planned with.
    A poller tries a throttled invocation again within the receive, at growing intervals that AWS
    does not publish: as long again as the outage is enough.
    """
    receives = found.receives or 0
    fresh = (receives - 1) * found.visibility_s > outage_s
    return fresh or found.held_s >= 2 * outage_s


def _of_many(found: SourceSettings) -> str:
    if found.receives is None or (found.receives <= _MANY and found.held_s <= _LONG_S):
        return ""
    return (
        f"{found.receives} receives of {found.visibility_s} s: a bad order runs so often, and is "
        f"in the DLQ after {found.held_s} s only."
    )


def _of_long_visibility(found: SourceSettings) -> str:
    if found.visibility_s <= _LONG_S:
        return ""
    return f"An order that fails is tried again after {found.visibility_s} s only."


def _of_short_visibility(found: SourceSettings) -> str:
    if found.visibility_s >= advised_s(found):
        return ""
    return (
        f"AWS advises {ADVISED_FACTOR} times the function timeout, {advised_s(found)} s, as "
        f"visibility timeout; it is {found.visibility_s} s."
    )


def _days(seconds: int) -> str:
    return f"{seconds / 86_400:.3g} days" if seconds >= 86_400 else f"{seconds} s"
