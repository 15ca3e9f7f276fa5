"""The clinic's patients with answers of many kinds: right ones pass, dangerous ones are called so.

Eight at least for each patient, tried with orders; the rules themselves have more in unit tests.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.scenarios.clinic_answers import DANGEROUS, NOT_YET, PASSED, Answers
from workshop import clinic
from workshop.clinic import exercise
from workshop.lab import Lab
from workshop.lessons.checks import Check
from workshop.workbench import Bench


@pytest.fixture
def bench(lab: Lab) -> Iterator[Bench]:
    made = Bench(lab, "answers")
    yield made
    assert made.clear().endswith("0 left")


@pytest.fixture
def answers() -> Iterator[Answers]:
    found = Answers()
    yield found
    found.are_enough()


def test_1_a_longer_visibility_or_a_shorter_function(
    lab: Lab, bench: Bench, answers: Answers
) -> None:
    patient = clinic.VisibilityTimeout(lab, bench)
    sqs, lambda_ = lab.client("sqs"), lab.client("lambda")

    def answered(visibility: object, **more: str) -> Check:
        with patient.change():
            sqs.set_queue_attributes(
                QueueUrl=patient.queue.url,
                Attributes={"VisibilityTimeout": str(visibility), **more},
            )
        return patient.check()

    def taking(timeout_s: int) -> Check:
        lambda_.update_function_configuration(FunctionName=patient.function, Timeout=timeout_s)
        return patient.check()

    assert answers.judge("as it was", patient.check(), NOT_YET).is_untouched
    # A value out of range is told in words, and so is one that is no number
    for value in (99999, None, "many"):
        check = answers.judge(str(value), answered(value), NOT_YET, "43200")
        assert check.seen.startswith("no change: AWS refused the change, InvalidAttributeValue")
    # The other number may move as well: six times 1 s is less than the 10 s of the queue
    answers.judge("10 s, a function of 1 s", taking(1), PASSED)
    # What is connected already can be set to fail: two runs where one is wanted
    beside = "a second run starts beside the first"
    answers.judge("10 s, a function of 20 s", taking(20), DANGEROUS, beside)
    answers.judge("0 s", answered(0), DANGEROUS, beside)
    answers.judge("60 s", answered(60), NOT_YET, "a multiple of the function timeout (20 s)")
    answers.judge("120 s", answered(120), PASSED)
    kept = answered(120, MessageRetentionPeriod="60")
    answers.judge("120 s, kept for 60 s", kept, DANGEROUS, "never seen again")


def test_2_receives_outlast_an_outage(lab: Lab, bench: Bench, answers: Answers) -> None:
    patient = clinic.ThrottledQueue(lab, bench)
    own = bench.queue("own")

    def answered(receives: Any, **attributes: str) -> Check:
        policy = patient.redrive_policy | {"maxReceiveCount": receives}
        more = {"RedrivePolicy": json.dumps(policy) if receives else ""} | attributes
        with patient.change():
            lab.client("sqs").set_queue_attributes(QueueUrl=patient.rig.source, Attributes=more)
        return patient.check()

    assert answers.judge("as it was", patient.check(), NOT_YET).is_untouched
    answers.judge("no policy", answered(None), DANGEROUS, "no redrive policy", "bad one neither")
    answers.judge("many", answered("many"), NOT_YET, "AWS refused the change")
    answers.judge("0", answered("0"), NOT_YET, "AWS refused the change")
    answers.judge("3", answered(3), NOT_YET, "the order is in the source queue's DLQ")
    answers.judge("5", answered(5), PASSED)
    # A longer visibility timeout with fewer receives does it as well
    longer = {"VisibilityTimeout": "120"}
    answers.judge("2 of 120 s", answered(2, **longer), PASSED, "advises 5")
    answers.judge("1 of 120 s", answered(1, **longer), DANGEROUS, "sends a good order to the DLQ")
    # However long the order is hidden, the check waits for it
    answers.judge("5 of 3600 s", answered(5, VisibilityTimeout="3600"), PASSED)
    brief = answered(60, VisibilityTimeout="2")
    answers.judge("60 of 2 s", brief, DANGEROUS, "a second run starts beside the first")
    # And a DLQ of one's own
    patient.redrive_policy = {"deadLetterTargetArn": own.arn, "maxReceiveCount": "1"}
    answers.judge("5, own DLQ", answered(5, VisibilityTimeout="20"), PASSED)
    # And a set-up that is gone is told
    lab.client("lambda").delete_function(FunctionName=patient.rig.function)
    gone = answers.judge("function deleted", patient.check(), NOT_YET)
    assert gone.seen.startswith("no trial: AWS refused the trial, ResourceNotFoundException")


def test_3_any_queue_may_be_the_dlq(
    lab: Lab, bench: Bench, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = clinic.FunctionDlq(lab, bench)
    own, short = bench.queue("own"), bench.queue("short", MessageRetentionPeriod=60)

    def answered(target: str, receives: Any, visibility_s: int = 20) -> Check:
        policy = {"deadLetterTargetArn": target, "maxReceiveCount": receives}
        attributes = {"RedrivePolicy": json.dumps(policy), "VisibilityTimeout": f"{visibility_s}"}
        with patient.change():
            lab.client("sqs").set_queue_attributes(
                QueueUrl=patient.queue.url, Attributes=attributes
            )
        return patient.check()

    assert answers.judge("as it was", patient.check(), NOT_YET).is_untouched
    answers.judge("no such queue", answered(f"{own.arn}-none", 3), NOT_YET, "RedrivePolicy")
    answers.judge("many receives", answered(own.arn, "many"), NOT_YET, "AWS refused the change")
    answers.judge("own DLQ, 3", answered(own.arn, 3), PASSED, "A DLQ of your own")
    answers.judge("5", answered(patient.dlq.arn, 5), PASSED)
    answers.judge("1", answered(patient.dlq.arn, 1), DANGEROUS, "sends a good order to the DLQ")
    brief = answered(patient.dlq.arn, 5, visibility_s=2)
    answers.judge("5 of 2 s", brief, DANGEROUS, "a second run starts beside the first")
    ran = "the function ran 30 times, and the order is in the DLQ"
    answers.judge("30", answered(patient.dlq.arn, 30), PASSED, "a bad order runs so often", ran)
    # Where nobody waits so long, it is said that its end was not seen
    monkeypatch.setattr(exercise, "_MOST_SKIPPED_S", 240.0)
    unseen = "its end, after about 640 s, was not waited for"
    answers.judge("30, unseen", answered(patient.dlq.arn, 30), PASSED, unseen)
    answers.judge("kept for 60 s", answered(short.arn, 3), DANGEROUS, "deleted on arrival")
    answers.judge("itself", answered(patient.queue.arn, 3), DANGEROUS, "its own DLQ")


def test_4_one_topic_may_invoke_and_nobody_else(lab: Lab, bench: Bench, answers: Answers) -> None:
    patient = clinic.MissingPermission(lab, bench)
    account, topic = lab.session.account(), patient.rig.source
    assert answers.judge("as it was", patient.check(), NOT_YET).is_untouched

    def answered(principal: Any, action: str = "InvokeFunction", **source: str) -> Check:
        with patient.change():
            patient.remove_permissions()
            lab.client("lambda").add_permission(
                FunctionName=patient.rig.function, StatementId="topic", Principal=principal,
                Action=f"lambda:{action}", **source,
            )  # fmt: skip
        return patient.check()

    sns, every = "sns.amazonaws.com", f"{topic.rpartition(':')[0]}:*"
    answers.judge("the topic", answered(sns, SourceArn=topic), PASSED)
    others = "Other topics of your account"
    answers.judge("topics of the account", answered(sns, SourceArn=every), PASSED, others)
    answers.judge("the account", answered(sns, SourceAccount=account), PASSED, others)
    # These work, and that alone is not enough
    works = "the function ran once, without an error"
    public = answered("*", SourceArn=topic)
    answers.judge("everybody, the topic", public, DANGEROUS, "everybody", works)
    answers.judge("everybody", answered("*"), DANGEROUS, "nothing keeps others out", works)
    answers.judge("no source", answered(sns), DANGEROUS, "on behalf of any topic", works)
    more = answered(sns, "*", SourceArn=topic)
    answers.judge("every action", more, DANGEROUS, "not only invoke", works)
    other = answered(sns, SourceAccount="1" * 12)
    answers.judge("another account", other, DANGEROUS, "is not yours")
    queue = answered("sqs.amazonaws.com", SourceArn=topic)
    answers.judge("another service", queue, NOT_YET, "sqs.amazonaws.com may")
    answers.judge("another topic", answered(sns, SourceArn=f"{topic}-2"), NOT_YET, "another topic")
    answers.judge("nobody", answered("nobody"), NOT_YET, "no change: ")


def test_5_settings_and_senders_may_move(lab: Lab, bench: Bench, answers: Answers) -> None:
    patient, lambda_ = clinic.AliasDestination(lab, bench), lab.client("lambda")
    own, function = bench.queue("own"), patient.rig.function
    assert answers.judge("as it was", patient.check(), NOT_YET).is_untouched

    def answered(qualifier: str, destination: str | None, **settings: int) -> Check:
        on_failure = {"OnFailure": {"Destination": destination}} if destination else {}
        with patient.change():
            lambda_.put_function_event_invoke_config(
                FunctionName=function, Qualifier=qualifier, DestinationConfig=on_failure, **settings
            )
        return patient.check()

    once = {"MaximumRetryAttempts": 0}
    answers.judge("the version", answered("1", patient.failed.arn, **once), NOT_YET, "version 1")
    retried = answered("live", patient.failed.arn)
    answers.judge("the alias, retried", retried, NOT_YET, "it may run 3 times")
    answers.judge("the alias, once", answered("live", patient.failed.arn, **once), PASSED)
    unkept = answered("live", None, **once)
    answers.judge("the alias, no record", unkept, DANGEROUS, "without a record it is lost")
    answers.judge("own queue", answered("live", own.arn, **once), PASSED, "A queue of your own")
    # Senders may move to the function instead
    lambda_.delete_function_event_invoke_config(FunctionName=function, Qualifier="live")
    patient.orders_go_to = str(function)
    answers.judge("the function", patient.check(), PASSED, "past the alias")
    # And to nowhere: that is told
    for nowhere in ("nowhere", f"{function}:$OLD", None, 5):
        patient.orders_go_to = nowhere  # type: ignore[assignment]
        lost = answers.judge(str(nowhere), patient.check(), NOT_YET)
        assert lost.seen.startswith("no trial: ")
    patient.orders_go_to = f"{function}:live"
    for qualifier in ("$LATEST", "1"):
        lambda_.delete_function_event_invoke_config(FunctionName=function, Qualifier=qualifier)
    answers.judge("nothing", patient.check(), DANGEROUS, "nothing is configured at all")


def test_6_age_and_retries_have_to_fit(lab: Lab, bench: Bench, answers: Answers) -> None:
    patient, lambda_ = clinic.EventAge(lab, bench), lab.client("lambda")
    own = bench.queue("own")
    assert answers.judge("as it was", patient.check(), NOT_YET).is_untouched

    def answered(**settings: Any) -> Check:
        with patient.change():
            lambda_.update_function_event_invoke_config(
                FunctionName=patient.rig.function, **settings
            )
        return patient.check()

    def aged(age_s: Any) -> Check:
        return answered(MaximumEventAgeInSeconds=age_s)

    answers.judge("90 s", aged(90), NOT_YET, "about 180 s old; it may be 90 s old")
    for value in (None, "300", 22000):
        refused = answers.judge(repr(value), aged(value), NOT_YET)
        assert refused.seen.startswith("no change: ")
        assert "\n" not in refused.seen
    answers.judge("300 s", aged(300), PASSED)
    answers.judge("190 s", aged(190), PASSED, "It is tight")
    unretried = answered(MaximumEventAgeInSeconds=21600, MaximumRetryAttempts=0)
    answers.judge("6 h, no retry", unretried, NOT_YET, "with 0 retries there is none")
    one = answered(MaximumEventAgeInSeconds=300, MaximumRetryAttempts=1)
    answers.judge("300 s, one retry", one, NOT_YET, "with 1 retry there is none")
    to_own = {"OnFailure": {"Destination": own.arn}}
    kept = answered(MaximumRetryAttempts=2, DestinationConfig=to_own)
    answers.judge("own queue", kept, PASSED, "A queue of your own")
    with patient.change():
        lambda_.put_function_event_invoke_config(
            FunctionName=patient.rig.function, MaximumEventAgeInSeconds=300
        )
    answers.judge("no destination", patient.check(), DANGEROUS, "lost without a record")
