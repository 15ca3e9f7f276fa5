"""DescribeAlarms and DescribeAlarmsForMetric: which alarms are asked for. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmsForMetric.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from localaws.words.errors import AwsError

_USUAL_PAGE = 50
_FAMILY = ("ChildrenOfAlarmName", "ParentsOfAlarmName")
_ALONE = ("ActionPrefix", "AlarmNamePrefix", "AlarmNames", "AlarmTypes", "StateValue")
_ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")
_OF_METRIC = ("Statistic", "ExtendedStatistic", "Period", "Unit")

Alarm = Mapping[str, Any]
ChildrenOf = Callable[[Alarm], Iterable[str]]


def described(
    request: Mapping[str, Any],
    alarms: Mapping[str, Alarm],
    composites: Mapping[str, Alarm],
    children_of: ChildrenOf,
) -> dict[str, Any]:
    """The answer to DescribeAlarms: a page in the order of names.

    Args:
        alarms: those of metrics, by their names.
        composites: those of other alarms, by their names.
        children_of: whom a composite alarm's rule names.

    Raises:
        AwsError: CloudWatch refuses it.
    """
    family = [name for name in _FAMILY if request.get(name)]
    if family and (len(family) > 1 or any(request.get(name) for name in _ALONE)):
        told = f"{family[0]} can be given with MaxRecords and NextToken, and with nothing else."
        raise AwsError(told, code="ValidationError")
    kinds = request.get("AlarmTypes") or ["MetricAlarm"]
    if family:
        kinds = ["MetricAlarm", "CompositeAlarm"]
        wanted = _relatives(request, composites, children_of)
    else:
        wanted = set(request.get("AlarmNames") or ())
    found = {
        **(dict(alarms) if "MetricAlarm" in kinds else {}),
        **(dict(composites) if "CompositeAlarm" in kinds else {}),
    }
    names = sorted(
        name
        for name, alarm in found.items()
        if (name in wanted or not (wanted or family))
        and name >= (request.get("NextToken") or "")
        and _is_asked_for(alarm, request)
    )
    most = int(request.get("MaxRecords") or _USUAL_PAGE)
    page = [_shown(found[name], bool(family)) for name in names[:most]]
    answer: dict[str, Any] = {
        "MetricAlarms": [one for one in page if one["AlarmName"] in alarms],
        "CompositeAlarms": [one for one in page if one["AlarmName"] in composites],
    }
    # As on AWS the token is the name that the next page begins with.
    return answer | ({"NextToken": names[most]} if len(names) > most else {})


def watching(request: Mapping[str, Any], alarms: Iterable[Alarm]) -> dict[str, Any]:
    """The answer to DescribeAlarmsForMetric: those that look at this metric themselves."""
    dimensions = _dimensions(request)
    return {
        "MetricAlarms": [
            alarm
            for alarm in alarms
            if alarm.get("Namespace") == request.get("Namespace")
            and alarm.get("MetricName") == request.get("MetricName")
            and _dimensions(alarm) == dimensions
            and all(request.get(name) in (None, alarm.get(name)) for name in _OF_METRIC)
        ]
    }


def _relatives(
    request: Mapping[str, Any], composites: Mapping[str, Alarm], children_of: ChildrenOf
) -> set[str]:
    if parent := request.get("ChildrenOfAlarmName"):
        return set(children_of(composites[parent])) if parent in composites else set()
    child = request["ParentsOfAlarmName"]
    return {name for name, alarm in composites.items() if child in set(children_of(alarm))}


def _is_asked_for(alarm: Alarm, request: Mapping[str, Any]) -> bool:
    action = request.get("ActionPrefix") or ""
    return (
        str(alarm["AlarmName"]).startswith(request.get("AlarmNamePrefix") or "")
        and request.get("StateValue") in (None, "", alarm["StateValue"])
        and (
            not action
            or any(arn.startswith(action) for name in _ACTIONS for arn in alarm.get(name) or ())
        )
    )


def _shown(alarm: Alarm, as_relative: bool) -> Alarm:
    """Of relatives names and states are told, and no more."""
    if not as_relative:
        return alarm
    names = ("AlarmName", "AlarmArn", "StateValue", "StateUpdatedTimestamp")
    return {name: alarm[name] for name in names if name in alarm}


def _dimensions(named: Mapping[str, Any]) -> dict[str, str]:
    return {one["Name"]: one.get("Value", "") for one in named.get("Dimensions") or ()}
