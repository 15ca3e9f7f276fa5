"""Settings that nobody here would act on, so that they are refused and not kept. Pure.

ministack's services take them, and then nothing happens. What a learner sets up here must either do
what it does on AWS, or say that it will not.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from localaws.metrics.statistics import statistic_named
from localaws.words.arns import service_of

_SERVED = frozenset({"lambda", "sqs", "sns"})
_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
_NEWER = ("ActionConfiguration", "EvaluationInterval", "EvaluationWindow", "WarmUpConfiguration")
_MATH = ("ThresholdMetricId", "EvaluationCriteria")


def unserved(kind: str, properties: Mapping[str, Any]) -> list[str]:
    """What of a resource's properties has no effect here.

    Args:
        kind: its type as CloudFormation names it.
        properties: as CloudFormation has them. The services' own requests name them alike.

    Returns:
        "#/<property>: <why, and what to do>" each.
    """
    look = _LOOKS.get(kind)
    return (
        [f"#/{place}: not part of the embedded AWS: {why}" for place, why in look(properties)]
        if look
        else []
    )


_Found = Iterator[tuple[str, str]]


def _of_rule(properties: Mapping[str, Any]) -> _Found:
    if properties.get("ScheduleExpression"):
        yield (
            "ScheduleExpression",
            "no rule fires by itself. Use a real account for schedules, or put the event yourself "
            "with PutEvents.",
        )
    for number, target in enumerate(_list(properties.get("Targets"))):
        arn = target.get("Arn") if isinstance(target, Mapping) else None
        if isinstance(arn, str) and not (service_of(arn) in _SERVED or ":event-bus/" in arn):
            yield (
                f"Targets/{number}/Arn",
                f"a rule reaches functions, queues, topics and event buses, not {arn}. "
                "Use a real account for it.",
            )


def _of_alarm(properties: Mapping[str, Any]) -> _Found:
    for name in _MATH:
        if properties.get(name):
            yield (
                name,
                "an alarm looks at metrics and at expressions of them, not at a band or a query. "
                "Use a real account for it.",
            )
    for name in _NEWER:
        if properties.get(name):
            yield name, "alarms here do without it. Use a real account for it."
    for number, query in enumerate(_list(properties.get("Metrics"))):
        if not isinstance(query, Mapping):
            continue
        if query.get("AccountId"):
            yield (
                f"Metrics/{number}/AccountId",
                "an alarm looks at the metrics of its own account. Leave the id out.",
            )
        yield from _of_statistic(
            (query.get("MetricStat") or {}).get("Stat"), f"Metrics/{number}/MetricStat/Stat"
        )
    yield from _of_statistic(properties.get("ExtendedStatistic"), "ExtendedStatistic")
    if properties.get("EvaluateLowSampleCountPercentile") == "ignore":
        yield (
            "EvaluateLowSampleCountPercentile",
            "an alarm looks at a percentile however few its samples are (evaluate). Use a real "
            "account for it.",
        )
    for name in _ACTIONS:
        for number, arn in enumerate(_list(properties.get(name))):
            if isinstance(arn, str) and service_of(arn) not in ("lambda", "sns"):
                yield (
                    f"{name}/{number}",
                    f"an alarm tells topics and functions, not {arn}. Use a real account for it.",
                )


def _of_statistic(statistic: Any, place: str) -> _Found:
    if isinstance(statistic, str) and statistic and statistic_named(statistic) is None:
        yield (
            place,
            f"alarms know percentiles such as p99, not {statistic}. Use a real account for it.",
        )


def _of_stack(properties: Mapping[str, Any]) -> _Found:
    if properties.get("NotificationARNs"):
        yield "NotificationARNs", "stacks tell no topic of their events. Leave them out."


def _of_table(properties: Mapping[str, Any]) -> _Found:
    stream = properties.get("StreamSpecification")
    if isinstance(stream, Mapping) and stream.get("StreamEnabled", True) not in (False, "false"):
        yield (
            "StreamSpecification",
            "tables have no streams, which nothing here could read. Use a real account for them.",
        )
    if properties.get("KinesisStreamSpecification"):
        yield "KinesisStreamSpecification", "there is no Kinesis. Use a real account for it."


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_LOOKS: dict[str, Callable[[Mapping[str, Any]], _Found]] = {
    "AWS::CloudFormation::Stack": _of_stack,
    "AWS::Events::Rule": _of_rule,
    "AWS::CloudWatch::Alarm": _of_alarm,
    "AWS::CloudWatch::CompositeAlarm": _of_alarm,
    "AWS::DynamoDB::Table": _of_table,
    "AWS::DynamoDB::GlobalTable": _of_table,
}
