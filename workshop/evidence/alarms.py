"""An alarm's state, and when it should ring by its own settings."""

from dataclasses import dataclass

from workshop.evidence.found import first_of
from workshop.target.session import Session

# SQS sends its metrics to CloudWatch once a minute, and of a queue that was inactive up to a
# quarter of an hour late.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
REPORTED_EVERY_S, LATE_S = 60.0, 900.0


@dataclass(frozen=True)
class Alarm:
    """What CloudWatch says of an alarm.

    Attributes:
        state: OK, ALARM or INSUFFICIENT_DATA.
        period_s: of its metric.
        periods: how many of them it looks at.
        datapoints: how many of these have to be over its threshold.
    """

    state: str
    period_s: float
    periods: int
    datapoints: int

    @property
    def rings_after_s(self) -> float:
        """How long it takes at most, from the moment at which its queue has what it watches for."""
        return REPORTED_EVERY_S + self.period_s * self.datapoints

    @property
    def cause(self) -> str:
        """Why it takes so long, in AWS's words."""
        return (
            f"SQS reports once a minute, and the alarm needs {self.datapoints} of {self.periods} "
            f"period{'s' * (self.periods != 1)} of {self.period_s:.0f} s"
        )


def read(session: Session, name: str) -> Alarm:
    """An alarm as it is now.

    Raises:
        DataError: there is none of this name.
    """
    answer = session.client("cloudwatch").describe_alarms(AlarmNames=[name])
    found = first_of(answer["MetricAlarms"], f"alarm {name}")
    periods = int(found["EvaluationPeriods"])
    datapoints = int(found.get("DatapointsToAlarm") or periods)
    return Alarm(found["StateValue"], float(found["Period"]), periods, datapoints)
