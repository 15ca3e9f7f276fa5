"""Requests to ministack's services for what nobody here would act on, or what AWS refuses."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.events.alarm_limits import mistake_in_actions, mistake_in_alarm
from localaws.emulator.events.metric_limits import mistake_in_data
from localaws.emulator.seams import replace
from localaws.emulator.table_rules import mistake_in_key_order
from localaws.emulator.unserved import unserved
from localaws.time.clock import Clock

FindMistake = Callable[[Mapping[str, Any]], str | None]

# Of the JSON services: what makes or changes a resource -> its type in a template.
_OF_EVENTS = {"_put_rule": "AWS::Events::Rule", "_put_targets": "AWS::Events::Rule"}
_OF_TABLES = dict.fromkeys(("_create_table", "_update_table"), "AWS::DynamoDB::Table")
_OF_ALARMS: dict[str, tuple[str, FindMistake]] = {
    "_put_metric_alarm": ("AWS::CloudWatch::Alarm", mistake_in_alarm),
    "_put_composite_alarm": ("AWS::CloudWatch::CompositeAlarm", mistake_in_actions),
}


def refuse_unserved(
    eventbridge: ModuleType, dynamodb: ModuleType, cloudwatch: ModuleType, clock: Clock
) -> None:
    """Let the services refuse what `unserved` names, and CloudWatch what AWS's does."""
    for module, kinds in ((eventbridge, _OF_EVENTS), (dynamodb, _OF_TABLES)):
        for name, kind in kinds.items():
            replace(module, name, _of_json(getattr(module, name), kind, module))
    replace(dynamodb, "_create_table", _in_order(dynamodb._create_table, dynamodb))
    replace(
        dynamodb,
        "_enable_kinesis_streaming_destination",
        lambda _data: _refusal(dynamodb, unserved("AWS::DynamoDB::Table", _KINESIS)),
    )
    for name, (kind, mistake) in _OF_ALARMS.items():
        replace(cloudwatch, name, _of_alarm(getattr(cloudwatch, name), kind, mistake, cloudwatch))
    replace(
        cloudwatch, "_put_metric_data", _of_data(cloudwatch._put_metric_data, cloudwatch, clock)
    )


_KINESIS = {"KinesisStreamSpecification": True}


def _of_json(theirs: Callable[[Any], Any], kind: str, module: ModuleType) -> Callable[[Any], Any]:
    def handle(data: Mapping[str, Any]) -> Any:
        found = unserved(kind, data)
        return _refusal(module, found) if found else theirs(data)

    return handle


def _in_order(theirs: Callable[[Any], Any], dynamodb: ModuleType) -> Callable[[Any], Any]:
    def handle(data: Mapping[str, Any]) -> Any:
        mistake = mistake_in_key_order(data)
        return _refusal(dynamodb, [mistake]) if mistake else theirs(data)

    return handle


def _refusal(module: ModuleType, found: list[str]) -> Any:
    return module.error_response_json("ValidationException", _sentence(found), 400)


def _of_alarm(
    theirs: Callable[..., Any], kind: str, mistake_in: FindMistake, module: ModuleType
) -> Callable[..., Any]:
    def handle(params: Any, body: Mapping[str, Any], *protocol: bool) -> Any:
        # What contradicts itself is refused by AWS, too.
        if refusal := mistake_in(body) or _sentence(unserved(kind, body)):
            return module._error("ValidationError", refusal, 400, use_json=True)
        return theirs(params, body, *protocol)

    return handle


def _of_data(theirs: Callable[..., Any], module: ModuleType, clock: Clock) -> Callable[..., Any]:
    def handle(params: Any, body: Mapping[str, Any], *protocol: bool) -> Any:
        if error := mistake_in_data(body, clock.now_s(), module._parse_ts):
            return module._error(error.code, error.message, error.status, use_json=True)
        return theirs(params, body, *protocol)

    return handle


def _sentence(found: list[str]) -> str:
    return " ".join(problem.removeprefix("#/") for problem in found)
