"""What CloudWatch refuses of a metric's data, and ministack takes. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
Its words are recorded (https://github.com/radkawar/stackd, `testdata/aws/cloudwatch/metrics.json`)
but for a dimension without a value and for single members of Values and StatisticValues, which are
formed alike. Of several mistakes of a kind each has its line
(https://github.com/aws-robotics/cloudwatchmetrics-ros1/issues/46).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from localaws.words.errors import AwsError

_VALUE, _COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_MISSING = "MissingParameter"
_PAST_S, _AHEAD_S = 1_209_600, 7_200
_GREATEST = 2.0**360

Mistake = tuple[str, str]
# What reads a timestamp as epoch seconds; None of one that is not there.
ReadTime = Callable[[Any], float | None]


def mistake_in_data(
    request: Mapping[str, Any], now_s: float, read_time: ReadTime
) -> AwsError | None:
    """What PutMetricData answers to a request that it refuses, or None."""
    if str(request.get("Namespace") or "").startswith("AWS/"):
        return AwsError("The value AWS/ for parameter Namespace is invalid.", code=_VALUE)
    data = request.get("MetricData") or []
    if not data and not request.get("EntityMetricData"):
        told = "At least one MetricDatum object must be present in the request."
        return AwsError(told, code=_MISSING)
    mistakes = [
        mistake
        for number, datum in enumerate(data, start=1)
        for mistake in _of_datum(datum, f"MetricData.member.{number}", now_s, read_time)
    ]
    if not mistakes:
        return None
    code = mistakes[0][0]
    lines = dict.fromkeys(message for kind, message in mistakes if kind == code)
    return AwsError("\n".join(lines), code=code)


def _of_datum(
    datum: Mapping[str, Any], place: str, now_s: float, read_time: ReadTime
) -> Iterator[Mistake]:
    yield from _of_dimensions(datum, place)
    yield from _of_combination(datum, place)
    for where, value in _numbers(datum, place):
        if not abs(value) <= _GREATEST:
            yield _VALUE, f"The value {_shown(value)} for parameter {where} is invalid."
    yield from _of_statistics(datum.get("StatisticValues") or {}, f"{place}.StatisticValues")
    if any(count < 0 for count in datum.get("Counts") or ()):
        yield _VALUE, f"The parameter {place}.Counts must contain only values greater than 0."
    if datum.get("StorageResolution") not in (None, 1, 60):
        told = f"The parameter {place}.StorageResolution must be a value in the set [ 1, 60 ]."
        yield _VALUE, told
    at_s = read_time(datum.get("Timestamp"))
    if at_s is not None and at_s < now_s - _PAST_S:
        told = f"The parameter {place}.Timestamp must specify a time within the past two weeks."
        yield _VALUE, told
    if at_s is not None and at_s > now_s + _AHEAD_S:
        yield (
            _VALUE,
            f"The parameter {place}.Timestamp must specify a time no more than two hours in the "
            "future.",
        )


def _of_combination(datum: Mapping[str, Any], place: str) -> Iterator[Mistake]:
    values, counts = datum.get("Values"), datum.get("Counts")
    if counts and not values:
        told = "The parameter values must appears when the counts parameter is specified."
        yield _COMBINATION, told
    elif counts and values and len(counts) != len(values):
        told = f"The parameters {place}.Values and {place}.Counts must be of the same size."
        yield _VALUE, told
    given = [name for name in ("Values", "StatisticValues") if datum.get(name)]
    if datum.get("Value") is None:
        if not given and not counts:
            yield _COMBINATION, "At least one of the parameters must be specified."
        return
    for other in given:
        yield (
            _COMBINATION,
            f"The parameters {place}.Value and {place}.{other} are mutually exclusive and you "
            "have specified both.",
        )


def _of_dimensions(datum: Mapping[str, Any], place: str) -> Iterator[Mistake]:
    dimensions = datum.get("Dimensions") or []
    for number, dimension in enumerate(dimensions, start=1):
        for name in ("Name", "Value"):
            if not str(dimension.get(name) or "").strip():
                told = f"The parameter {place}.Dimensions.member.{number}.{name} is required."
                yield _MISSING, told
    names = [dimension.get("Name") for dimension in dimensions]
    if len(set(names)) < len(names):
        yield _VALUE, "No metric may specify the same dimension name twice."


def _of_statistics(statistics: Mapping[str, Any], place: str) -> Iterator[Mistake]:
    if not statistics:
        return
    if statistics.get("SampleCount", 1) <= 0:
        yield _VALUE, f"The parameter {place}.SampleCount must be greater than 0."
    if statistics.get("Maximum", math.inf) < statistics.get("Minimum", -math.inf):
        yield _VALUE, f"The parameter {place}.Maximum must be greater than {place}.Minimum."


def _numbers(datum: Mapping[str, Any], place: str) -> Iterator[tuple[str, float]]:
    """Every value that is given, and where."""
    if datum.get("Value") is not None:
        yield f"{place}.Value", float(datum["Value"])
    for number, value in enumerate(datum.get("Values") or (), start=1):
        yield f"{place}.Values.member.{number}", float(value)
    for name, value in (datum.get("StatisticValues") or {}).items():
        yield f"{place}.StatisticValues.{name}", float(value)


def _shown(value: float) -> str:
    """A number as CloudWatch writes it (`4.69E108`)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value).replace("e+", "E")
