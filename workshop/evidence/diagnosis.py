"""Why nothing happens: what stands in a message's way, read from AWS."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from workshop.counting import counted
from workshop.evidence import queues
from workshop.target.session import Session


def findings(session: Session, outputs: Mapping[str, str]) -> list[str]:
    """What one pattern's resources show that explains a message that does not move on.

    Args:
        session: the target.
        outputs: the pattern's stack outputs.
    """
    found: list[str] = []
    for look in (_mapping, _source_queue, _function):
        try:
            found += look(session, outputs)
        except ClientError as error:
            # A resource that cannot be read is itself what we look for.
            found.append(f"{error.operation_name} says: {error.response['Error']['Message']}")
    return found


def _mapping(session: Session, outputs: Mapping[str, str]) -> list[str]:
    uuid = outputs.get("EventSourceMappingId")
    if not uuid:
        return []
    state = session.client("lambda").get_event_source_mapping(UUID=uuid)["State"]
    if state == "Enabled":
        return []
    return [f"the event source mapping is {state}, so nobody receives from the source queue"]


def _source_queue(session: Session, outputs: Mapping[str, str]) -> list[str]:
    url = outputs.get("SourceQueueUrl")
    if not url:
        return []
    count = queues.counts(session, url)
    if count.total == 0:
        return ["the source queue is empty: nothing was sent, or all of it was processed"]
    found = []
    if count.visible:
        found.append(f"{_messages(count.visible)} in the source queue, waiting to be received")
    if count.in_flight:
        pause_s = queues.attributes(session, url)["VisibilityTimeout"]
        found.append(
            f"{_messages(count.in_flight)} in flight: invisible until {pause_s} s after the last "
            "receive"
        )
    if count.delayed:
        found.append(f"{_messages(count.delayed)} delayed, not yet visible")
    return found


def _messages(number: int) -> str:
    return counted(number, "message")


def _function(session: Session, outputs: Mapping[str, str]) -> list[str]:
    name = outputs.get("FunctionName")
    if not name:
        return []
    answer: Mapping[str, Any] = session.client("lambda").get_function_concurrency(FunctionName=name)
    if answer.get("ReservedConcurrentExecutions") != 0:
        return []
    return ["the function's reserved concurrency is 0, so it may not run at all"]
