"""Handing a notification to an endpoint: a function or a queue."""

import json
from dataclasses import dataclass
from typing import Any

from localaws.sns.envelopes import function_event, queue_envelope
from localaws.sns.notification import Notification
from localaws.sns.signing import Signer
from localaws.sns.subscriptions import Subscription
from localaws.sqs import Queue, SqsService
from localaws.sqs.senders import service_sender_id
from localaws.words.errors import AwsError
from localaws.words.ports import AsyncInvoke, Permissions

SERVICE_PRINCIPAL = "sns.amazonaws.com"


@dataclass(frozen=True)
class EndpointAnswer:
    """What an endpoint answered; `provider_response` goes to the delivery status log."""

    status: int
    provider_response: dict[str, Any]


class Endpoints:
    """The endpoints that the embedded AWS delivers to.

    Subscriptions of other protocols (e-mail, HTTP, SMS ...) exist, but nothing leaves this
    machine: their messages end here.
    """

    def __init__(
        self,
        sqs: SqsService,
        invoke_async: AsyncInvoke,
        permissions: Permissions,
        signer: Signer,
    ) -> None:
        self._sqs = sqs
        self._signer = signer
        self._invoke_async = invoke_async
        self._permissions = permissions

    def deliver(self, notification: Notification, subscription: Subscription) -> EndpointAnswer:
        """Try once. Raises AwsError: below status 500 trying again would not help."""
        if subscription.protocol == "lambda":
            return self._invoke(notification, subscription)
        return self._send(notification, subscription, subscription.endpoint)

    def dead_letter(self, notification: Notification, subscription: Subscription) -> None:
        """Write to the subscription's DLQ what the endpoint did not take. Raises AwsError."""
        assert subscription.dead_letter_target_arn is not None
        self._send(notification, subscription, subscription.dead_letter_target_arn)

    def _invoke(self, notification: Notification, subscription: Subscription) -> EndpointAnswer:
        request_id = self._invoke_async(
            subscription.endpoint,
            function_event(notification, subscription.arn, self._signer),
            principal_service=SERVICE_PRINCIPAL,
            source_arn=notification.topic_arn,
            trace_header=notification.trace_header,
        )
        return EndpointAnswer(202, {"lambdaRequestId": request_id})

    def _send(
        self, notification: Notification, subscription: Subscription, queue_arn: str
    ) -> EndpointAnswer:
        queue = self._sqs.find(queue_arn)
        if queue is None:
            raise AwsError(
                "The specified queue does not exist.",
                code="AWS.SimpleQueueService.NonExistentQueue",
            )
        self._require_permission(queue, notification.topic_arn)
        message = queue.send(
            self._body(notification, subscription),
            sender_id=service_sender_id(SERVICE_PRINCIPAL),
            message_attributes=notification.attributes if subscription.raw else None,
            system_attributes=_trace(notification),
            group_id=_group_id(notification, subscription, queue),
            deduplication_id=notification.deduplication_id if queue.is_fifo else None,
        )
        return EndpointAnswer(200, {"sqsMessageId": message.message_id})

    def _body(self, notification: Notification, subscription: Subscription) -> str:
        protocol = subscription.protocol
        if subscription.raw:
            return notification.text_for(protocol)
        return queue_envelope(notification, subscription.arn, self._signer, protocol)

    def _require_permission(self, queue: Queue, topic_arn: str) -> None:
        policy = queue.policy
        allowed = self._permissions.resource_policy_allows(
            json.loads(policy) if policy else None,
            principal_service=SERVICE_PRINCIPAL,
            action="sqs:SendMessage",
            resource_arn=queue.arn,
            source_arn=topic_arn,
        )
        if not allowed:
            raise AwsError(
                f"User: {SERVICE_PRINCIPAL} is not authorized to perform: sqs:sendmessage on "
                f"resource: {queue.arn} because no resource-based policy allows the "
                "sqs:sendmessage action",
                code="AccessDenied",
                status=403,
            )


def _group_id(notification: Notification, subscription: Subscription, queue: Queue) -> str | None:
    """A standard queue gets the group of a standard topic alone (fair queues).

    https://docs.aws.amazon.com/sns/latest/dg/fifo-message-grouping.html
    https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
    """
    of_fifo_topic = notification.sequence_number is not None
    if queue.is_fifo or (subscription.protocol == "sqs" and not of_fifo_topic):
        return notification.group_id
    return None


def _trace(notification: Notification) -> dict[str, dict[str, str]] | None:
    if notification.trace_header is None:
        return None
    return {"AWSTraceHeader": {"DataType": "String", "StringValue": notification.trace_header}}
