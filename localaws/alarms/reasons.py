"""Why an alarm is in its state, in CloudWatch's words. Pure.

They are those of states that were recorded (https://github.com/radkawar/stackd,
`testdata/aws/cloudwatch/alarm_evaluation.json`) and published by users. For a state that only
missing data speak for, while there are others, no sentence was found: ours is formed alike.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from localaws.alarms.evaluation_range import EvaluationRange
from localaws.alarms.metrics import judged_query, period_of, queries_of
from localaws.words.timestamps import iso_ms

_RELATIONS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def reason_of(
    alarm: Mapping[str, Any], state: str, decisive: Mapping[float, float], seen: EvaluationRange
) -> str:
    """Why it is in this state.

    Args:
        alarm: as DescribeAlarms gives it.
        state: OK, ALARM or INSUFFICIENT_DATA.
        decisive: start of the period -> value, of the data that speak for the state, newest first.
        seen: all that there is to judge by.
    """
    periods = seen.periods
    if state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_datapoints(periods)} {_was(periods)} unknown."
    treated = _TREATED.get(alarm.get("TreatMissingData") or "")
    filled = ""
    if treated and seen.filled:
        filled = (
            f"{seen.filled} missing datapoint{'s' * (seen.filled > 1)} {_was(seen.filled)} "
            f"treated as [{treated}]"
        )
    if not seen.real:
        received = f"no datapoints were received for {periods} period{'s' * (periods > 1)}"
        return f"Threshold Crossed: {received} and {filled}."
    found = " and ".join(part for part in (_found(alarm, state, decisive, periods), filled) if part)
    if not alarm.get("DatapointsToAlarm"):
        return f"Threshold Crossed: {found}."
    change = "OK -> ALARM" if state == "ALARM" else "ALARM -> OK"
    fewest = _datapoints(_fewest(state, seen))
    return f"Threshold Crossed: {found} (minimum {fewest} for {change} transition)."


def reason_data_of(
    alarm: Mapping[str, Any],
    state: str,
    decisive: Mapping[float, float],
    seen: EvaluationRange,
    counts: Mapping[float, float],
    now_s: float,
) -> dict[str, Any]:
    """The data behind the reason: what is JSON in StateReasonData, members in CloudWatch's order.

    Args:
        counts: start of the period -> of how many values its own is made.
    """
    queries = queries_of(alarm)
    query = judged_query(queries)
    assert query is not None
    stat = query.get("MetricStat") or {}
    evaluated = [*decisive]
    lacking = max(0, _fewest(state, seen) - len(evaluated))
    evaluated += [one.start_s for one in seen.data if one.value is None][:lacking]
    # From the oldest value that counts to the newest, with what is missing between them.
    real = seen.real
    recent = [
        one.value
        for one in reversed(seen.data)
        if real and real[-1].start_s <= one.start_s <= real[0].start_s
    ]
    members = {
        "version": "1.0",
        "queryDate": iso_ms(now_s, "+0000"),
        "startDate": iso_ms(real[-1].start_s, "+0000") if real else None,
        "unit": stat.get("Unit") or None,
        "statistic": stat.get("Stat"),
        "period": period_of(queries, query),
    }
    return {name: value for name, value in members.items() if value is not None} | {
        "recentDatapoints": recent,
        "threshold": float(alarm["Threshold"]),
        "evaluatedDatapoints": [
            _evaluated(start_s, decisive.get(start_s), counts.get(start_s))
            for start_s in sorted(evaluated, reverse=True)
        ],
    }


def _found(
    alarm: Mapping[str, Any], state: str, decisive: Mapping[float, float], periods: int
) -> str:
    """What the data say; nothing where none of them speaks for the state."""
    if not decisive:
        return ""
    count = len(decisive)
    told = _datapoints(count)
    if alarm.get("DatapointsToAlarm"):
        told = f"{count} out of the last {periods} datapoints"
    shown = ", ".join(f"{float(value)} ({_time(at_s)})" for at_s, value in decisive.items())
    relation = f"{'' if state == 'ALARM' else 'not '}{_RELATIONS[alarm['ComparisonOperator']]}"
    threshold = f"the threshold ({float(alarm['Threshold'])})"
    return f"{told} [{shown}] {_was(count)} {relation} {threshold}"


def _fewest(state: str, seen: EvaluationRange) -> int:
    """How many data it takes at least for a state."""
    return seen.periods - seen.needed + 1 if state == "OK" else seen.needed


def _evaluated(start_s: float, value: float | None, count: float | None) -> dict[str, Any]:
    members = {"timestamp": iso_ms(start_s, "+0000"), "sampleCount": count, "value": value}
    return {name: member for name, member in members.items() if member is not None}


def _time(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%d/%m/%y %H:%M:%S")


def _datapoints(count: int) -> str:
    return f"{count} datapoint{'s' * (count > 1)}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
