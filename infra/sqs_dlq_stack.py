"""Pattern 1: a queue feeds the function; messages that fail too often go to the queue's DLQ.

Who retries is SQS: Lambda leaves a failed message in the queue, and it becomes visible again when
its visibility timeout ends. A DLQ on the function would do nothing here, because the event source
mapping invokes the function synchronously.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import settings
from infra.constructs import WorkshopFunction, WorkshopStack, add_outputs
from infra.sources import SourceQueue


class SqsDlqStack(WorkshopStack):
    """Source queue with redrive policy, function on an event source mapping, alarm on the DLQ."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, about="SQS with a dead-letter queue")
        source_queue = SourceQueue(self)
        function = WorkshopFunction(self, "Function", description="Orders from an SQS queue")
        # An alias gives the mapping a stable target while versions come and go.
        alias = function.add_alias("live")
        mapping = event_sources.SqsEventSource(source_queue, batch_size=settings.BATCH_SIZE)
        alias.add_event_source(mapping)
        alarm, alarm_topic = self._add_alarm(source_queue.dlq)
        add_outputs(
            self,
            SourceQueueUrl=source_queue.queue_url,
            SourceQueueDlqUrl=source_queue.dlq.queue_url,
            FunctionName=function.function_name,
            FunctionAlias=alias.alias_name,
            LogGroupName=function.log_group.log_group_name,
            EventSourceMappingId=mapping.event_source_mapping_id,
            AlarmName=alarm.alarm_name,
            AlarmTopicArn=alarm_topic.topic_arn,
        )

    def _add_alarm(self, queue: sqs.Queue) -> tuple[cloudwatch.Alarm, sns.Topic]:
        # The number of *visible* messages: NumberOfMessagesSent does not count a move by SQS.
        topic = sns.Topic(self, "AlarmTopic")
        alarm = cloudwatch.Alarm(
            self,
            "SourceQueueDlqNotEmpty",
            alarm_description="A message failed too often and waits in the source queue's DLQ.",
            metric=queue.metric_approximate_number_of_messages_visible(
                period=Duration.seconds(settings.ALARM_PERIOD_S), statistic="Maximum"
            ),
            threshold=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=1,
            # SQS stops reporting on a queue that is idle for hours; that is not a failure.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(cloudwatch_actions.SnsAction(topic))
        return alarm, topic
