"""When an alarm should ring, by its own settings."""

from typing import Any

import pytest

from tests.unit.workshop.fake_aws import fake_lab, fake_session
from workshop.errors import DataError
from workshop.evidence import alarms
from workshop.progress import ProgressLine
from workshop.target.lateness import LATE

NAME = "Dlq"


class CloudWatch:
    """One alarm, which rings at the third look."""

    def __init__(self, **settings: Any) -> None:
        self.looks = 0
        self.settings = {"Period": 60, "EvaluationPeriods": 1} | settings

    def describe_alarms(self, AlarmNames: list[str]) -> dict[str, Any]:  # noqa: N803
        if AlarmNames != [NAME]:
            return {"MetricAlarms": []}
        self.looks += 1
        state = "ALARM" if self.looks > 2 else "OK"
        return {"MetricAlarms": [{"StateValue": state, **self.settings}]}


def test_period_and_evaluations_say_when() -> None:
    found = alarms.read(fake_session(cloudwatch=CloudWatch(EvaluationPeriods=4)), NAME)
    assert found.rings_after_s == 60 + 4 * 60
    assert found.cause.endswith("needs 4 of 4 periods of 60 s")
    some = CloudWatch(EvaluationPeriods=3, DatapointsToAlarm=2)
    assert alarms.read(fake_session(cloudwatch=some), NAME).rings_after_s == 60 + 2 * 60


def test_a_wait_for_an_alarm_says_when_it_should_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(ProgressLine, "update", lambda _, text: lines.append(text))
    lab = fake_lab(cloudwatch=CloudWatch())
    lab.session.clock.is_virtual = False  # type: ignore[misc]
    lab.session.lateness = LATE
    lab.wait_for_alarm(NAME)
    assert "1 period of 60 s; of a queue that was idle up to 15 min late)" in lines[0]
    assert "AWS will be done at 00:02:00 UTC, 120 s left" in lines[0]


def test_an_alarm_that_is_gone_is_told() -> None:
    with pytest.raises(DataError, match="AWS shows no alarm Other"):
        fake_lab(cloudwatch=CloudWatch()).wait_for_alarm("Other")
