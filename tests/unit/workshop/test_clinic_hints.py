"""The clinic's verdicts and help: each patient with answers that are right, wrong and dangerous."""

from collections.abc import Mapping
from typing import Any

import pytest

from workshop.clinic import event_rules, permission_rules, queue_rules
from workshop.clinic.exercise import story
from workshop.clinic.found import EventConfig, Events, Invokers, SourceSettings
from workshop.clinic.verdict import Grade, Judgement
from workshop.gallery.case import DONE, Case

RIGHT, NOT_YET, DANGEROUS = Grade.RIGHT, Grade.NOT_YET, Grade.DANGEROUS
DAY_S = 86_400
ACCOUNT, OTHER = "123456789012", "111111111111"
QUEUE, DLQ, OWN = (f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}" for name in ("q", "dlq", "own"))
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:t"
SNS = {"Service": "sns.amazonaws.com"}


def queue(visibility_s: int, timeout_s: int, **more: Any) -> SourceSettings:
    return SourceSettings(
        QUEUE, visibility_s, **{"retention_s": 4 * DAY_S} | more, timeout_s=timeout_s
    )


def redriven(receives: int | None, visibility_s: int = 20, **more: Any) -> SourceSettings:
    there: dict[str, Any] = {"dlq_arn": DLQ, "dlq_retention_s": 4 * DAY_S}
    facts = (there if receives else {}) | {"timeout_s": 3} | more
    return queue(visibility_s, receives=receives, **facts)


def check(verdict: Judgement, state: Grade, words: str) -> None:
    """Its state and words; and that whoever is not done is helped in two steps."""
    assert verdict.grade is state, verdict
    assert words in " ".join((verdict.why, verdict.nudge, verdict.hint))
    if state is not RIGHT:
        assert verdict.nudge
        assert verdict.hint
    assert bool(verdict.why) is (state is DANGEROUS) or state is RIGHT


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (queue(10, 20, mapping="", refusal="is less than"), NOT_YET, "may still work on it"),
        (queue(20, 20), NOT_YET, "What if the function is throttled"),
        (queue(119, 20), NOT_YET, "a multiple of the function timeout (20 s)"),
        (queue(120, 20), RIGHT, ""),
        (queue(30, 5), RIGHT, ""),  # a shorter function timeout
        (queue(10, 1), RIGHT, ""),
        (queue(43_200, 20), RIGHT, "tried again after 43200 s only"),
        (queue(120, 20, window_s=60), NOT_YET, "plus the batching window of 60 s"),
        (queue(180, 20, window_s=60), RIGHT, ""),
        (queue(120, 20, mapping="Disabled"), NOT_YET, "nobody polls"),
        (queue(6, 20), DANGEROUS, "a second run starts beside the first one"),
        (queue(0, 20), DANGEROUS, "a second run"),
        (queue(120, 20, retention_s=60), DANGEROUS, "never seen again"),
    ],
)
def test_1_visibility_before_function(found: SourceSettings, state: Grade, words: str) -> None:
    check(queue_rules.visibility(found), state, words)


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (redriven(5), RIGHT, ""),
        (redriven(3), NOT_YET, "Receives that begin in the outage: 4;"),
        (redriven(4), NOT_YET, "allowed: 4."),  # may do, by luck
        (redriven(3, 39), NOT_YET, "Receives that begin in the outage: 3;"),  # just as it ends
        (redriven(2, 120), RIGHT, "AWS advises 5 receives or more"),  # a longer visibility
        (redriven(3, 60), RIGHT, "AWS advises 5"),
        (redriven(20, 5), RIGHT, "18 s, as visibility timeout; it is 5 s"),
        (redriven(1000), RIGHT, "1000 receives of 20 s"),
        (redriven(None), DANGEROUS, "no redrive policy now"),
        (redriven(1), DANGEROUS, "sends a good order to the DLQ"),
        (redriven(1, 600), DANGEROUS, "sends a good order to the DLQ"),
        (redriven(1000, 600), DANGEROUS, "no bad order reaches the DLQ"),
        (redriven(60, 2), DANGEROUS, "a second run starts beside"),
        (redriven(5, dlq_retention_s=None), DANGEROUS, "not there"),
        (redriven(5, dlq_retention_s=DAY_S), DANGEROUS, "deleted on arrival"),
    ],
)
def test_2_receives_before_an_outage(found: SourceSettings, state: Grade, words: str) -> None:
    check(queue_rules.throttling(found, 78), state, words)


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (redriven(None), NOT_YET, "invokes synchronously"),
        (redriven(3), RIGHT, "AWS advises 5"),
        (redriven(5), RIGHT, ""),
        (redriven(5, dlq_arn=OWN), RIGHT, "A DLQ of your own"),
        (redriven(30), RIGHT, "a bad order runs so often, and is in the DLQ after 600 s only"),
        (redriven(1), DANGEROUS, "sends a good order to the DLQ"),
        (redriven(5, dlq_arn=QUEUE), DANGEROUS, "its own DLQ"),
        (redriven(5, dlq_retention_s=None), DANGEROUS, "not there"),
        (redriven(5, dlq_retention_s=60), DANGEROUS, "deleted on arrival"),
        (redriven(1000, 600), DANGEROUS, "no bad order reaches the DLQ"),
        (redriven(5, 2), DANGEROUS, "a second run starts beside"),
    ],
)
def test_3_a_redrive_policy(found: SourceSettings, state: Grade, words: str) -> None:
    check(queue_rules.redrive(found, DLQ), state, words)


def statement(
    principal: object, *, action: str = "lambda:InvokeFunction", **source: str
) -> Mapping[str, Any]:
    operators = {
        "arn": ("ArnLike", "AWS:SourceArn"),
        "account": ("StringEquals", "AWS:SourceAccount"),
    }
    conditions = {operators[name][0]: {operators[name][1]: value} for name, value in source.items()}
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": conditions}


@pytest.mark.parametrize(
    ("statements", "state", "words"),
    [
        ([], NOT_YET, "nobody but the account"),
        ([statement(SNS, arn=TOPIC)], RIGHT, ""),
        ([statement(SNS, arn=TOPIC, account=ACCOUNT)], RIGHT, ""),
        ([statement(SNS, arn=TOPIC[:-1] + "*")], RIGHT, "Other topics of your account"),
        ([statement(SNS, account=ACCOUNT)], RIGHT, "Other topics of your account"),
        (
            [statement({"Service": "sqs.amazonaws.com"}, arn=TOPIC)],
            NOT_YET,
            "sqs.amazonaws.com may",
        ),
        ([statement({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})], NOT_YET, ":root may invoke"),
        ([statement(SNS, arn=TOPIC + "-2")], NOT_YET, "for another topic"),
        ([statement(SNS, action="lambda:GetFunction", arn=TOPIC)], NOT_YET, "allows lambda:GetF"),
        ([statement("*")], DANGEROUS, "nothing keeps others out"),
        ([statement("*", arn=TOPIC)], DANGEROUS, "only a condition keeps others out"),
        ([statement({"AWS": "*"}, account=ACCOUNT)], DANGEROUS, "everybody"),
        ([statement(SNS)], DANGEROUS, "on behalf of any topic"),
        ([statement(SNS, account=OTHER)], DANGEROUS, "is not yours"),
        ([statement(SNS, arn="arn:aws:sns:*:*:*")], DANGEROUS, "not bound to your account"),
        ([statement(SNS, arn="arn:*")], DANGEROUS, "not bound to your account"),
        ([statement(SNS, action="lambda:*", arn=TOPIC)], DANGEROUS, "not only invoke"),
        ([statement({"AWS": f"arn:aws:iam::{OTHER}:root"})], DANGEROUS, "another account"),
        # What is right does not heal what was left beside it
        ([statement(SNS, arn=TOPIC), statement("*")], DANGEROUS, "nothing keeps others out"),
    ],
)
def test_4_who_may_invoke(statements: list[Any], state: Grade, words: str) -> None:
    check(permission_rules.permission(Invokers(tuple(statements), TOPIC, ACCOUNT)), state, words)


GOOD = EventConfig(retries=0, destination=DLQ)


def sent(configs: dict[str, EventConfig], sent_to: str = "live", **more: Any) -> Events:
    return Events(sent_to, 3, DLQ, configs, **more)


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (sent({"$LATEST": GOOD}), NOT_YET, "belongs to $LATEST, and orders are sent to live"),
        (sent({"$LATEST": GOOD, "1": GOOD}), NOT_YET, "version 1 has a configuration now"),
        (sent({"live": GOOD}), RIGHT, ""),
        (sent({"$LATEST": GOOD, "live": GOOD}), RIGHT, ""),
        (sent({"live": EventConfig(0, destination=OWN)}), RIGHT, "A queue of your own"),
        (sent({"$LATEST": GOOD}, "$LATEST"), RIGHT, "past the alias"),
        (sent({"1": GOOD}, "1"), RIGHT, ""),
        (sent({"live": EventConfig(2, destination=DLQ)}), NOT_YET, "may run 3 times"),
        (sent({"live": EventConfig()}), NOT_YET, "neither the number of retries"),
        (sent({"live": EventConfig(0)}), DANGEROUS, "without a record it is lost"),
        (sent({}), DANGEROUS, "nothing is configured at all"),
        (sent({"live": EventConfig(0, destination=f"{OWN}.fifo")}), DANGEROUS, "FIFO"),
        (sent({"live": GOOD}, is_there=False), DANGEROUS, "not there"),
        (sent({"live": EventConfig(0, destination=TOPIC)}), NOT_YET, "queues alone"),
    ],
)
def test_5_whose_configuration_counts(found: Events, state: Grade, words: str) -> None:
    check(event_rules.destination(found), state, words)


def aged(age_s: int, retries: int = 2, destination: str = DLQ, **more: Any) -> Events:
    return sent({"$LATEST": EventConfig(retries, age_s, destination)}, "$LATEST", **more)


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (aged(60), NOT_YET, "gives it up at once"),
        (aged(90), NOT_YET, "about 180 s old; it may be 90 s old"),
        (aged(180), NOT_YET, "one more attempt than before"),
        (aged(190), RIGHT, "It is tight"),
        (aged(300), RIGHT, ""),
        (aged(21_600), RIGHT, "has to agree"),
        (aged(21_600, 0), NOT_YET, "with 0 retries there is none"),
        (aged(300, 1), NOT_YET, "with 1 retry there is none"),
        (aged(300, destination=OWN), RIGHT, "A queue of your own"),
        (aged(300, destination=""), DANGEROUS, "lost without a record"),
        (sent({}, "$LATEST"), DANGEROUS, "lost without a record"),
        (aged(300, destination=f"{OWN}.fifo"), DANGEROUS, "FIFO"),
        (aged(300, is_there=False), DANGEROUS, "not there"),
    ],
)
def test_6_age_before_waits(found: Events, state: Grade, words: str) -> None:
    check(event_rules.age(found), state, words)


# What a solution writes; a nudge never does.
ANSWERS = ("120", "six times", "sns.amazonaws.com", "deadLetterTargetArn", "live", "300")


def test_a_nudge_is_not_the_answer() -> None:
    first = [
        queue_rules.visibility(queue(10, 20, mapping="", refusal="no")),
        queue_rules.throttling(redriven(1), 78),
        queue_rules.redrive(redriven(None), DLQ),
        permission_rules.permission(Invokers((), TOPIC, ACCOUNT)),
        event_rules.destination(sent({"$LATEST": GOOD})),
        event_rules.age(aged(60)),
    ]
    assert [one.nudge for one in first for answer in ANSWERS if answer in one.nudge] == []


@pytest.mark.parametrize(
    ("runs_at_s", "told"),
    [
        ((0.0,), "the function ran once, without an error"),
        ((0.0, 20.0), "the function ran 2 times, the last time without an error"),
    ],
)
def test_what_ran_once_has_no_last_time(runs_at_s: tuple[float, ...], told: str) -> None:
    done = Case("it", "SQS queue", "nobody", runs_at_s, DONE, 1.0, (), (), succeeded=True)
    assert story(done) == told
