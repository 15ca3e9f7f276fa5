"""Functions, queues and topics, as other services reach them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localaws.sns import SnsService
from localaws.sqs import Queue, SqsService
from localaws.sqs.senders import service_sender_id
from localaws.words.arns import service_of
from localaws.words.errors import AwsError
from localaws.words.ports import AsyncInvoke, Permissions


@dataclass(frozen=True)
class OnBehalf:
    """Who reaches out: a service, for one of its resources.

    Attributes:
        service: its principal, e.g. `events.amazonaws.com`.
        arn: of the rule, alarm or bucket; what policies call the source.
        owner: the account for which it acts as for its owner; a new topic's policy asks for that.
    """

    service: str
    arn: str
    owner: str | None = None


class Reach:
    """Each method raises AwsError for a target that is missing, or whose policy says no.

    Args:
        may_invoke: whether the policy of a function (its ARN) lets a service in, for a source.
        permissions: decides the same about queues and topics by their policies.
    """

    def __init__(
        self,
        *,
        invoke_async: AsyncInvoke,
        may_invoke: Callable[[str, str, str], bool],
        sqs: SqsService,
        sns: SnsService,
        permissions: Permissions,
    ) -> None:
        self._invoke_async = invoke_async
        self._may_invoke = may_invoke
        self._sqs = sqs
        self._sns = sns
        self._permissions = permissions

    def invoke(self, function_arn: str, payload: str, by: OnBehalf) -> None:
        """Invoke a function asynchronously."""
        self._invoke_async(
            function_arn, payload.encode(), principal_service=by.service, source_arn=by.arn
        )

    def send(
        self,
        queue_arn: str,
        body: str,
        by: OnBehalf,
        *,
        group_id: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        """Send to a queue.

        Args:
            group_id: for a FIFO queue; a standard one gets none.
            attributes: the message's, in boto3's shape.
        """
        queue = self._permitted_queue(queue_arn, by)
        queue.send(
            body,
            sender_id=service_sender_id(by.service),
            group_id=group_id if queue.is_fifo else None,
            message_attributes=dict(attributes or {}),
        )

    def publish(
        self, topic_arn: str, message: str, by: OnBehalf, *, subject: str | None = None
    ) -> None:
        """Publish to a topic."""
        self._require_topic(topic_arn, by)
        self._sns.publish(topic_arn, message, subject=subject, principal=by.service)

    def takes_from(self, arn: str, by: OnBehalf) -> bool:
        """Whether a function, queue or topic is there and lets `by` reach it, with its key."""
        service = service_of(arn)
        try:
            if service == "lambda":
                return self._may_invoke(arn, by.service, by.arn)
            if service == "sqs":
                queue = self._permitted_queue(arn, by)
                queue.require_key(f"sends: {service_sender_id(by.service)}")
            else:
                self._require_topic(arn, by)
                self._sns.require_key(arn, by.service)
        except AwsError:
            return False
        return True

    def _permitted_queue(self, arn: str, by: OnBehalf) -> Queue:
        queue = self._sqs.queue(arn)
        self._require(queue.policy, "sqs:SendMessage", arn, by)
        return queue

    def _require_topic(self, arn: str, by: OnBehalf) -> None:
        policy = self._sns.policy(arn)
        if policy is None:
            raise AwsError("Topic does not exist", code="NotFound", status=404)
        self._require(policy, "sns:Publish", arn, by)

    def _require(self, policy: str | None, action: str, arn: str, by: OnBehalf) -> None:
        if not self._permissions.resource_policy_allows(
            json.loads(policy) if policy else None,
            principal_service=by.service,
            action=action,
            resource_arn=arn,
            source_arn=by.arn,
            source_owner=by.owner,
        ):
            raise AwsError(
                f"User: {by.service} is not authorized to perform: {action} on resource: {arn} "
                f"because no resource-based policy allows the {action} action",
                code="AccessDenied",
                status=403,
            )
