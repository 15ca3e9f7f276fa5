"""Reads from SQS and Lambda what a pattern is configured to do with failures."""

import json
from collections.abc import Mapping
from typing import Any

from workshop.evidence import queues
from workshop.evidence.retry_settings import RetrySettings
from workshop.target.session import Session


def read_settings(session: Session, outputs: Mapping[str, str]) -> RetrySettings:
    """The settings of the pattern with these stack outputs."""
    name = outputs["FunctionName"]
    function = session.client("lambda").get_function_configuration(FunctionName=name)
    if "EventSourceMappingId" in outputs:
        return _of_mapping(session, outputs, function)
    return _of_async(session, name, function)


def _of_mapping(
    session: Session, outputs: Mapping[str, str], function: Mapping[str, Any]
) -> RetrySettings:
    mapping = session.client("lambda").get_event_source_mapping(
        UUID=outputs["EventSourceMappingId"]
    )
    queue = queues.attributes(session, outputs["SourceQueueUrl"])
    redrive = json.loads(queue.get("RedrivePolicy") or "{}")
    maximum = redrive.get("maxReceiveCount")
    return RetrySettings(
        source="sqs",
        function_timeout_s=float(function["Timeout"]),
        visibility_timeout_s=float(queue["VisibilityTimeout"]),
        max_receive_count=None if maximum is None else int(maximum),
        batch_size=mapping.get("BatchSize"),
        batching_window_s=float(mapping.get("MaximumBatchingWindowInSeconds") or 0),
        failure_target="source queue's DLQ" if redrive else None,
    )


def _of_async(session: Session, name: str, function: Mapping[str, Any]) -> RetrySettings:
    client = session.client("lambda")
    try:
        config = client.get_function_event_invoke_config(FunctionName=name)
    except client.exceptions.ResourceNotFoundException:
        config = {}  # nothing configured: Lambda's defaults
    target = None
    if function.get("DeadLetterConfig", {}).get("TargetArn"):
        target = "function's DLQ"
    if config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"):
        target = "on-failure destination"
    # Lambda's defaults are 2 retries and 6 hours; 0 retries is a setting, not a missing one.
    return RetrySettings(
        source="async",
        function_timeout_s=float(function["Timeout"]),
        maximum_retry_attempts=config.get("MaximumRetryAttempts", 2),
        maximum_event_age_s=float(config.get("MaximumEventAgeInSeconds", 21600)),
        failure_target=target,
    )
