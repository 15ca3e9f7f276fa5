"""The clean-up finds what is ours under any name, and reckons what nobody counts there."""

import json
from datetime import timedelta

from tests.scenarios.account import TRUST
from workshop import cleanup, prices
from workshop.cleanup import cost
from workshop.lab import Lab
from workshop.stacks import ownership, sweep


def test_what_carries_our_tag_is_found_under_any_name(lab: Lab) -> None:
    # Given resources that carry the deployment's id and are called otherwise, and a stranger's
    tags = ownership.tags(lab.session)
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    lab.client("sqs").create_queue(QueueName="elsewhere-queue", tags=tags)
    lab.client("sqs").create_queue(QueueName="strangers-queue")
    lab.client("sns").create_topic(Name="elsewhere-topic", Tags=pairs)
    lab.client("logs").create_log_group(logGroupName="/elsewhere/group", tags=tags)
    lab.client("iam").create_role(
        RoleName="elsewhere-role", AssumeRolePolicyDocument=json.dumps(TRUST), Tags=pairs
    )
    lab.client("cloudwatch").put_metric_alarm(
        AlarmName="elsewhere-alarm", MetricName="m", Namespace="n", Period=60, Threshold=1,
        EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold", Statistic="Sum", Tags=pairs,
    )  # fmt: skip
    # When somebody looks
    look = cleanup.look(lab)
    # Then those are ours, and the stranger's is not even told of
    mine = {one.name for one in look.ours if "elsewhere" in one.name}
    assert mine == {
        "elsewhere-queue",
        "elsewhere-topic",
        "/elsewhere/group",
        "elsewhere-role",
        "elsewhere-alarm",
    }
    assert not [one for one in (*look.ours, *look.others) if "strangers" in one.name]
    # And they can be removed
    sweep.delete(lab.session, [one for one in look.ours if one.name in mine])
    assert not [one for one in cleanup.found(lab) if "elsewhere" in one.name]


def test_pollers_that_find_nothing_are_reckoned(lab: Lab) -> None:
    # Given an hour in which nobody sends anything
    before = requests(lab)
    lab.clock.sleep(timedelta(hours=1).total_seconds(), "nobody sends anything")
    # Then what was used has grown by what the pollers have asked
    number = len(cleanup.enabled_mappings(lab))
    assert number > 0
    hour = cost.idle_requests(number, days=1 / 24)
    assert requests(lab) - before > 0.9 * hour
    shown = cleanup.used(lab)._repr_html_()
    assert "pollers that found nothing" in shown
    # And nobody is told that this is all
    assert "Alarms and kept logs are billed" in shown
    told = repr(cleanup.polling(lab, on=False))
    assert "alarms and kept logs are billed" in told


def requests(lab: Lab) -> float:
    amounts = cleanup.used(lab).table.set_index("item")["amount"]
    return float(amounts[prices.SQS_STANDARD.item] + amounts[prices.SQS_FIFO.item])
