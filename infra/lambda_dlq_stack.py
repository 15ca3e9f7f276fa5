"""Pattern 3: a topic invokes the function asynchronously; given-up events go to the function's DLQ.

Retries are those of pattern 2. What arrives differs: the event itself, with three message
attributes that say what went wrong, instead of an invocation record.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
"""

from constructs import Construct

from infra import settings
from infra.constructs import WorkshopFunction, WorkshopQueue, WorkshopStack, add_outputs
from infra.sources import SourceTopic


class LambdaDlqStack(WorkshopStack):
    """Topic, function with a DLQ of its own, DLQ on the subscription."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, about="Lambda dead-letter queue")
        function_dlq = WorkshopQueue(
            self, "FunctionDlq", retention_days=settings.DLQ_RETENTION_DAYS
        )
        function = WorkshopFunction(
            self,
            "Function",
            description="Orders from an SNS topic, with a dead-letter queue",
            retry_attempts=settings.MAXIMUM_RETRY_ATTEMPTS,
            dead_letter_queue=function_dlq,
        )
        topic = SourceTopic(self, function=function)
        add_outputs(
            self,
            TopicArn=topic.topic_arn,
            FunctionName=function.function_name,
            LogGroupName=function.log_group.log_group_name,
            FunctionDlqUrl=function_dlq.queue_url,
            SubscriptionDlqUrl=topic.subscription_dlq.queue_url,
        )
