"""Where asynchronous events end: invocation records to destinations, events to a function's DLQ.

A target that cannot be written to loses what was meant for it; only a metric tells.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from localaws.lambda_.asynchronous.records import (
    Ending,
    dead_letter_attributes,
    detail_type,
    invocation_record,
    object_key,
    record_text,
)
from localaws.lambda_.invocation.metrics import FunctionMetrics
from localaws.lambda_.model import FunctionVersion
from localaws.sqs import SqsService
from localaws.time.clock import Clock
from localaws.words.arns import account_of, service_of
from localaws.words.errors import AwsError
from localaws.words.json_text import compact
from localaws.words.ports import EventBus, ObjectStore, Permissions

# The largest message of SQS; SNS and EventBridge take a quarter of it.
MAX_SQS_BYTES = 1024 * 1024
MAX_EVENT_BYTES = 256 * 1024

Attributes = Mapping[str, Mapping[str, str]]


class UndeliverableError(Exception):
    """The target is missing, or the role may not write to it."""


class InvokeFunction(Protocol):
    """Invokes a function asynchronously as a destination."""

    def __call__(self, function_arn: str, payload: bytes, *, trace_header: str) -> None: ...


class Destinations:
    """Delivers what an asynchronous event leaves behind.

    Args:
        publish: SNS's `publish(topic_arn, message, message_attributes=..., principal=...)`.
        invoke: how a function is invoked as a destination.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        sqs: SqsService,
        publish: Callable[..., str],
        invoke: InvokeFunction,
        event_bus: EventBus,
        objects: ObjectStore,
        permissions: Permissions,
        metrics: FunctionMetrics,
    ) -> None:
        self._clock = clock
        self._sqs = sqs
        self._publish = publish
        self._invoke = invoke
        self._event_bus = event_bus
        self._objects = objects
        self._permissions = permissions
        self._metrics = metrics

    def deliver_record(
        self, ending: Ending, version: FunctionVersion, destination_arn: str, trace_header: str
    ) -> None:
        """Send the event's invocation record to its destination."""
        record = invocation_record(ending, self._clock.now_s())
        try:
            self._deliver_record(record, ending, version, destination_arn, trace_header)
        except (UndeliverableError, AwsError):
            self._metrics.count("DestinationDeliveryFailures", 1, version.function_name)

    def deliver_dead_letter(
        self, ending: Ending, version: FunctionVersion, trace_header: str
    ) -> None:
        """Send the event itself to its function's dead-letter queue."""
        target_arn = version.dead_letter_target_arn or ""
        body = ending.payload.decode("utf-8", "replace")
        attributes = dead_letter_attributes(ending)
        try:
            match service_of(target_arn):
                case "sqs":
                    self._send(version, target_arn, body, trace_header, attributes)
                case "sns":
                    self._notify(version, target_arn, body, attributes)
                case _:
                    raise UndeliverableError(f"{target_arn} is neither a queue nor a topic")
        except (UndeliverableError, AwsError):
            self._metrics.count("DeadLetterErrors", 1, version.function_name)

    def _deliver_record(
        self,
        record: Mapping[str, Any],
        ending: Ending,
        version: FunctionVersion,
        target_arn: str,
        trace_header: str,
    ) -> None:
        match service_of(target_arn):
            case "sqs":
                body = record_text(record, MAX_SQS_BYTES)
                self._send(version, target_arn, body, trace_header)
            case "sns":
                self._notify(version, target_arn, record_text(record, MAX_EVENT_BYTES))
            case "lambda":
                self._require(version, "lambda:InvokeFunction", target_arn)
                payload = record_text(record, MAX_SQS_BYTES).encode()
                self._invoke(target_arn, payload, trace_header=trace_header)
            case "events":
                self._put_event(record, ending, version, target_arn)
            case "s3":
                self._put_object(record, version, target_arn)
            case _:
                raise UndeliverableError(f"{target_arn} is no destination")

    def _send(
        self,
        version: FunctionVersion,
        queue_arn: str,
        body: str,
        trace_header: str,
        attributes: Attributes | None = None,
    ) -> None:
        self._require(version, "sqs:SendMessage", queue_arn)
        queue = self._sqs.find(queue_arn)
        if queue is None:
            raise UndeliverableError(f"{queue_arn} is not a queue of this account")
        queue.send(
            body,
            sender_id=self._sqs.sender_id(_session_arn(version)),
            message_attributes=attributes,
            system_attributes={
                "AWSTraceHeader": {"DataType": "String", "StringValue": trace_header}
            },
        )

    def _notify(
        self,
        version: FunctionVersion,
        topic_arn: str,
        message: str,
        attributes: Attributes | None = None,
    ) -> None:
        self._require(version, "sns:Publish", topic_arn)
        self._publish(
            topic_arn,
            message,
            message_attributes=attributes,
            principal=_session_arn(version),
        )

    def _put_event(
        self, record: Mapping[str, Any], ending: Ending, version: FunctionVersion, bus_arn: str
    ) -> None:
        self._require(version, "events:PutEvents", bus_arn)
        detail = record_text(record, MAX_EVENT_BYTES)
        resources = [bus_arn, ending.function_arn]
        try:
            self._event_bus.put_event(bus_arn, "lambda", detail_type(ending), resources, detail)
        except LookupError as error:
            raise UndeliverableError(f"there is no event bus {bus_arn}") from error

    def _put_object(
        self, record: Mapping[str, Any], version: FunctionVersion, bucket_arn: str
    ) -> None:
        key = object_key(version.function_name, self._clock.now_s(), str(uuid.uuid4()))
        self._require(version, "s3:ListBucket", bucket_arn)
        self._require(version, "s3:PutObject", f"{bucket_arn}/{key}")
        body = compact(record).encode()
        try:
            self._objects.put(bucket_arn.rpartition(":")[2], key, body, _session_arn(version))
        except LookupError as error:
            raise UndeliverableError(f"there is no bucket {bucket_arn}") from error

    def _require(self, version: FunctionVersion, action: str, resource_arn: str) -> None:
        if not self._permissions.role_allows(version.role_arn, action, resource_arn):
            raise UndeliverableError(f"{version.role_arn} may not {action} on {resource_arn}")


def _session_arn(version: FunctionVersion) -> str:
    """Who Lambda is when it sends with a function's role."""
    account_id = account_of(version.role_arn)
    role_name = version.role_arn.rpartition("/")[2]
    session = f"assumed-role/{role_name}/{version.function_name}"
    return f"arn:aws:sts::{account_id}:{session}"
