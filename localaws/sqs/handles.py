"""From a receipt handle to the message that it still stands for."""

from localaws.sqs import receipts
from localaws.sqs.errors import InvalidParameterValue, MissingParameter, ReceiptHandleIsInvalid
from localaws.sqs.store import MessageStore
from localaws.sqs.stored import State, Stored


def resolve(
    receipt_handle: str, queue_key: bytes, store: MessageStore, is_fifo: bool
) -> Stored | None:
    """The message of a handle, or None when it is no longer in the queue.

    In a standard queue every handle that was issued for a message goes on working, in flight or
    not. In a FIFO queue only the latest does, and only until its visibility timeout ends.

    Raises:
        ReceiptHandleIsInvalid: the text is none of this queue's handles.
        InvalidParameterValue: the handle of a FIFO message has expired.
    """
    if not receipt_handle.strip():
        raise MissingParameter("ReceiptHandle")
    receipt = receipts.read(receipt_handle)
    if receipt is None:
        raise ReceiptHandleIsInvalid(
            f'The input receipt handle "{receipt_handle}" is not a valid receipt handle.'
        )
    if receipt.queue_key != queue_key:
        raise ReceiptHandleIsInvalid(
            f'The receipt handle "{receipt_handle}" is not valid for this queue.'
        )
    stored = store.get(receipt.message_id)
    if stored is not None and is_fifo:
        latest = stored.receive_serial == receipt.receive_serial
        if not latest or stored.state is not State.IN_FLIGHT:
            raise InvalidParameterValue.of(
                "ReceiptHandle", receipt_handle, "The receipt handle has expired."
            )
    return stored
