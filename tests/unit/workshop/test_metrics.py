"""Sums of metrics: one call for many of them, each sum at its own metric."""

from datetime import timedelta
from typing import Any

from tests.unit.workshop.fake_aws import fake_session
from workshop.evidence.metrics import Metric, sums


class CloudWatch:
    """Has counted, hour by hour, what is given for each resource; remembers what it was asked."""

    def __init__(self, **counted: list[float]) -> None:
        self.counted = counted
        self.asked: list[dict[str, Any]] = []

    def get_metric_data(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        results = []
        for query in asked["MetricDataQueries"]:
            [dimension] = query["MetricStat"]["Metric"]["Dimensions"]
            values = self.counted.get(dimension["Value"], [])
            results.append({"Id": query["Id"], "Values": values})
        # CloudWatch promises no order.
        return {"MetricDataResults": results[::-1]}


def throttles(function: str) -> Metric:
    return Metric("AWS/Lambda", "Throttles", "FunctionName", function)


def test_each_metric_is_summed_up_and_what_was_never_counted_is_0() -> None:
    cloudwatch = CloudWatch(f3=[1.0, 2.0], f140=[5.0])
    session, asked = fake_session(cloudwatch=cloudwatch), [throttles(f"f{n}") for n in range(150)]
    found = sums(session, asked, session.clock.now())
    assert list(found) == asked
    assert {metric.resource: n for metric, n in found.items() if n} == {"f3": 3.0, "f140": 5.0}
    # And in few calls, none of which asks for more than its answer has room for
    assert [len(call["MetricDataQueries"]) for call in cloudwatch.asked] == [100, 50]


def test_the_minutes_in_which_it_begins_and_ends_count() -> None:
    cloudwatch = CloudWatch()
    session = fake_session(cloudwatch=cloudwatch)
    since = session.clock.now()
    session.clock.sleep(100)
    sums(session, [throttles("f")], since)
    [call] = cloudwatch.asked
    assert call["StartTime"] == since - timedelta(minutes=1)
    assert call["EndTime"] == session.clock.now() + timedelta(minutes=1)
    [query] = call["MetricDataQueries"]
    assert query["MetricStat"]["Metric"] == {
        "Namespace": "AWS/Lambda",
        "MetricName": "Throttles",
        "Dimensions": [{"Name": "FunctionName", "Value": "f"}],
    }
    assert query["MetricStat"]["Stat"] == "Sum"


def test_nothing_asked_is_no_call() -> None:
    session = fake_session(cloudwatch=None)
    assert sums(session, [], session.clock.now()) == {}
