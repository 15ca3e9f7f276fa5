"""Notebook 05: a queue whose function gets ten messages at once.

Three stacks of the same form show three ways to answer for a batch of which one message fails:

    WholeBatches    the function raises: SQS keeps all ten
    PartialBatches  the function names the failed message: SQS keeps that one
    FifoBatches     the same on a FIFO queue: it names the failed message and all behind it

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import settings
from infra.constructs import WorkshopFunction, WorkshopStack, add_outputs
from infra.powertools_layer import PowertoolsLayer
from infra.sources import SourceQueue


class BatchStack(WorkshopStack):
    """Source queue with redrive policy, and a function on an event source mapping of batches."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        about: str,
        handler: str,
        reports_item_failures: bool,
        fifo: bool = False,
        powertools: bool = False,
    ) -> None:
        """Create the stack.

        Args:
            scope: the app.
            construct_id: the stack's name.
            about: what becomes of a batch, in a few words.
            handler: function of `lambda/orders/batches.py`.
            reports_item_failures: whether the mapping reads which messages the function names.
            fifo: whether the queues are FIFO.
            powertools: whether the function can import Powertools for AWS Lambda.
        """
        super().__init__(scope, construct_id, about=about)
        queue = SourceQueue(self, fifo=fifo)
        layers: Sequence[lambda_.ILayerVersion] = [PowertoolsLayer(self)] if powertools else []
        function = WorkshopFunction(
            self, "Function", description=about, handler=f"batches.{handler}", layers=layers
        )
        mapping = _mapping(queue, reports_item_failures=reports_item_failures, fifo=fifo)
        function.add_event_source(mapping)
        add_outputs(
            self,
            SourceQueueUrl=queue.queue_url,
            SourceQueueDlqUrl=queue.dlq.queue_url,
            FunctionName=function.function_name,
            LogGroupName=function.log_group.log_group_name,
            EventSourceMappingId=mapping.event_source_mapping_id,
        )


def _mapping(
    queue: sqs.IQueue, *, reports_item_failures: bool, fifo: bool
) -> event_sources.SqsEventSource:
    # SQS has no batching window for FIFO queues.
    window = None if fifo else Duration.seconds(settings.BATCHING_WINDOW_S)
    return event_sources.SqsEventSource(
        queue,
        batch_size=settings.LARGE_BATCH_SIZE,
        max_batching_window=window,
        report_batch_item_failures=reports_item_failures,
    )
