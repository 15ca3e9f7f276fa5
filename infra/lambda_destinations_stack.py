"""Pattern 2: a topic invokes the function asynchronously; each event ends in a destination.

Who retries is Lambda's own event queue. When an event was processed or given up, Lambda writes an
invocation record, with the event and the function's answer or error, to the destination.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from aws_cdk import aws_lambda_destinations as destinations
from constructs import Construct

from infra import settings
from infra.constructs import WorkshopFunction, WorkshopQueue, WorkshopStack, add_outputs
from infra.sources import SourceTopic


class LambdaDestinationsStack(WorkshopStack):
    """Topic, function with on-success and on-failure destinations, DLQ on the subscription."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, about="Lambda destinations")
        on_success = WorkshopQueue(
            self, "OnSuccessQueue", retention_days=settings.QUEUE_RETENTION_DAYS
        )
        on_failure = WorkshopQueue(
            self, "OnFailureQueue", retention_days=settings.DLQ_RETENTION_DAYS
        )
        function = WorkshopFunction(
            self,
            "Function",
            description="Orders from an SNS topic, with destinations",
            retry_attempts=settings.MAXIMUM_RETRY_ATTEMPTS,
            max_event_age_s=settings.MAXIMUM_EVENT_AGE_S,
            on_success=destinations.SqsDestination(on_success),
            on_failure=destinations.SqsDestination(on_failure),
        )
        topic = SourceTopic(self, function=function)
        add_outputs(
            self,
            TopicArn=topic.topic_arn,
            FunctionName=function.function_name,
            LogGroupName=function.log_group.log_group_name,
            OnSuccessQueueUrl=on_success.queue_url,
            OnFailureQueueUrl=on_failure.queue_url,
            SubscriptionDlqUrl=topic.subscription_dlq.queue_url,
        )
