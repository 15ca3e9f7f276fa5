"""Message move tasks: DLQ redrive, message by message, at a rate.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
"""

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from localaws.sqs.errors import InvalidParameterValue
from localaws.sqs.limits import MAX_LISTED_MOVE_TASKS, MAX_MOVES_PER_S
from localaws.sqs.message import Message
from localaws.sqs.queue import Queue
from localaws.sqs.transfer import move
from localaws.time.time import Time

# A task works in steps of a tenth of a second, or of one message where its rate is slower.
_STEP_S = 0.1


class Status(Enum):
    """Of a task, in AWS's words."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


@dataclass
class MoveTask:
    """One task.

    Attributes:
        destination_arn: None sends every message back to the queue it was redriven from.
        max_per_s: None leaves the rate to the service, which takes the highest one.
        to_move: messages available in the source at the start; it does not change.
    """

    source: Queue
    destination_arn: str | None
    max_per_s: int | None
    started_at_s: float
    to_move: int
    task_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: Status = Status.RUNNING
    moved: int = 0
    failure_reason: str | None = None

    @property
    def active(self) -> bool:
        return self.status in (Status.RUNNING, Status.CANCELLING)

    @property
    def rate_per_s(self) -> int:
        return self.max_per_s or MAX_MOVES_PER_S

    @property
    def handle(self) -> str:
        """What clients cancel the task by."""
        content = {"taskId": self.task_id, "sourceArn": self.source.arn}
        return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


class MoveTasks:
    """The account's tasks and their progress.

    Args:
        find: the queue of an ARN, or None.
    """

    def __init__(self, time: Time, find: Callable[[str], Queue | None]) -> None:
        self._time = time
        self._find = find
        self._by_source: dict[str, list[MoveTask]] = {}

    def start(self, source: Queue, destination_arn: str | None, max_per_s: int | None) -> MoveTask:
        """Begin to move the source's messages.

        Raises:
            InvalidParameterValue: the source has an active task.
        """
        tasks = self._by_source.setdefault(source.arn, [])
        if tasks and tasks[0].active:
            raise InvalidParameterValue(
                "There is already a task running. Only one active task is allowed for a source "
                "queue arn at a given time."
            )
        to_move = source.counts()[0]
        task = MoveTask(source, destination_arn, max_per_s, self._time.now_s(), to_move)
        tasks.insert(0, task)
        del tasks[MAX_LISTED_MOVE_TASKS:]
        self._schedule(task, step=1)
        return task

    def of(self, source_arn: str) -> list[MoveTask]:
        """The latest tasks of a source queue, newest first."""
        return list(self._by_source.get(source_arn, []))

    def cancel(self, task: MoveTask) -> None:
        """Stop a running task; what it has taken already still arrives.

        Raises:
            InvalidParameterValue: it is not running.
        """
        if task.status is not Status.RUNNING:
            raise InvalidParameterValue("Only active tasks can be cancelled.")
        task.status = Status.CANCELLING

    def _schedule(self, task: MoveTask, step: int) -> None:
        step_s = max(_STEP_S, 1 / task.rate_per_s)
        due = int(step * step_s * task.rate_per_s + 1e-6)
        self._time.call_at(task.started_at_s + step * step_s, lambda: self._work(task, step, due))

    def _work(self, task: MoveTask, step: int, due: int) -> None:
        """Move what the rate allows up to now; a cancelled task ends after this step."""
        while task.moved < min(due, task.to_move) and task.active and self._move_one(task):
            pass
        if not task.active:
            return
        if task.moved >= task.to_move or task.source.first_available() is None:
            cancelled = task.status is Status.CANCELLING and task.moved < task.to_move
            task.status = Status.CANCELLED if cancelled else Status.COMPLETED
        elif task.status is Status.CANCELLING:
            task.status = Status.CANCELLED
        else:
            self._schedule(task, step + 1)

    def _move_one(self, task: MoveTask) -> bool:
        """Move the oldest available message; False when there is none or the task failed."""
        if task.source.deleted:
            return _fail(task, "AWS.SimpleQueueService.NonExistentQueue")
        message = task.source.first_available()
        if message is None:
            return False
        target_arn = _destination_of(task, message)
        if target_arn is None:
            return _fail(task, "CouldNotDetermineMessageSource")
        destination = self._find(target_arn)
        if destination is None:
            return _fail(task, "AWS.SimpleQueueService.NonExistentQueue")
        task.source.withdraw(message.message_id)
        move(message, destination, self._time.now_ms())
        task.moved += 1
        return True


def _destination_of(task: MoveTask, message: Message) -> str | None:
    return task.destination_arn or message.dead_letter_source_arn


def _fail(task: MoveTask, reason: str) -> bool:
    task.status, task.failure_reason = Status.FAILED, reason
    return False
