"""What EventBridge's rules and CloudWatch's alarms reach of our services.

A target that is missing or refuses loses what was meant for it; who put the event never learns.
"""

import contextlib
import json

from localaws.sns import SnsService
from localaws.sqs import SqsService
from localaws.words.arns import account_of
from localaws.words.errors import AwsError
from localaws.words.ports import AsyncInvoke, Permissions

_EVENTBRIDGE = "events.amazonaws.com"
_CLOUDWATCH = "cloudwatch.amazonaws.com"


class EventTargets:
    """Functions, queues and topics, as targets of rules; topics, as actions of alarms.

    Args:
        permissions: decides whether the policies of queues and topics let a rule or alarm write;
            `invoke_async` asks for itself.
    """

    def __init__(
        self,
        *,
        invoke_async: AsyncInvoke,
        sqs: SqsService,
        sns: SnsService,
        permissions: Permissions,
    ) -> None:
        self._invoke_async = invoke_async
        self._sqs = sqs
        self._sns = sns
        self._permissions = permissions

    def invoke(self, function_arn: str, payload: str, rule_arn: str) -> None:
        """Invoke a function on behalf of a rule."""
        with contextlib.suppress(AwsError):
            self._invoke_async(
                function_arn,
                payload.encode(),
                principal_service=_EVENTBRIDGE,
                source_arn=rule_arn,
            )

    def send(self, queue_arn: str, body: str, rule_arn: str, group_id: str | None) -> None:
        """Send to a queue on behalf of a rule; `group_id` is for a FIFO queue."""
        queue = self._sqs.find(queue_arn)
        if queue is None:
            return
        if self._allows(queue.policy, "sqs:SendMessage", queue_arn, rule_arn):
            with contextlib.suppress(AwsError):
                group_id = group_id if queue.is_fifo else None
                queue.send(body, sender_id=_EVENTBRIDGE, group_id=group_id)

    def publish(self, topic_arn: str, message: str, rule_arn: str) -> None:
        """Publish to a topic on behalf of a rule."""
        if self._allows(self._sns.policy(topic_arn), "sns:Publish", topic_arn, rule_arn):
            with contextlib.suppress(AwsError):
                self._sns.publish(topic_arn, message)

    def notify(self, topic_arn: str, message: str, subject: str, alarm_arn: str) -> None:
        """Publish to a topic on behalf of an alarm.

        CloudWatch acts for the alarm's account, so it may use a topic as it was made:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/US_SetupSNS.html
        """
        policy = self._sns.policy(topic_arn)
        owner = account_of(alarm_arn)
        if self._allows(policy, "sns:Publish", topic_arn, alarm_arn, _CLOUDWATCH, owner):
            with contextlib.suppress(AwsError):
                self._sns.publish(topic_arn, message, subject=subject)

    def _allows(
        self,
        policy: str | None,
        action: str,
        resource_arn: str,
        source_arn: str,
        service: str = _EVENTBRIDGE,
        source_owner: str | None = None,
    ) -> bool:
        return self._permissions.resource_policy_allows(
            json.loads(policy) if policy else None,
            principal_service=service,
            action=action,
            resource_arn=resource_arn,
            source_arn=source_arn,
            source_owner=source_owner,
        )
