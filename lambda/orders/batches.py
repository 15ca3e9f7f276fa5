"""Four ways to answer for a batch of orders, each a handler of its own.

The event source mapping sends up to ten messages at once. What SQS keeps depends on two things that
have to fit together: what the handler answers, and whether the mapping is told to read the answer
(`FunctionResponseTypes: [ReportBatchItemFailures]`).
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from handler import pass_over, process, records_of


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

    For FIFO queues: if a later order were deleted, the failed one would come after it. In a batch
    that mixes message groups this also keeps orders of groups in which nothing failed.
    """
    records = list(records_of(event, context))
    for position, record in enumerate(records):
        if not succeeds(record, context):
            for later in records[position + 1 :]:
                pass_over(later, context)
            return answer(records[position:])
    return answer([])


def report_by_group(event, context):
    """In each message group try the orders up to the first that fails; name it and those behind it.

    For FIFO queues: the sequence holds within a group, and no group waits for another one.
    """
    stopped, kept = set(), []
    for record, raw in zip(records_of(event, context), event["Records"], strict=True):
        group = raw["attributes"]["MessageGroupId"]
        if group in stopped:
            pass_over(record, context)
        elif succeeds(record, context):
            continue
        stopped.add(group)
        kept.append(record)
    return answer(kept)


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
