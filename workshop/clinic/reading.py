"""Reads what the patients are set to, from AWS and not from what a cell says."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from workshop.clinic.found import UNQUALIFIED, EventConfig, Events, Invokers, SourceSettings
from workshop.evidence import queues
from workshop.lab import Lab


def source_queue(
    lab: Lab, url: str, function: str, *, mapping: str | None, refusal: str = ""
) -> SourceSettings:
    """A queue with the function and the event source mapping behind it.

    Args:
        lab: the target.
        url: of the queue.
        function: its name.
        mapping: UUID of the event source mapping; None where there is none.
        refusal: what AWS said when one was to be made.
    """
    client, found = lab.client("lambda"), queues.attributes(lab.session, url)
    policy = json.loads(found.get("RedrivePolicy") or "{}")
    dlq_arn = str(policy.get("deadLetterTargetArn", ""))
    made = client.get_event_source_mapping(UUID=mapping) if mapping else {}
    concurrency = client.get_function_concurrency(FunctionName=function)
    return SourceSettings(
        arn=found["QueueArn"],
        visibility_s=int(found["VisibilityTimeout"]),
        retention_s=int(found["MessageRetentionPeriod"]),
        timeout_s=client.get_function_configuration(FunctionName=function)["Timeout"],
        window_s=int(made.get("MaximumBatchingWindowInSeconds") or 0),
        mapping=str(made.get("State", "")),
        refusal=refusal,
        receives=int(policy["maxReceiveCount"]) if "maxReceiveCount" in policy else None,
        dlq_arn=dlq_arn,
        dlq_retention_s=_retention_s(lab, dlq_arn),
        reserved=concurrency.get("ReservedConcurrentExecutions"),
    )


def _retention_s(lab: Lab, queue_arn: str) -> int | None:
    url = url_of(lab, queue_arn)
    return int(queues.attributes(lab.session, url)["MessageRetentionPeriod"]) if url else None


def url_of(lab: Lab, queue_arn: str) -> str:
    """The URL of a queue; "" where there is none, or it is no queue."""
    if ":sqs:" not in queue_arn:
        return ""
    name = queue_arn.rpartition(":")[2]
    found = lab.client("sqs").list_queues(QueueNamePrefix=name).get("QueueUrls", [])
    return next((str(url) for url in found if url.rpartition("/")[2] == name), "")


def invokers(lab: Lab, function: str, topic_arn: str) -> Invokers:
    """A function's resource policy; without one there are no statements."""
    client, statements = lab.client("lambda"), []
    with contextlib.suppress(client.exceptions.ResourceNotFoundException):
        policy = json.loads(client.get_policy(FunctionName=function)["Policy"])
        statements = policy["Statement"]
    return Invokers(tuple(statements), topic_arn, lab.session.account())


def events(lab: Lab, function: str, sent_to: str, own_arn: str) -> Events:
    """Every configuration of asynchronous invocation of a function.

    Args:
        lab: the target.
        function: its name.
        sent_to: the qualifier that events are sent to; "" for none.
        own_arn: the queue that was made for records.
    """
    client = lab.client("lambda")
    pages = client.get_paginator("list_function_event_invoke_configs")
    listed = pages.paginate(FunctionName=function).build_full_result()
    found = Events(
        sent_to=sent_to or UNQUALIFIED,
        timeout_s=client.get_function_configuration(FunctionName=function)["Timeout"],
        own_arn=own_arn,
        configs={
            one["FunctionArn"].rpartition(":")[2]: _config(one)
            for one in listed["FunctionEventInvokeConfigs"]
        },
    )
    there = bool(url_of(lab, found.config.destination))
    return Events(found.sent_to, found.timeout_s, own_arn, found.configs, there)


def _config(one: Mapping[str, Any]) -> EventConfig:
    on_failure = one.get("DestinationConfig", {}).get("OnFailure", {})
    given = {
        "retries": one.get("MaximumRetryAttempts"),
        "age_s": one.get("MaximumEventAgeInSeconds"),
        "destination": on_failure.get("Destination"),
    }
    return EventConfig(**{name: value for name, value in given.items() if value is not None})
