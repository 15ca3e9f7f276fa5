"""Verdicts on asynchronous invocation. Pure."""

from workshop.clinic.found import UNQUALIFIED, Events
from workshop.clinic.verdict import Judgement, dangerous, not_yet, right
from workshop.counting import counted
from workshop.evidence.retry_settings import ASYNC_RETRY_DELAYS_S

SECOND_AT_S = ASYNC_RETRY_DELAYS_S[0]
THIRD_AT_S = sum(ASYNC_RETRY_DELAYS_S)
# Lambda keeps its waits about, not to the second.
_ABOUT_S = 20.0
# Longer, and somebody who wants no old orders should hear it.
_OLD_S = 900


def destination(found: Events) -> Judgement:
    """Patient 5: an order that fails runs once, and leaves a record in a queue."""
    if found.sent_to not in found.configs:
        return _of_unconfigured(found)
    config = found.config
    if not config.destination:
        if config.retries:
            return not_yet(
                "that is the right place. Does it say everything that was wanted?",
                "it has neither the number of retries nor the destination of the old one.",
            )
        return dangerous(
            "an order runs once now, and when it fails nothing keeps it: without a record it is "
            "lost.",
            "the retries are gone. Where is the record?",
            "put replaces the whole configuration: give it retries and destination together.",
        )
    if unsafe := _unsafe_destination(found):
        return unsafe
    if config.retries:
        runs = 1 + config.retries
        return not_yet(
            "records arrive now. How often does a bad order run before?",
            f"with {counted(config.retries, 'retry', 'retries')} it may run "
            f"{counted(runs, 'time')}; it should run once.",
        )
    return right(
        "A queue of your own: it needs somebody who looks."
        if config.destination != found.own_arn
        else "",
        "Orders go past the alias now: a deployment reaches all of them at once, and the alias is "
        "no way back any more."
        if found.sent_to == UNQUALIFIED
        else "",
    )


def age(found: Events) -> Judgement:
    """Patient 6: an order that fails twice is processed at the third attempt."""
    config = found.config
    if not config.destination:
        return dangerous(
            "there is no on-failure destination (any more): an order that fails three times is "
            "lost without a record.",
            "what became of the orders that are given up?",
            "put replaces the whole configuration, update changes the parts that it is given.",
        )
    if unsafe := _unsafe_destination(found):
        return unsafe
    needed = len(ASYNC_RETRY_DELAYS_S)
    if config.retries < needed:
        return not_yet(
            "count the attempts that this order needs.",
            f"it fails twice, so it needs a third attempt; with {config.retries} "
            f"{'retry' if config.retries == 1 else 'retries'} there is none.",
        )
    if config.age_s <= SECOND_AT_S + found.timeout_s:
        return not_yet(
            "when would the second attempt start, and how old may an event be?",
            f"the second attempt would start when the event is about {SECOND_AT_S:.0f} s old, and "
            f"it may be {config.age_s} s old: Lambda gives it up at once, although "
            f"{config.retries} retries are configured.",
        )
    if config.age_s <= THIRD_AT_S:
        return not_yet(
            "one more attempt than before. Which one is missing?",
            "this order needs three, and the third would start when it is about "
            f"{THIRD_AT_S:.0f} s old; it may be {config.age_s} s old.",
        )
    tight = config.age_s < THIRD_AT_S + needed * found.timeout_s + _ABOUT_S
    return right(
        f"It is tight: Lambda's waits are about 1 and 2 minutes, and attempts take up to "
        f"{found.timeout_s} s each."
        if tight
        else "",
        f"Orders may be {config.age_s} s old now: whoever wanted none older than a minute has to "
        "agree."
        if config.age_s > _OLD_S
        else "",
        "A queue of your own: it needs somebody who looks."
        if config.destination != found.own_arn
        else "",
    )


def _of_unconfigured(found: Events) -> Judgement:
    look = "whose settings does Lambda take: what does FunctionArn say, and where do orders go?"
    if not found.configs:
        return dangerous(
            "nothing is configured at all now, neither retries nor a destination: what fails three "
            "times is lost.",
            look,
            "make a configuration again, for what the orders are sent to.",
        )
    named = sorted(found.configs)
    versions = [one for one in named if one.isdecimal()]
    if versions and found.sent_to != UNQUALIFIED:
        return not_yet(
            look,
            f"version {versions[-1]} has a configuration now, for events that are sent to "
            f"{versions[-1]}. The alias runs a version, but its events are sent to the alias.",
        )
    return not_yet(
        look,
        f"the configuration belongs to {' and '.join(named)}, and orders are sent to "
        f"{found.sent_to}, for which nothing is configured: three attempts, no record. Either side "
        "can move (`fifth.orders_go_to` is where they are sent).",
    )


def _unsafe_destination(found: Events) -> Judgement | None:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    arn = found.config.destination
    if arn.endswith(".fifo"):
        return dangerous(
            "Lambda can not write records to a FIFO queue: they are lost, and only the metric "
            "DestinationDeliveryFailures counts them.",
            "what kind of queue is it?",
            "a destination is a standard queue.",
        )
    if ":sqs:" not in arn:
        return not_yet(
            "this check can look into queues alone.",
            "for this exercise choose an SQS queue as destination.",
        )
    if not found.is_there:
        return dangerous(
            "the queue that the configuration names is not there (any more): records are lost.",
            "follow the ARN of the destination.",
            "make the queue again, or name one that exists.",
        )
    return None
