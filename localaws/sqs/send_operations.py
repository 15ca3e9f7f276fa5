"""SendMessage and SendMessageBatch."""

from collections.abc import Mapping
from typing import Any

from localaws.sqs import batches
from localaws.sqs.draft import Draft
from localaws.sqs.errors import (
    BatchRequestTooLong,
    InvalidParameterValue,
    MessageTooLong,
    MissingParameter,
)
from localaws.sqs.limits import MAX_BATCH_BYTES
from localaws.sqs.md5 import md5_of_attributes
from localaws.sqs.message_attributes import check_no_lists
from localaws.sqs.queue import Queue
from localaws.sqs.registry import Queues
from localaws.sqs.senders import sender_id
from localaws.words.http import Caller
from localaws.words.ports import UniqueIds

Params = dict[str, Any]

_ENTRY = "SendMessageBatchRequestEntry"


class SendOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, queues: Queues, unique_ids: UniqueIds) -> None:
        self._queues = queues
        self._unique_ids = unique_ids

    def send_message(self, params: Params, caller: Caller) -> Params:
        queue = self._queues.at(params["QueueUrl"])
        draft = _draft(params, caller)
        _check_no_lists([draft], "SendMessage")
        queue.check(draft)
        return self._accept(queue, draft, caller)

    def send_message_batch(self, params: Params, caller: Caller) -> Params:
        queue = self._queues.at(params["QueueUrl"])
        entries = params["Entries"]
        batches.check_entries(entries, _ENTRY)
        drafts = [_draft(entry, caller) for entry in entries]
        _check_no_lists(drafts, "SendMessageBatch")
        size_bytes = sum(draft.size_bytes for draft in drafts)
        if size_bytes > MAX_BATCH_BYTES:
            raise BatchRequestTooLong(
                f"Batch requests cannot be longer than {MAX_BATCH_BYTES} bytes. "
                f"You have sent {size_bytes} bytes."
            )
        if queue.is_fifo:
            # Part of a batch would break the order: one bad entry refuses a FIFO batch.
            _check_fifo_batch(queue, drafts)
        # What KMS refuses, refuses the batch: the model has it among the operation's errors.
        queue.require_key(f"sends: {sender_id(caller.arn, self._unique_ids)}")

        def send(number: int, _entry: batches.Entry) -> Params:
            draft = drafts[number - 1]
            _check_entry(queue, draft, number)
            return self._accept(queue, draft, caller)

        return batches.run(entries, send)

    def _accept(self, queue: Queue, draft: Draft, caller: Caller) -> Params:
        message = queue.accept(draft, sender_id(caller.arn, self._unique_ids))
        answer = {
            "MessageId": message.message_id,
            "MD5OfMessageBody": message.md5_of_body,
            "MD5OfMessageAttributes": message.md5_of_message_attributes,
            "MD5OfMessageSystemAttributes": md5_of_attributes(draft.system_attributes),
            "SequenceNumber": message.sequence_number,
        }
        return {name: value for name, value in answer.items() if value is not None}


def _draft(params: Mapping[str, Any], caller: Caller) -> Draft:
    return Draft(
        body=params.get("MessageBody") or "",
        message_attributes=params.get("MessageAttributes") or {},
        system_attributes=params.get("MessageSystemAttributes") or {},
        delay_s=params.get("DelaySeconds"),
        group_id=params.get("MessageGroupId"),
        deduplication_id=params.get("MessageDeduplicationId"),
        trace_header=caller.trace_header,
    )


def _check_no_lists(drafts: list[Draft], operation: str) -> None:
    for draft in drafts:
        check_no_lists(draft.message_attributes, operation)
        check_no_lists(draft.system_attributes, operation)


def _check_entry(queue: Queue, draft: Draft, number: int) -> None:
    try:
        queue.check(draft)
    except MessageTooLong as error:
        raise error.in_batch() from None
    except MissingParameter as error:
        if not draft.body:
            raise MissingParameter(f"{_ENTRY}.{number}.MessageBody") from None
        raise error


def _check_fifo_batch(queue: Queue, drafts: list[Draft]) -> None:
    for number, draft in enumerate(drafts, start=1):
        if not draft.body:
            raise MissingParameter(f"{_ENTRY}.{number}.MessageBody")
        try:
            queue.check(draft)
        except MissingParameter as error:
            # A single send says MissingParameter here, a batch does not (recorded on AWS).
            raise InvalidParameterValue(error.message) from None
