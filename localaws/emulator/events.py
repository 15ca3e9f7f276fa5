"""The way out of EventBridge and CloudWatch: their targets are our services."""

import asyncio
import json
from contextvars import ContextVar
from types import ModuleType
from typing import Any, Protocol

from localaws.alarms.notice import message_of, subject_of, topics_of
from localaws.emulator.seams import replace
from localaws.time.clock import Clock


class Targets(Protocol):
    """Our services, as rules and alarms see them."""

    def invoke(self, function_arn: str, payload: str, rule_arn: str) -> None: ...

    def send(self, queue_arn: str, body: str, rule_arn: str, group_id: str | None) -> None: ...

    def publish(self, topic_arn: str, message: str, rule_arn: str) -> None: ...

    def notify(self, topic_arn: str, message: str, subject: str, alarm_arn: str) -> None: ...


def deliver_events(
    eventbridge: ModuleType, targets: Targets, loop: asyncio.AbstractEventLoop
) -> None:
    """Let EventBridge's rules reach our services instead of ministack's own."""
    # ministack's dispatchers are told the target alone; the target's policy asks for the rule.
    rule_arn: ContextVar[str] = ContextVar("rule_arn")
    invoke_target = eventbridge._invoke_target

    def for_rule(target: Any, event: Any, rule: dict[str, Any], view: Any = None) -> None:
        if not _runs_here(loop):
            # The replay of an archive has a thread of its own; our services live on the loop's.
            loop.call_soon_threadsafe(for_rule, target, event, rule, view)
            return
        token = rule_arn.set(rule["Arn"])
        try:
            invoke_target(target, event, rule, view)
        finally:
            rule_arn.reset(token)

    def to_function(arn: str, payload: Any) -> None:
        targets.invoke(arn, _text(payload), rule_arn.get())

    def to_queue(arn: Any, payload: Any, parameters: dict[str, Any] | None = None) -> None:
        group_id = (parameters or {}).get("MessageGroupId")
        targets.send(str(arn), _text(payload), rule_arn.get(), group_id)

    def to_topic(arn: str, payload: Any) -> None:
        targets.publish(arn, _text(payload), rule_arn.get())

    replace(eventbridge, "_invoke_target", for_rule)
    replace(eventbridge, "_dispatch_to_lambda", to_function)
    replace(eventbridge, "_dispatch_to_sqs", to_queue)
    replace(eventbridge, "_dispatch_to_sns", to_topic)


def deliver_alarms(cloudwatch: ModuleType, targets: Targets, clock: Clock) -> None:
    """Let alarms reach our topics instead of ministack's own."""

    def for_alarm(alarm: dict[str, Any], old_state: str, new_state: str, reason: str) -> None:
        subject = subject_of(alarm, new_state)
        message = message_of(alarm, old_state, new_state, reason, clock.now_s())
        for topic_arn in topics_of(alarm, new_state):
            targets.notify(topic_arn, message, subject, alarm["AlarmArn"])

    replace(cloudwatch, "_dispatch_alarm_actions", for_alarm)


def _runs_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this code runs on the loop's thread."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _text(payload: Any) -> str:
    return payload if isinstance(payload, str) else json.dumps(payload)
