"""The way out of EventBridge, CloudWatch and S3: their targets are our services."""

import asyncio
import contextlib
from collections.abc import Callable
from contextvars import ContextVar
from types import ModuleType, SimpleNamespace
from typing import Any, TypeVar

from localaws.alarms.history import action_item
from localaws.alarms.notice import actions_of, change_of, message_of, subject_of
from localaws.emulator.adapters import EventBus
from localaws.emulator.events.notifications import mistake_in, mistake_in_filters, unreachable
from localaws.emulator.iam.requester import Requester
from localaws.emulator.seams import replace
from localaws.targets import OnBehalf, Reach, RuleDeliveries, RuleDelivery
from localaws.time.clock import Clock
from localaws.words.arns import account_of, service_of
from localaws.words.errors import AwsError
from localaws.words.json_text import compact

T = TypeVar("T")

_TO_TOPICS = "cloudwatch.amazonaws.com"
_TO_FUNCTIONS = "lambda.alarms.cloudwatch.amazonaws.com"


class _AtOnce:
    """In the place of a thread: time could pass before that has its turn."""

    def __init__(self, *, target: Callable[[], None], daemon: bool) -> None:
        self.start = target


def deliver_events(eventbridge: ModuleType, rules: RuleDeliveries) -> None:
    """Let EventBridge's rules reach our services instead of ministack's own."""
    # ministack's dispatchers are told the target's ARN alone.
    current: ContextVar[tuple[dict[str, Any], dict[str, Any], str]] = ContextVar("current")
    invoke_target, to_bus = eventbridge._invoke_target, eventbridge._dispatch_to_event_bus

    def for_rule(target: Any, event: Any, rule: dict[str, Any], view: Any = None) -> None:
        view = view or eventbridge._pattern_event_view(event)
        token = current.set((rule, target, compact(view.event_with_detail())))
        try:
            invoke_target(target, event, rule, view)
        finally:
            current.reset(token)

    def delivery(payload: Any) -> RuleDelivery:
        rule, target, event = current.get()
        return RuleDelivery(rule, target, _text(payload), event)

    def to_service(_arn: Any, payload: Any, _parameters: Any = None) -> None:
        rules.deliver(delivery(payload))

    def to_event_bus(spec: Any, *rest: Any) -> None:
        if spec.resource.partition("/")[2] in eventbridge._event_buses:
            to_bus(spec, *rest)
        else:
            missing = AwsError(f"Event bus {spec} does not exist.", code="NotFound", status=404)
            rules.fail(delivery(""), missing)

    # The replay of an archive would have one of its own; what else has is not here.
    replace(eventbridge, "threading", SimpleNamespace(Thread=_AtOnce))
    replace(eventbridge, "_invoke_target", for_rule)
    # What is elsewhere is not found by ours, and then has its DLQ.
    replace(eventbridge, "_target_matches_request_scope", lambda spec: True)
    for name in ("_dispatch_to_lambda", "_dispatch_to_sqs", "_dispatch_to_sns"):
        replace(eventbridge, name, to_service)
    replace(eventbridge, "_dispatch_to_event_bus", to_event_bus)


def deliver_alarms(cloudwatch: ModuleType, reach: Reach, event_bus: EventBus, clock: Clock) -> None:
    """Let alarms reach our topics and functions, and the default event bus.

    CloudWatch acts for the alarm's account, so it may use a topic as it was made:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html
    What does not take a notice loses it; the alarm's history tells.
    """
    last: dict[str, dict[str, Any]] = {}

    def for_alarm(alarm: dict[str, Any], old_state: str, new_state: str, reason: str) -> None:
        arn, now_s = alarm["AlarmArn"], clock.now_s()
        change = change_of(alarm, last.get(arn, {"value": old_state}), new_state, reason, now_s)
        last[arn] = change["alarmData"]["state"]
        for action in actions_of(alarm, new_state):
            to_topic = service_of(action) == "sns"
            message = (
                message_of(alarm, old_state, new_state, reason, now_s)
                if to_topic
                else compact(change)
            )
            failure: AwsError | None = None
            try:
                if to_topic:
                    by = OnBehalf(_TO_TOPICS, arn, account_of(arn))
                    reach.publish(action, message, by, subject=subject_of(alarm, new_state))
                else:
                    reach.invoke(action, message, OnBehalf(_TO_FUNCTIONS, arn))
            except AwsError as error:
                failure = error
            item = action_item(alarm, action, message, failure, now_s)
            cloudwatch._history_entries().append(item | {"Timestamp": cloudwatch._ts_iso(now_s)})
        event_bus.put_event(
            "default",
            "aws.cloudwatch",
            "CloudWatch Alarm State Change",
            [arn],
            compact(change["alarmData"]),
        )

    replace(cloudwatch, "_dispatch_alarm_actions", for_alarm)


def deliver_notifications(
    s3: ModuleType, reach: Reach, requester: Requester, loop: asyncio.AbstractEventLoop
) -> None:
    """Let the notifications of buckets reach our services instead of ministack's own.

    S3 looks at each target when it is configured, and later loses what a target does not take:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
    """
    theirs, put = s3._validate_notification_configs, s3._put_bucket_notification

    def validate(configs: Any, region: str, bucket: str = "", skips: bool = False) -> Any:
        if mistake := mistake_in(configs, region):
            return s3._invalid_notification_config(mistake)
        if error := theirs(configs, region, bucket, True):
            return error
        if skips:
            return None
        arns, by = [one["arn"] for one in configs], _bucket(bucket)
        lost = _on(loop, lambda: [arn for arn in arns if not reach.takes_from(arn, by)])
        return lost and s3._invalid_notification_config(unreachable(lost))

    def take(bucket: str, body: bytes, headers: Any = None) -> Any:
        if bucket in s3._buckets and (mistake := mistake_in_filters(body)):
            return s3._invalid_notification_config(mistake)
        return put(bucket, body, headers)

    def fire(bucket: str, key: str, event: str, *rest: Any, **named: Any) -> None:
        # ministack leaves it to a thread: time could pass before that has its turn.
        if bucket in s3._bucket_notifications:
            sequencer = s3._next_event_sequencer(event)
            s3._fire_s3_event(bucket, key, event, *rest, sequencer=sequencer, **named)

    def deliver(hand_over: Callable[[str, str, OnBehalf], None]) -> Callable[..., None]:
        def to_target(arn: str, event: Any, _region: str, bucket_name: str = "") -> None:
            if "Records" in event:
                event = event | {"Records": [requester.sign(one) for one in event["Records"]]}

            def hand() -> None:
                with contextlib.suppress(AwsError):
                    hand_over(arn, compact(event), _bucket(_name(event)))

            _on(loop, hand)

        return to_target

    def to_topic(arn: str, event: str, by: OnBehalf) -> None:
        reach.publish(arn, event, by, subject="Amazon S3 Notification")

    replace(s3, "_validate_notification_configs", validate)
    replace(s3, "_put_bucket_notification", take)
    replace(s3, "_fire_s3_event_async", fire)
    replace(s3, "_deliver_event_to_lambda", deliver(reach.invoke))
    replace(s3, "_deliver_event_to_sqs", deliver(reach.send))
    replace(s3, "_deliver_event_to_sns", deliver(to_topic))


def _bucket(name: str) -> OnBehalf:
    return OnBehalf("s3.amazonaws.com", f"arn:aws:s3:::{name}")


def _name(event: dict[str, Any]) -> str:
    """The bucket of a notification, or of the event that tests a new one."""
    bucket: str = (
        event["Bucket"] if "Bucket" in event else event["Records"][0]["s3"]["bucket"]["name"]
    )
    return bucket


def _on(loop: asyncio.AbstractEventLoop, work: Callable[[], T]) -> T:
    """Do it on the loop's thread, where our services live."""
    if _runs_here(loop):
        return work()

    async def do() -> T:
        return work()

    return asyncio.run_coroutine_threadsafe(do(), loop).result()


def _runs_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this code runs on the loop's thread."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _text(payload: Any) -> str:
    return payload if isinstance(payload, str) else compact(payload)
