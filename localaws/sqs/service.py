"""Amazon SQS: its API as operations on plain dicts, its queues as objects for other services."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from localaws.sqs.errors import QueueDoesNotExist
from localaws.sqs.message_operations import MessageOperations
from localaws.sqs.move_operations import MoveOperations
from localaws.sqs.move_tasks import MoveTasks
from localaws.sqs.queue import Queue
from localaws.sqs.queue_operations import QueueOperations
from localaws.sqs.registry import Queues
from localaws.sqs.send_operations import SendOperations
from localaws.sqs.senders import sender_id
from localaws.time.time import Time
from localaws.words.data_keys import Keys, every_key
from localaws.words.http import Caller
from localaws.words.identity import Identity, unique_id
from localaws.words.ports import MetricSink, UniqueIds
from localaws.words.propagation import QueuePropagation, QueuesAtOnce

Answer = dict[str, Any] | None
Operation = Callable[[dict[str, Any], Caller], "Answer | Awaitable[Answer]"]


class SqsService:
    """One account's SQS in one Region.

    Args:
        base_url: the endpoint's address, with which queue URLs begin.
        propagation: from when on queues do what was asked of them; default at once.
        unique_ids: how IAM names who sends; default by names, where there is no IAM.
        keys: KMS; default each key is one, where there is none.
    """

    def __init__(
        self,
        *,
        time: Time,
        identity: Identity,
        metrics: MetricSink,
        base_url: str,
        propagation: QueuePropagation | None = None,
        unique_ids: UniqueIds = unique_id,
        keys: Keys = every_key,
    ) -> None:
        self._queues = Queues(
            time=time,
            identity=identity,
            metrics=metrics,
            base_url=base_url,
            propagation=propagation or QueuesAtOnce(),
            keys=keys,
        )
        self._on_queues = QueueOperations(self._queues)
        self._on_messages = MessageOperations(self._queues, time)
        self._sending = SendOperations(self._queues, unique_ids)
        self._unique_ids = unique_ids
        tasks = MoveTasks(time, self._queues.find)
        self._moving = MoveOperations(self._queues, tasks)

    def create_queue(
        self, name: str, attributes: Mapping[str, str], tags: Mapping[str, str] | None = None
    ) -> Queue:
        """CreateQueue; the same queue again is no error."""
        return self._queues.create(name, attributes, tags or {})

    def delete_queue(self, queue: Queue) -> None:
        """DeleteQueue."""
        self._queues.delete(queue)

    def find(self, arn_or_url: str) -> Queue | None:
        """The queue of an ARN or a queue URL, or None."""
        return self._queues.find(arn_or_url)

    def queue(self, arn_or_url: str) -> Queue:
        """The queue of an ARN or a queue URL.

        Raises:
            QueueDoesNotExist
        """
        queue = self._queues.find(arn_or_url)
        if queue is None:
            raise QueueDoesNotExist
        return queue

    def sender_id(self, arn: str) -> str:
        """The SenderId of what a user or a role's session sends, by its ARN."""
        return sender_id(arn, self._unique_ids)

    def operations(self) -> Mapping[str, Operation]:
        """Every operation of SQS's model by its name."""
        queues, messages, moving = self._on_queues, self._on_messages, self._moving
        return {
            "AddPermission": queues.add_permission,
            "CancelMessageMoveTask": moving.cancel_message_move_task,
            "ChangeMessageVisibility": messages.change_message_visibility,
            "ChangeMessageVisibilityBatch": messages.change_message_visibility_batch,
            "CreateQueue": queues.create_queue,
            "DeleteMessage": messages.delete_message,
            "DeleteMessageBatch": messages.delete_message_batch,
            "DeleteQueue": queues.delete_queue,
            "GetQueueAttributes": queues.get_queue_attributes,
            "GetQueueUrl": queues.get_queue_url,
            "ListDeadLetterSourceQueues": queues.list_dead_letter_source_queues,
            "ListMessageMoveTasks": moving.list_message_move_tasks,
            "ListQueueTags": queues.list_queue_tags,
            "ListQueues": queues.list_queues,
            "PurgeQueue": queues.purge_queue,
            "ReceiveMessage": messages.receive_message,
            "RemovePermission": queues.remove_permission,
            "SendMessage": self._sending.send_message,
            "SendMessageBatch": self._sending.send_message_batch,
            "SetQueueAttributes": queues.set_queue_attributes,
            "StartMessageMoveTask": moving.start_message_move_task,
            "TagQueue": queues.tag_queue,
            "UntagQueue": queues.untag_queue,
        }
