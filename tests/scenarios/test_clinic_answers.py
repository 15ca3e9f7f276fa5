"""The clinic's patients with answers of many kinds: right ones pass, dangerous ones are called so.

One run per patient; what else can be answered is in the unit tests of the rules.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

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


def word(check: Check) -> str:
    return str(check).partition(":")[0]


def test_1_a_longer_visibility_or_a_shorter_function(lab: Lab, bench: Bench) -> None:
    patient = clinic.VisibilityTimeout(lab, bench)
    sqs, lambda_ = lab.client("sqs"), lab.client("lambda")
    untouched = patient.check()
    assert word(untouched) == "not yet"
    assert untouched.is_untouched
    # A value out of range is told in words, and so is one that is no number
    for value in (99999, None, "many"):
        with patient.change():
            sqs.set_queue_attributes(
                QueueUrl=patient.queue.url, Attributes={"VisibilityTimeout": str(value)}
            )
        check = patient.check()
        assert word(check) == "not yet"
        assert check.seen.startswith("no change: AWS refused the change, InvalidAttributeValue")
        assert "43200" in check.hint
    # The other number may move as well: six times 1 s is less than the 10 s of the queue
    lambda_.update_function_configuration(FunctionName=patient.function, Timeout=1)
    assert word(patient.check()) == "passed"
    # What is connected already can be set to fail
    lambda_.update_function_configuration(FunctionName=patient.function, Timeout=20)
    check = patient.check()
    assert word(check) == "dangerous"
    assert "a second run starts beside the first" in check.remark
    sqs.set_queue_attributes(QueueUrl=patient.queue.url, Attributes={"VisibilityTimeout": "120"})
    assert word(patient.check()) == "passed"


def test_2_receives_outlast_an_outage(lab: Lab, bench: Bench) -> None:
    patient = clinic.ThrottledQueue(lab, bench)

    def answered(policy: Any, **attributes: str) -> Check:
        text = json.dumps(policy) if policy else ""
        lab.client("sqs").set_queue_attributes(
            QueueUrl=patient.rig.source, Attributes={"RedrivePolicy": text} | attributes
        )
        return patient.check()

    removed = answered(None)
    assert word(removed) == "dangerous"
    assert "no redrive policy" in removed.seen
    few = answered(patient.redrive_policy | {"maxReceiveCount": 3})
    assert word(few) == "not yet"
    assert "the order is in the source queue's DLQ" in few.seen
    # A longer visibility timeout with fewer receives does it as well
    longer = answered(patient.redrive_policy | {"maxReceiveCount": 2}, VisibilityTimeout="120")
    assert word(longer) == "passed"
    assert "advises 5" in longer.remark
    assert word(answered(patient.redrive_policy | {"maxReceiveCount": 1})) == "dangerous"
    # However long the order is hidden, the check waits for it
    five = patient.redrive_policy | {"maxReceiveCount": 5}
    assert word(answered(five, VisibilityTimeout="3600")) == "passed"
    # And a set-up that is gone is told
    lab.client("lambda").delete_function(FunctionName=patient.rig.function)
    gone = patient.check()
    assert word(gone) == "not yet"
    assert gone.seen.startswith("no trial: AWS refused the trial, ResourceNotFoundException")


def test_3_any_queue_may_be_the_dlq(
    lab: Lab, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = clinic.FunctionDlq(lab, bench)
    own, short = bench.queue("own"), bench.queue("short", MessageRetentionPeriod=60)

    def answered(target: str, receives: Any) -> Check:
        policy = {"deadLetterTargetArn": target, "maxReceiveCount": receives}
        with patient.change():
            lab.client("sqs").set_queue_attributes(
                QueueUrl=patient.queue.url, Attributes={"RedrivePolicy": json.dumps(policy)}
            )
        return patient.check()

    assert "RedrivePolicy" in answered(f"{own.arn}-none", 3).seen
    assert word(answered(own.arn, 3)) == "passed"
    many = answered(patient.dlq.arn, 30)
    assert word(many) == "passed"
    assert "a bad order runs so often" in many.remark
    assert "the function ran 30 times, and the order is in the DLQ" in many.seen
    # Where nobody waits so long, it is said that its end was not seen
    monkeypatch.setattr(exercise, "_MOST_SKIPPED_S", 240.0)
    many = answered(patient.dlq.arn, 30)
    assert word(many) == "passed"
    assert "its end, after about 640 s, was not waited for" in many.seen
    assert word(answered(short.arn, 3)) == "dangerous"
    assert word(answered(patient.queue.arn, 3)) in ("dangerous", "not yet")


def test_4_one_topic_may_invoke_and_nobody_else(lab: Lab, bench: Bench) -> None:
    patient = clinic.MissingPermission(lab, bench)
    account, topic = lab.session.account(), patient.rig.source
    assert patient.check().is_untouched

    def answered(principal: Any, **source: str) -> Check:
        with patient.change():
            patient.remove_permissions()
            lab.client("lambda").add_permission(
                FunctionName=patient.rig.function, StatementId="topic", Principal=principal,
                Action="lambda:InvokeFunction", **source,
            )  # fmt: skip
        return patient.check()

    sns = "sns.amazonaws.com"
    expected = {
        "passed": [
            answered(sns, SourceArn=topic),
            answered(sns, SourceArn=f"{topic.rpartition(':')[0]}:*"),
            answered(sns, SourceAccount=account),
        ],
        "dangerous": [
            answered("*", SourceArn=topic),
            answered(sns),
            answered(sns, SourceAccount="1" * 12),
        ],
        "not yet": [answered("sqs.amazonaws.com", SourceArn=topic), answered("nobody")],
    }
    for kind, checks in expected.items():
        assert [word(check) for check in checks] == [kind] * len(checks)
    # And those that are dangerous work: that alone is not enough
    assert "the last time without an error" in expected["dangerous"][0].seen


def test_5_settings_and_senders_may_move(lab: Lab, bench: Bench) -> None:
    patient, lambda_ = clinic.AliasDestination(lab, bench), lab.client("lambda")
    own, function = bench.queue("own"), patient.rig.function
    assert patient.check().is_untouched

    def answered(qualifier: str, destination: str | None, **settings: int) -> Check:
        on_failure = {"OnFailure": {"Destination": destination}} if destination else {}
        with patient.change():
            lambda_.put_function_event_invoke_config(
                FunctionName=function, Qualifier=qualifier, DestinationConfig=on_failure, **settings
            )
        return patient.check()

    version = answered("1", patient.failed.arn, MaximumRetryAttempts=0)
    assert (word(version), "version 1" in version.hint) == ("not yet", True)
    assert word(answered("live", patient.failed.arn)) == "not yet"
    assert word(answered("live", None, MaximumRetryAttempts=0)) == "dangerous"
    assert word(answered("live", own.arn, MaximumRetryAttempts=0)) == "passed"
    # Senders may move to the function instead
    lambda_.delete_function_event_invoke_config(FunctionName=function, Qualifier="live")
    patient.orders_go_to = str(function)
    assert word(patient.check()) == "passed"
    # And to nowhere: that is told
    for nowhere in ("nowhere", f"{function}:$OLD", None, 5):
        patient.orders_go_to = nowhere  # type: ignore[assignment]
        lost = patient.check()
        assert word(lost) == "not yet"
        assert lost.seen.startswith("no trial: ")


def test_6_age_and_retries_have_to_fit(lab: Lab, bench: Bench) -> None:
    patient, lambda_ = clinic.EventAge(lab, bench), lab.client("lambda")

    def answered(**settings: Any) -> Check:
        with patient.change():
            lambda_.update_function_event_invoke_config(
                FunctionName=patient.rig.function, **settings
            )
        return patient.check()

    assert word(answered(MaximumEventAgeInSeconds=90)) == "not yet"
    for value in (None, "300", 22000):
        refused = answered(MaximumEventAgeInSeconds=value)
        assert refused.seen.startswith("no change: ")
        assert "\n" not in refused.seen
    assert word(answered(MaximumEventAgeInSeconds=300)) == "passed"
    assert word(answered(MaximumEventAgeInSeconds=21600, MaximumRetryAttempts=0)) == "not yet"
    with patient.change():
        lambda_.put_function_event_invoke_config(
            FunctionName=patient.rig.function, MaximumEventAgeInSeconds=300
        )
    assert word(patient.check()) == "dangerous"
