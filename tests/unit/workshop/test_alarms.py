"""When an alarm should ring, by its own settings."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
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
    assert found.cause().endswith("needs 4 of 4 periods of 60 s")
    some = CloudWatch(EvaluationPeriods=3, DatapointsToAlarm=2)
    assert alarms.read(fake_session(cloudwatch=some), NAME).rings_after_s == 60 + 2 * 60


def test_a_wait_for_an_alarm_says_when_it_should_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(ProgressLine, "update", lambda _, text: lines.append(text))
    lab = fake_lab(cloudwatch=CloudWatch())
    lab.session.clock.is_virtual = False  # type: ignore[misc]
    lab.session.lateness = LATE
    lab.wait_for_alarm(NAME)
    assert (
        "(SQS reports once a minute, and begins to, of a queue that was idle, up to 15 min late; "
        "the alarm needs 1 of 1 period of 60 s)"
    ) in lines[0]
    # No moment of it is told later than this one
    assert (
        "AWS will be done at 00:02:00 UTC, 120 s left; it may be seen up to 900 s later, by "
        "00:17:00 UTC. No setting shortens that"
    ) in lines[0]


REASON = (
    "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (01/01/26 00:50:00)] was greater than "
    "or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition)."
)


@pytest.mark.parametrize(
    ("came_at", "told"),
    [
        # Metrics are late: it rings after our order was sent, because of one of an earlier run
        (datetime(2026, 1, 1, 0, 53, 30, tzinfo=UTC), "of an earlier run. It does not ring once"),
        (datetime(2026, 1, 1, 0, 51, tzinfo=UTC), "of an earlier run. It does not ring once"),
        (datetime(2026, 1, 1, 0, 50, 30, tzinfo=UTC), "and our order came at 00:50:30."),
        (datetime(2026, 1, 1, 0, 40, tzinfo=UTC), "and our order came at 00:40:00."),
    ],
)
def test_for_what_an_alarm_rings_is_told_by_what_it_counted(came_at: datetime, told: str) -> None:
    since = datetime(2026, 1, 1, 0, 52, 5, tzinfo=UTC)
    shown = CloudWatch(StateUpdatedTimestamp=since, StateReason=REASON)
    rang = fake_lab(cloudwatch=shown).wait_for_alarm(NAME).value
    sentence = rang.told_of("our order", came_at - timedelta(seconds=30), 30)
    assert sentence == rang.told_of("our order", came_at)
    assert sentence.startswith("It began to ring at 00:52:05 UTC. What it counted lay there from")
    assert "from 00:50:00 to 00:51:00" in sentence
    assert told in sentence


def test_a_state_that_somebody_set_names_no_period() -> None:
    rang = fake_lab(cloudwatch=CloudWatch(StateReason="a test")).wait_for_alarm(NAME).value
    told = "It rings; CloudWatch names no period that it counted."
    assert rang.told_of("our order", datetime(2026, 1, 1, tzinfo=UTC)) == told


def test_an_alarm_that_is_gone_is_told() -> None:
    with pytest.raises(DataError, match="AWS shows no alarm Other"):
        fake_lab(cloudwatch=CloudWatch()).wait_for_alarm("Other")


def test_an_order_that_did_not_come_is_not_what_it_rings_for() -> None:
    rang = fake_lab(cloudwatch=CloudWatch(StateReason=REASON)).wait_for_alarm(NAME).value
    said = rang.told_of("our order", pd.NaT, 30)
    assert said == (
        "It rings, not for our order: no attempt of it is known. Send it, then look again."
    )
