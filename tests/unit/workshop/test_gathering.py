"""What the ledger takes from metrics, on a target that shows them late."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.workshop.fake_aws import fake_session
from workshop.accounting.gathering import failures
from workshop.target.lateness import LATE, PUNCTUAL, Lateness
from workshop.target.outputs import Outputs

TOPIC = "arn:aws:sns:eu-central-1:000000000000:topic"
OUTPUTS = Outputs("LambdaDlq", {"FunctionName": "f", "TopicArn": TOPIC})


class CloudWatch:
    """Shows what SNS gave up in some minutes, and nothing yet of what a DLQ took."""

    def __init__(self, *given_up: datetime) -> None:
        self.given_up = given_up

    def get_metric_data(self, **asked: Any) -> dict[str, Any]:
        return {"MetricDataResults": [self._result(query) for query in asked["MetricDataQueries"]]}

    def _result(self, query: Any) -> dict[str, Any]:
        is_given_up = query["MetricStat"]["Metric"]["MetricName"] == "NumberOfNotificationsFailed"
        minutes = self.given_up if is_given_up else ()
        return {"Id": query["Id"], "Timestamps": [*minutes], "Values": [1.0] * len(minutes)}


def dropped(lateness: Lateness, *ago_s: float) -> int:
    session = fake_session()
    now = session.clock.now()
    cloudwatch = CloudWatch(*(now - timedelta(seconds=s) for s in ago_s))
    session = fake_session(cloudwatch=cloudwatch)
    session.lateness = lateness
    lab: Any = SimpleNamespace(session=session, clock=session.clock)
    return failures(lab, OUTPUTS)[1]


@pytest.mark.parametrize(("ago_s", "number"), [(0, 0), (239, 0), (240, 1), (3600, 1)])
def test_a_dropped_notification_counts_when_the_dlq_that_took_it_would_be_seen(
    ago_s: float, number: int
) -> None:
    # Given the beginning of a minute in which SNS gave up a notification
    assert dropped(LATE, ago_s) == number


def test_where_metrics_are_seen_at_once_the_last_minute_counts_too() -> None:
    assert dropped(PUNCTUAL, 0, 60) == 2
