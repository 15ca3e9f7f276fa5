"""How often Lambda refused to run a function while a message could be received."""

import json
from datetime import timedelta
from typing import Any

import pandas as pd

from tests.unit.workshop.fake_aws import fake_session
from tests.unit.workshop.log_events import T0_MS
from tests.unit.workshop.test_timeline import arrival, arrivals
from workshop.evidence.throttles import counted
from workshop.target.lateness import LATE, PUNCTUAL, Lateness

OUTPUTS = {"FunctionName": "f", "SourceQueueUrl": "queue", "EventSourceMappingId": "mapping"}
SENT = pd.Timestamp(T0_MS, unit="ms", tz="UTC")


class Aws:
    """Lambda, SQS and CloudWatch, which counted throttles in the minutes given."""

    def __init__(self, **throttled_after_s: float) -> None:
        self.minutes = throttled_after_s
        self.asked: list[Any] = []

    def get_function_configuration(self, **_: object) -> dict[str, Any]:
        return {"Timeout": 5}

    def get_event_source_mapping(self, **_: object) -> dict[str, Any]:
        return {"BatchSize": 1}

    def get_queue_attributes(self, **_: object) -> dict[str, Any]:
        policy = json.dumps({"deadLetterTargetArn": "dlq", "maxReceiveCount": "3"})
        return {"Attributes": {"VisibilityTimeout": "30", "RedrivePolicy": policy}}

    def get_metric_data(self, **asked: object) -> dict[str, Any]:
        self.asked.append(asked)
        at_s = [float(name.removeprefix("at_")) for name in self.minutes]
        times = [(SENT + timedelta(seconds=s)).to_pydatetime() for s in at_s]
        return {"MetricDataResults": [{"Timestamps": times, "Values": [*self.minutes.values()]}]}


def found(
    aws: Aws,
    row: dict[str, object],
    lateness: Lateness = PUNCTUAL,
    after_s: float = 0,
    **outputs: str,
) -> Any:
    session = fake_session(**dict.fromkeys(("lambda", "sqs", "cloudwatch"), aws))
    session.lateness = lateness
    session.clock.sleep((SENT - session.clock.now()).total_seconds() + after_s)
    return counted(session, outputs or OUTPUTS, arrivals(row))["throttled"].iloc[0]


def test_throttles_count_while_the_message_could_be_received() -> None:
    # Given throttles in the minutes of the message, and an hour later
    aws = Aws(at_0=2.0, at_60=1.0, at_3600=40.0)
    # Then those of its time are counted: 4 times the visibility timeout of 30 s
    assert found(aws, arrival("bad", None)) == 3
    [asked] = aws.asked
    assert asked["MetricDataQueries"][0]["MetricStat"]["Period"] == 60


def test_no_throttle_is_told_only_when_late_metrics_must_be_there() -> None:
    # Given a message that could be received for 120 s, and no throttle that can be seen
    row = arrival("bad", None)
    assert pd.isna(found(Aws(), row, LATE, after_s=359))
    # Then after its last minute and three minutes more there was none
    assert found(Aws(), row, LATE, after_s=361) == 0
    # And one that is seen counts at once, as none does where metrics are not late
    assert found(Aws(at_0=1.0), row, LATE, after_s=100) == 1
    assert found(Aws(), row, PUNCTUAL, after_s=100) == 0


def test_nobody_is_asked_about_messages_that_sqs_did_not_move() -> None:
    aws = Aws(at_0=2.0)
    assert pd.isna(found(aws, arrival("ok", 0.1, reason="Success")))
    assert pd.isna(found(aws, arrival("bad", None), FunctionName="f", TopicArn="topic"))
    assert aws.asked == []
