"""The handler `batches.report_failures` once more, with Powertools for AWS Lambda.

Powertools parses the records, calls us for each of them, and answers for the batch. It comes with
the function's layer.
https://docs.aws.amazon.com/powertools/python/latest/utilities/batch/
"""

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from handler import process, read_sqs

processor = BatchProcessor(event_type=EventType.SQS)


def report_failures(event, context):
    """Try every order; name those that failed."""

    def process_record(record):
        return process({"record": None, **read_sqs(record.raw_event)}, context)

    return process_partial_response(event, process_record, processor, context)
