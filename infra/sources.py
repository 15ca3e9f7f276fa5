"""What feeds a function: a source queue with its DLQ, or a topic with its subscription's DLQ."""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import settings
from infra.constructs import WorkshopQueue


class SourceQueue(WorkshopQueue):
    """A queue with a redrive policy: what was received too often moves to its `dlq`."""

    def __init__(self, scope: Construct, *, fifo: bool = False) -> None:
        """Create both queues.

        Args:
            scope: the stack.
            fifo: whether the queues are FIFO.
        """
        self.dlq = WorkshopQueue(
            scope, "SourceQueueDlq", retention_days=settings.DLQ_RETENTION_DAYS, fifo=fifo
        )
        super().__init__(
            scope,
            "SourceQueue",
            retention_days=settings.QUEUE_RETENTION_DAYS,
            visibility_timeout_s=settings.VISIBILITY_TIMEOUT_S,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dlq, max_receive_count=settings.MAX_RECEIVE_COUNT
            ),
            fifo=fifo,
        )


class SourceTopic(sns.Topic):
    """A topic that invokes a function asynchronously.

    Events that never reach the function go to its `subscription_dlq`: SNS gives them up, Lambda
    never sees them.
    """

    def __init__(self, scope: Construct, *, function: lambda_.IFunction) -> None:
        """Create the topic, the subscription and its DLQ.

        Args:
            scope: the stack.
            function: what the topic invokes.
        """
        super().__init__(scope, "Topic")
        self.subscription_dlq = WorkshopQueue(
            scope, "SubscriptionDlq", retention_days=settings.DLQ_RETENTION_DAYS
        )
        self.add_subscription(
            subscriptions.LambdaSubscription(function, dead_letter_queue=self.subscription_dlq)
        )
