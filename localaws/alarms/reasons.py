"""Why an alarm is in its state, in CloudWatch's words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_RELATIONS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_MISSING = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


def insufficient(periods: int) -> str:
    """There is nothing to judge by."""
    return f"Insufficient Data: {_datapoints(periods)} {_was(periods)} unknown."


def crossed(alarm: Mapping[str, Any], state: str, decisive: Sequence[tuple[float, float]]) -> str:
    """The state was found.

    Args:
        alarm: as DescribeAlarms gives it.
        state: OK or ALARM.
        decisive: (value, epoch seconds at which its period began) of the data that speak for the
            state, oldest first; none where missing data alone did.
    """
    periods = int(alarm.get("EvaluationPeriods", 1))
    if not decisive:
        treated = _MISSING.get(alarm.get("TreatMissingData", ""), "Missing")
        return (
            f"Threshold Crossed: no datapoints were received for {periods} "
            f"period{'s' * (periods > 1)} and {periods} missing "
            f"datapoint{'s' * (periods > 1)} {_was(periods)} treated as [{treated}]."
        )
    count, needed = len(decisive), alarm.get("DatapointsToAlarm")
    found = f"{count} out of the last {periods} datapoints" if needed else _datapoints(count)
    shown = ", ".join(f"{float(value)} ({_time(at_s)})" for value, at_s in reversed(decisive))
    negation = "" if state == "ALARM" else "not "
    relation = f"{negation}{_RELATIONS[alarm['ComparisonOperator']]}"
    text = (
        f"Threshold Crossed: {found} [{shown}] {_was(count)} {relation} the threshold "
        f"({float(alarm['Threshold'])})"
    )
    if not needed:
        return f"{text}."
    change, fewest = "OK -> ALARM", int(needed)
    if state == "OK":
        change, fewest = "ALARM -> OK", periods - int(needed) + 1
    return f"{text} (minimum {_datapoints(fewest)} for {change} transition)."


def _time(at_s: float) -> str:
    return datetime.fromtimestamp(at_s // 60 * 60, UTC).strftime("%d/%m/%y %H:%M:%S")


def _datapoints(count: int) -> str:
    return f"{count} datapoint{'s' * (count > 1)}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
