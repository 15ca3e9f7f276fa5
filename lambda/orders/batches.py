"""Three ways to answer for a batch of orders, each a handler of its own.

The event source mapping sends up to ten messages at once. What SQS keeps depends on two things that
have to fit together: what the handler answers, and whether the mapping is told to read the answer
(`FunctionResponseTypes: [ReportBatchItemFailures]`).
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from handler import process, records_of


class BatchFailedError(Exception):
    """At least one order of the batch failed."""


def all_or_nothing(event, context):
    """Try every order; if one failed, raise, so that SQS keeps all of them."""
    failed = [record for record in records_of(event, context) if not succeeds(record, context)]
    if failed:
        raise BatchFailedError(f"{len(failed)} of {len(event['Records'])} orders failed")


def report_failures(event, context):
    """Try every order; name those that failed, so that SQS keeps only these."""
    failed = [record for record in records_of(event, context) if not succeeds(record, context)]
    return answer(failed)


def report_in_order(event, context):
    """Try the orders up to the first that fails; name this one and all behind it.

    For FIFO queues: if a later order were deleted, the failed one would come after it.
    """
    records = list(records_of(event, context))
    for position, record in enumerate(records):
        if not succeeds(record, context):
            return answer(records[position:])
    return answer([])


def answer(failed):
    """What Lambda reads: the message ids that SQS has to keep."""
    return {"batchItemFailures": [{"itemIdentifier": record["message_id"]} for record in failed]}


def succeeds(record, context):
    """Whether the order was processed; what went wrong is in the line that `process` prints."""
    try:
        process(record, context)
    except Exception:
        return False
    return True
