"""Notebook 06: a queue of orders whose payments a function takes, with two mistakes in its code.

The pattern is the first one, SQS with a dead-letter queue. What is new is an effect that must not
happen twice: a payment, an item in a table.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda_event_sources as event_sources
from constructs import Construct

from infra import settings
from infra.constructs import WorkshopFunction, WorkshopStack, add_outputs
from infra.sources import SourceQueue


class RepairStack(WorkshopStack):
    """Source queue with redrive policy, a function that takes payments, their table."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, about="redrive and repair")
        queue = SourceQueue(self)
        payments = _payments(self)
        function = WorkshopFunction(
            self,
            "Function",
            description="Takes the payments of orders from an SQS queue",
            folder="payments",
            environment={"PAYMENTS_TABLE": payments.table_name},
        )
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["dynamodb:PutItem"], resources=[payments.table_arn])
        )
        mapping = event_sources.SqsEventSource(queue, batch_size=settings.BATCH_SIZE)
        function.add_event_source(mapping)
        add_outputs(
            self,
            SourceQueueUrl=queue.queue_url,
            SourceQueueDlqUrl=queue.dlq.queue_url,
            FunctionName=function.function_name,
            LogGroupName=function.log_group.log_group_name,
            EventSourceMappingId=mapping.event_source_mapping_id,
            PaymentsTableName=payments.table_name,
        )


def _payments(scope: Construct) -> dynamodb.Table:
    return dynamodb.Table(
        scope,
        "Payments",
        partition_key=dynamodb.Attribute(name="payment_id", type=dynamodb.AttributeType.STRING),
        # Nothing to pay while nobody works with it.
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        removal_policy=RemovalPolicy.DESTROY,
    )
