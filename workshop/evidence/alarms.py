"""An alarm's state, and when it should ring by its own settings."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd

from workshop.counting import counted
from workshop.evidence.found import first_of
from workshop.target.session import Session

# SQS sends its metrics to CloudWatch once a minute, and of a queue that was inactive up to a
# quarter of an hour late.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
REPORTED_EVERY_S, LATE_S = 60.0, 900.0
# The moment of a datapoint in a StateReason: "[1.0 (06/03/26 17:43:00)]", day first, in UTC.
_DATAPOINT = re.compile(r"\((\d\d/\d\d/\d\d \d\d:\d\d:\d\d)\)")


@dataclass(frozen=True)
class Alarm:
    """What CloudWatch says of an alarm.

    Attributes:
        state: OK, ALARM or INSUFFICIENT_DATA.
        period_s: of its metric.
        periods: how many of them it looks at.
        datapoints: how many of these have to be over its threshold.
        since: when it came into this state; None where CloudWatch does not say.
        reason: why, in CloudWatch's words.
    """

    state: str
    period_s: float
    periods: int
    datapoints: int
    since: datetime | None = None
    reason: str = ""

    @property
    def counted_at(self) -> datetime | None:
        """When the latest period began that it was judged by; None where no datapoint is named."""
        found = [
            datetime.strptime(told, "%d/%m/%y %H:%M:%S").replace(tzinfo=UTC)
            for told in _DATAPOINT.findall(self.reason)
        ]
        return max(found, default=None)

    def told_of(self, what: str, since: datetime, wait_s: float = 0.0) -> str:
        """Whether it rings because of something that came into its queue, in a sentence.

        It rings late, as its metric is: so the moment tells nothing; the period that it counted
        does.

        Args:
            what: that which came, e.g. "our order".
            since: when it came; or since when its last wait was running. NaT: it did not come.
            wait_s: how long that wait was.
        """
        began = f"It began to ring at {self.since:%H:%M:%S} UTC" if self.since else "It rings"
        counted = self.counted_at
        if pd.isna(since):
            return f"{began}, not for {what}: no attempt of it is known. Send it, then look again."
        came_at = since + timedelta(seconds=wait_s)
        if counted is None:
            return f"{began}; CloudWatch names no period that it counted."
        end = counted + timedelta(seconds=self.period_s)
        told = f"{began}. What it counted lay there from {counted:%H:%M:%S} to {end:%H:%M:%S}"
        if end <= came_at:
            return (
                f"{told}, before {what} came at {came_at:%H:%M:%S}: something else, of an earlier "
                f"run. It does not ring once more for {what}."
            )
        return f"{told}, and {what} came at {came_at:%H:%M:%S}."

    @property
    def rings_after_s(self) -> float:
        """How long it takes at most, from the moment at which its queue has what it watches for."""
        return REPORTED_EVERY_S + self.period_s * self.datapoints

    def cause(self, late: str = "") -> str:
        """Why it takes so long, in AWS's words.

        Args:
            late: what else is to be said of SQS's reports.
        """
        return (
            f"SQS reports once a minute{late}; the alarm needs {self.datapoints} of "
            f"{counted(self.periods, 'period')} of {self.period_s:.0f} s"
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
    return Alarm(
        found["StateValue"],
        float(found["Period"]),
        periods,
        datapoints,
        found.get("StateUpdatedTimestamp"),
        found.get("StateReason", ""),
    )
