"""How each scene begins: what is set, what is sent. What follows is AWS's doing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workshop.evidence import queues
from workshop.player.places import EVENTS, FUNCTION, QUEUE, TOPIC
from workshop.sending import new_order
from workshop.stage.answers import Answer, no_answer, of_batches, of_poison
from workshop.stage.performance import Performance, ScenePath

SQS, DESTINATIONS, FUNCTION_DLQ = "SqsDlq", "LambdaDestinations", "LambdaDlq"
_CANNOT_INVOKE = (TOPIC, EVENTS)
_FORBIDDEN = "no permission"
_OWN_DLQ, _SUBSCRIPTION_DLQ = "function's DLQ", "subscription's DLQ"


@dataclass(frozen=True)
class Act:
    """A scene on AWS.

    Attributes:
        paths: title -> the way that it shows.
        begin: sets and sends.
        answer: to the scene's question, where its end does not show it.
    """

    paths: Mapping[str, ScenePath]
    begin: Callable[[Performance], None]
    answer: Answer = no_answer


def _three(scene: Performance) -> None:
    [path] = scene.paths
    for kind in ("good", "flaky", "bad"):
        scene.send(path, new_order(kind))
    scene.note = "Sent: a good order, one that fails twice, one that always fails."


def _fourth(scene: Performance) -> None:
    [path] = scene.paths
    _forbid_sns(scene)
    scene.send(path, new_order("good"))


def _forbid_sns(scene: Performance) -> None:
    """SNS may not invoke the function any more; what it has published already has arrived."""
    lab, name = scene.lab, scene.lab.outputs(FUNCTION_DLQ).FunctionName
    policy = lab.client("lambda").get_policy(FunctionName=name)["Policy"]
    for statement in json.loads(policy)["Statement"]:
        scene.call("lambda", "remove_permission", FunctionName=name, StatementId=statement["Sid"])
    scene.spread("a permission that was taken away spreads")
    scene.note = "SNS may not invoke the function any more: its permission was taken away."


def _batches(scene: Performance) -> None:
    orders = [new_order(kind) for kind in ("good", "good", "bad")]
    for path in scene.paths:
        for order in orders:
            scene.send(path, order)
    scene.note = "The same three orders were sent to both queues. One of them is bad."


def _fifo(scene: Performance) -> None:
    [path] = scene.paths
    for kind, name, group in (
        # Names say which of them are behind each other.
        ("bad", "A-first", "customer-A"),
        ("good", "A-second", "customer-A"),
        ("good", "B-first", "customer-B"),
    ):
        scene.send(path, new_order(kind, name), group=group)
    scene.note = "A-first is bad, A-second is behind it. Each customer is a group of its own."


def _time_out(scene: Performance) -> None:
    [path] = scene.paths
    for kind in ("good", "timeout"):
        scene.send(path, new_order(kind, "slow" if kind == "timeout" else ""))
    scene.note = "The function's timeout is 5 seconds, and one of these orders takes longer."


def _outage(scene: Performance) -> None:
    [path] = scene.paths
    name = scene.lab.outputs(SQS).FunctionName
    scene.call(
        "lambda", "put_function_concurrency", FunctionName=name, ReservedConcurrentExecutions=0
    )
    for _ in range(3):
        scene.send(path, new_order("good"))
    scene.note = "Reserved concurrency is 0: the function may not run. The three orders are good."


def _poison(scene: Performance) -> None:
    [path] = scene.paths
    for kind, name in (("good", ""), ("bad", "poison"), ("good", "")):
        scene.send(path, new_order(kind, name))
    scene.note = "Two good orders, and one that can never be processed."


def _compare(scene: Performance) -> None:
    order = new_order("bad")
    *three, fourth = scene.paths
    for path in three:
        scene.send(path, order)
    # Those have to have arrived before SNS may not invoke any more.
    scene.lab.clock.settle()
    scene.spread("the order arrives")
    _forbid_sns(scene)
    scene.send(fourth, order)
    scene.note = (
        "The same bad order went four ways; on the fourth, SNS may not invoke the function."
    )


@dataclass(frozen=True)
class OwnMessage:
    """What an instructor has filled in; numbers that are None stay as the stacks say.

    Attributes:
        pattern: where it is sent.
        body: what is sent.
        visibility_timeout_s, max_receive_count: of the source queue.
        retry_attempts, event_age_s: of asynchronous invocation.
    """

    pattern: str = SQS
    body: str = ""
    visibility_timeout_s: int | None = None
    max_receive_count: int | None = None
    retry_attempts: int | None = None
    event_age_s: int | None = None

    def act(self) -> Act:
        """The scene that shows it."""
        return Act({_TITLES[self.pattern]: ScenePath(self.pattern)}, self._begin)

    def _begin(self, scene: Performance) -> None:
        [path] = scene.paths
        out = scene.lab.outputs(self.pattern)
        if "SourceQueueUrl" in out:
            url = out.SourceQueueUrl
            if attributes := self._queue_settings(scene, url):
                scene.call("sqs", "set_queue_attributes", QueueUrl=url, Attributes=attributes)
        elif config := self._event_settings():
            update = "update_function_event_invoke_config"
            scene.call("lambda", update, FunctionName=out.FunctionName, **config)
        scene.send(path, _parsed(self.body))
        scene.note = "Your message was sent."

    def _queue_settings(self, scene: Performance, url: str) -> dict[str, str]:
        changed: dict[str, str] = {}
        if self.visibility_timeout_s is not None:
            changed["VisibilityTimeout"] = str(self.visibility_timeout_s)
        if self.max_receive_count is not None:
            found = json.loads(queues.attributes(scene.lab.session, url)["RedrivePolicy"])
            policy = {**found, "maxReceiveCount": self.max_receive_count}
            changed["RedrivePolicy"] = json.dumps(policy)
        return changed

    def _event_settings(self) -> dict[str, int]:
        wanted = {
            "MaximumRetryAttempts": self.retry_attempts,
            "MaximumEventAgeInSeconds": self.event_age_s,
        }
        return {name: value for name, value in wanted.items() if value is not None}


def _parsed(body: str) -> Mapping[str, Any] | str:
    """An order, if it is one: then its id tells it from others."""
    try:
        found = json.loads(body)
    except ValueError:
        return body
    if not isinstance(found, dict):
        return body
    return found if "order_id" in found else {**new_order("good", "mine"), **found}


_TITLES = {
    SQS: "SQS with a DLQ",
    DESTINATIONS: "Lambda destinations",
    FUNCTION_DLQ: "Lambda DLQ",
}


def _alone(pattern: str) -> dict[str, ScenePath]:
    return {_TITLES.get(pattern, pattern): ScenePath(pattern)}


ACTS: dict[str, Act] = {
    "sqs": Act(_alone(SQS), _three),
    "destinations": Act(_alone(DESTINATIONS), _three),
    "function-dlq": Act(_alone(FUNCTION_DLQ), _three),
    "fourth-path": Act(
        {_TITLES[FUNCTION_DLQ]: ScenePath(FUNCTION_DLQ, breaks=_CANNOT_INVOKE, why=_FORBIDDEN)},
        _fourth,
    ),
    "batches": Act(
        {"Whole batch": ScenePath("WholeBatches"), "Partial batch": ScenePath("PartialBatches")},
        _batches,
        of_batches,
    ),
    "fifo": Act(_alone("FifoBatches"), _fifo),
    "time-out": Act(_alone(SQS), _time_out),
    "outage": Act(
        {
            _TITLES[SQS]: ScenePath(
                SQS,
                breaks=(QUEUE, FUNCTION),
                why="throttled",
                told={FUNCTION: "reserved concurrency 0"},
            )
        },
        _outage,
    ),
    "poison": Act(_alone(SQS), _poison, of_poison),
    "compare": Act(
        {
            "SQS": ScenePath(SQS),
            "Destination": ScenePath(DESTINATIONS, hides=(_SUBSCRIPTION_DLQ,)),
            "Lambda DLQ": ScenePath(FUNCTION_DLQ, hides=(_SUBSCRIPTION_DLQ,)),
            "Fourth path": ScenePath(
                FUNCTION_DLQ, hides=(_OWN_DLQ,), breaks=_CANNOT_INVOKE, why=_FORBIDDEN
            ),
        },
        _compare,
    ),
}
