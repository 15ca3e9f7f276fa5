"""StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask."""

import base64
import json
from typing import Any

from localaws.sqs.errors import InvalidParameterValue, ResourceNotFoundException
from localaws.sqs.limits import MAX_LISTED_MOVE_TASKS, MAX_MOVES_PER_S
from localaws.sqs.move_tasks import MoveTask, MoveTasks, Status
from localaws.sqs.queue import Queue
from localaws.sqs.registry import Queues
from localaws.words.http import Caller

Params = dict[str, Any]


class MoveOperations:
    """Each takes and returns what boto3 does."""

    def __init__(self, queues: Queues, tasks: MoveTasks) -> None:
        self._queues = queues
        self._tasks = tasks

    def start_message_move_task(self, params: Params, _caller: Caller) -> Params:
        source = self._resource("SourceArn", params["SourceArn"])
        destination_arn = params.get("DestinationArn")
        if destination_arn is not None:
            self._check_destination(source, destination_arn)
        max_per_s = params.get("MaxNumberOfMessagesPerSecond")
        if max_per_s is not None and not 1 <= max_per_s <= MAX_MOVES_PER_S:
            raise InvalidParameterValue(
                "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must "
                f"enter a number that's between 1 and {MAX_MOVES_PER_S}."
            )
        if not self._queues.sources_of(source.arn):
            raise InvalidParameterValue("Source queue must be configured as a Dead Letter Queue.")
        return {"TaskHandle": self._tasks.start(source, destination_arn, max_per_s).handle}

    def list_message_move_tasks(self, params: Params, _caller: Caller) -> Params:
        source = self._resource("SourceArn", params["SourceArn"])
        max_results = params.get("MaxResults")
        max_results = 1 if max_results is None else max_results
        if not 1 <= max_results <= MAX_LISTED_MOVE_TASKS:
            raise InvalidParameterValue(
                "Value for parameter MaxResults is invalid. Reason: You must enter a number "
                f"that's between 1 and {MAX_LISTED_MOVE_TASKS}."
            )
        return {"Results": [_listed(task) for task in self._tasks.of(source.arn)[:max_results]]}

    def cancel_message_move_task(self, params: Params, _caller: Caller) -> Params:
        task_id, source_arn = read_handle(params["TaskHandle"])
        source = self._resource("SourceArn", source_arn)
        for task in self._tasks.of(source.arn):
            if task.task_id == task_id:
                self._tasks.cancel(task)
                return {"ApproximateNumberOfMessagesMoved": task.moved}
        raise ResourceNotFoundException("Task does not exist.")

    def _check_destination(self, source: Queue, destination_arn: str) -> None:
        destination = self._resource("DestinationArn", destination_arn)
        if destination is source:
            raise InvalidParameterValue(
                "Source queue arn and destination queue arn cannot be the same."
            )
        if destination.is_fifo != source.is_fifo:
            raise InvalidParameterValue(
                "The source queue and destination queue must be of the same queue type."
            )

    def _resource(self, parameter: str, arn: str) -> Queue:
        if len(arn.split(":")) != 6 or not arn.startswith("arn:"):
            raise InvalidParameterValue(
                f"You must use this format to specify the {parameter}: "
                "arn:<partition>:<service>:<region>:<account-id>:<resource-id>"
            )
        queue = self._queues.find(arn)
        if queue is None:
            raise ResourceNotFoundException(
                f"The resource that you specified for the {parameter} parameter doesn't exist."
            )
        return queue


def _listed(task: MoveTask) -> Params:
    entry = {
        "TaskHandle": task.handle if task.status is Status.RUNNING else None,
        "Status": task.status.value,
        "SourceArn": task.source.arn,
        "DestinationArn": task.destination_arn,
        "MaxNumberOfMessagesPerSecond": task.max_per_s,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "FailureReason": task.failure_reason,
        "StartedTimestamp": int(task.started_at_s * 1000),
    }
    return {name: value for name, value in entry.items() if value is not None}


def read_handle(handle: str) -> tuple[str, str]:
    """A task's id and the ARN of its source queue; raises InvalidParameterValue."""
    try:
        content = json.loads(base64.b64decode(handle, validate=True))
        return str(content["taskId"]), str(content["sourceArn"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InvalidParameterValue("Value for parameter TaskHandle is invalid.") from None
