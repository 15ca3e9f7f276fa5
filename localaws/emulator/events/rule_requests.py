"""Requests to EventBridge that AWS refuses, and that ministack takes."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from localaws.emulator.events.rule_limits import mistake_in_bus, mistake_in_rule
from localaws.emulator.events.target_limits import (
    MOST_TARGETS,
    TOO_MANY_TARGETS,
    mistake_in_targets,
)
from localaws.emulator.seams import replace

Request = Mapping[str, Any]


def refuse_mistaken_rules(eventbridge: ModuleType) -> None:
    """Let operations on buses, rules and targets refuse what AWS's refuse."""
    put_rule, put_targets = eventbridge._put_rule, eventbridge._put_targets
    delete_rule = eventbridge._delete_rule

    def refusal(message: str, code: str = "ValidationException") -> Any:
        return eventbridge.error_response_json(code, message, 400)

    def targets_of(rule: Any, data: Request) -> list[dict[str, Any]]:
        key = eventbridge._rule_key(rule, data.get("EventBusName", "default"))
        found: list[dict[str, Any]] = eventbridge._targets.get(key) or []
        return found

    def of_a_rule(theirs: Callable[[Request], Any], its_name: str) -> Callable[[Request], Any]:
        def handle(data: Request) -> Any:
            bus = data.get("EventBusName", "default")
            if eventbridge._rule_key(data.get(its_name), bus) not in eventbridge._rules:
                name = bus.rpartition("/")[2]
                return refusal(
                    f"Rule {data.get(its_name)} does not exist on EventBus {name}.",
                    "ResourceNotFoundException",
                )
            return theirs(data)

        return handle

    def of_a_bus(theirs: Callable[[Request], Any]) -> Callable[[Request], Any]:
        def handle(data: Request) -> Any:
            mistake = mistake_in_bus(data)
            return refusal(mistake) if mistake else theirs(data)

        return handle

    def put(data: Request) -> Any:
        mistake = mistake_in_rule(data, data.get("EventPattern") or "")
        return refusal(mistake) if mistake else put_rule(data)

    def target(data: Request) -> Any:
        targets = data.get("Targets", [])
        if mistake := mistake_in_targets(targets):
            return refusal(mistake)
        known = {one["Id"] for one in targets_of(data.get("Rule"), data)}
        if len(known | {one["Id"] for one in targets}) > MOST_TARGETS:
            return refusal(TOO_MANY_TARGETS, "LimitExceededException")
        return put_targets(data)

    def delete(data: Request) -> Any:
        if targets_of(data.get("Name"), data):
            return refusal("Rule can't be deleted since it has targets.")
        return delete_rule(data)

    for operation in ("_create_event_bus", "_update_event_bus"):
        replace(eventbridge, operation, of_a_bus(getattr(eventbridge, operation)))
    replace(eventbridge, "_put_rule", put)
    replace(eventbridge, "_put_targets", of_a_rule(target, "Rule"))
    for operation in ("_list_targets_by_rule", "_remove_targets"):
        replace(eventbridge, operation, of_a_rule(getattr(eventbridge, operation), "Rule"))
    for operation in ("_describe_rule", "_disable_rule", "_enable_rule"):
        replace(eventbridge, operation, of_a_rule(getattr(eventbridge, operation), "Name"))
    replace(eventbridge, "_delete_rule", delete)
