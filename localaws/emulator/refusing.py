"""Requests to ministack's services with settings that nobody here would act on."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.seams import replace
from localaws.emulator.unserved import unserved

# Of the JSON services: what makes or changes a resource -> its type in a template.
_OF_EVENTS = {"_put_rule": "AWS::Events::Rule", "_put_targets": "AWS::Events::Rule"}
_OF_TABLES = dict.fromkeys(("_create_table", "_update_table"), "AWS::DynamoDB::Table")
_OF_ALARMS = {
    "_put_metric_alarm": "AWS::CloudWatch::Alarm",
    "_put_composite_alarm": "AWS::CloudWatch::CompositeAlarm",
}


def refuse_unserved(eventbridge: ModuleType, dynamodb: ModuleType, cloudwatch: ModuleType) -> None:
    """Let the services refuse what `unserved` names, with a ValidationException."""
    for module, kinds in ((eventbridge, _OF_EVENTS), (dynamodb, _OF_TABLES)):
        for name, kind in kinds.items():
            replace(module, name, _of_json(getattr(module, name), kind, module))
    replace(
        dynamodb,
        "_enable_kinesis_streaming_destination",
        lambda _data: _refusal(dynamodb, unserved("AWS::DynamoDB::Table", _KINESIS)),
    )
    for name, kind in _OF_ALARMS.items():
        replace(cloudwatch, name, _of_alarm(getattr(cloudwatch, name), kind, cloudwatch))


_KINESIS = {"KinesisStreamSpecification": True}


def _of_json(theirs: Callable[[Any], Any], kind: str, module: ModuleType) -> Callable[[Any], Any]:
    def handle(data: Mapping[str, Any]) -> Any:
        found = unserved(kind, data)
        return _refusal(module, found) if found else theirs(data)

    return handle


def _refusal(module: ModuleType, found: list[str]) -> Any:
    return module.error_response_json("ValidationException", _sentence(found), 400)


def _of_alarm(theirs: Callable[..., Any], kind: str, module: ModuleType) -> Callable[..., Any]:
    def handle(params: Any, body: Mapping[str, Any], *protocol: bool) -> Any:
        if found := unserved(kind, body):
            return module._error("ValidationError", _sentence(found), 400, use_json=True)
        return theirs(params, body, *protocol)

    return handle


def _sentence(found: list[str]) -> str:
    return " ".join(problem.removeprefix("#/") for problem in found)
