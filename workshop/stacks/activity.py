"""How far CloudFormation is with one stack, from the events that it tells.

The same for a deployment and a removal, and wherever the events come from: CloudFormation's own
list (`cloudformation_client`), or the lines of the CDK CLI (`cdk_lines`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST = 32
STACK = "AWS::CloudFormation::Stack"

# What CloudFormation waits for, once it has asked a service; its events do not say.
_CREATED_WHEN = {
    "AWS::DynamoDB::Table": "until the table is active",
    "AWS::IAM::Policy": "until IAM knows it everywhere",
    "AWS::IAM::Role": "until IAM knows it everywhere",
    "AWS::Lambda::EventSourceMapping": "until Lambda polls the queue",
    "AWS::Lambda::Function": "until Lambda has made the function active",
}
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
# https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html
_DELETED_WHEN = {
    "AWS::DynamoDB::Table": "until the table is gone",
    "AWS::Lambda::EventSourceMapping": "until Lambda has deleted it",
    "AWS::SQS::Queue": "SQS takes up to a minute to delete a queue",
}


@dataclass(frozen=True)
class StackEvent:
    """One event of a stack.

    Attributes:
        resource: the logical id, or the path in the CDK app; the stack's name for the stack itself.
        type: such as "AWS::SQS::Queue".
        status: such as "CREATE_IN_PROGRESS".
        reason: AWS's words; "" when it gives none.
        at_s: seconds from the stack's first event; None where that is not told.
    """

    resource: str
    type: str
    status: str
    reason: str = ""
    at_s: float | None = None

    @property
    def is_of_stack(self) -> bool:
        """Whether it is about the stack itself."""
        return self.type == STACK

    @property
    def told(self) -> str:
        """A failure in words: the resource, and AWS's reason."""
        return f"{self.resource} ({self.type}): {self.reason or 'AWS gives no reason'}"


@dataclass(frozen=True)
class StackProgress:
    """How far one stack is.

    Attributes:
        name: the stack's.
        status: CloudFormation's; "" when nothing is known of it yet.
        done: how many resources are ready, or gone.
        total: of how many; 0 where that is not known.
        busy: the resources that CloudFormation is at work on.
        failure: what went wrong first, in words; "" when nothing did.
        stuck: the resources that could not be made, changed or deleted.
        took_s: of one that has ended, how long that took; None where AWS does not tell.
    """

    name: str
    status: str = ""
    done: int = 0
    total: int = 0
    busy: tuple[StackEvent, ...] = ()
    failure: str = ""
    stuck: tuple[str, ...] = ()
    took_s: float | None = None

    @property
    def has_ended(self) -> bool:
        """Whether CloudFormation is through with it."""
        return bool(self.status) and not self.status.endswith("_IN_PROGRESS")

    @property
    def is_good(self) -> bool:
        """Whether it ended as it was meant to."""
        return self.has_ended and not self.failure and "ROLLBACK" not in self.status

    @property
    def count(self) -> str:
        """How many of how many."""
        # The event of the last resource can be told after that of the stack.
        done = self.total if self.is_good else self.done
        return f"{done}/{self.total}" if self.total else str(done or "")

    @property
    def told(self) -> str:
        """What happens now and what it waits for, or how it ended."""
        if self.failure and not self.has_ended:
            return f"failed{', rolling back' * (self.status[:6] != 'DELETE')}: {self.failure}"
        if self.failure:
            # Its cause is the command's last word; here it would be said a second time.
            return "failed"
        if self.has_ended:
            return "gone" if self.status == "DELETE_COMPLETE" else "done"
        if not self.busy:
            return "beginning" if self.status else "waiting"
        first, others = self.busy[0], len(self.busy) - 1
        waits = _CREATED_WHEN if first.status[:6] != "DELETE" else _DELETED_WHEN
        why = first.reason if _says_something(first.reason) else waits.get(first.type, "")
        more = f" and {others} more" if others else ""
        kind = first.type.rpartition("::")[2]
        return f"{kind} {_short(first.resource)}{more}{f', {why}' * bool(why)}"


def progress(name: str, events: Sequence[StackEvent], total: int = 0) -> StackProgress:
    """How far a stack is.

    Args:
        name: the stack's.
        events: of one operation, in the order in which they happened.
        total: how many resources it is about; 0 where that is not known.
    """
    status, at_s, last = "", None, dict[str, StackEvent]()
    for event in events:
        before = status if event.is_of_stack else _status(last.get(event.resource))
        # Events of one millisecond are told in any order.
        if event.status.endswith("_IN_PROGRESS") and _has_ended(before, event.status):
            continue
        if event.is_of_stack:
            status, at_s = event.status, event.at_s
        else:
            last.pop(event.resource, None)
            last[event.resource] = event
    done = sum(one.status.endswith(("_COMPLETE", "_SKIPPED")) for one in last.values())
    busy = tuple(one for one in last.values() if one.status.endswith("_IN_PROGRESS"))
    stuck = tuple(one.resource for one in last.values() if one.status.endswith("_FAILED"))
    total = max(total, done) if total else 0
    took_s = None if status.endswith("_IN_PROGRESS") else at_s
    return StackProgress(name, status, done, total, busy, _first_failure(events), stuck, took_s)


def _first_failure(events: Sequence[StackEvent]) -> str:
    """What went wrong first, in words: later failures follow from it.

    A resource that was cancelled because another one failed is no cause.
    """
    failed = [one for one in events if one.status.endswith("_FAILED") and one.reason]
    causes = [one for one in failed if not one.is_of_stack and "cancelled" not in one.reason]
    # CloudFormation refuses some templates as a whole, and tells it of the stack alone.
    refused = [one for one in events if one.is_of_stack and "ROLLBACK" in one.status and one.reason]
    return next((one.told for one in (*causes, *failed, *refused)), "")


def _status(event: StackEvent | None) -> str:
    return event.status if event else ""


def _has_ended(before: str, beginning: str) -> bool:
    """Whether what begins according to one status has ended already according to another."""
    verb = beginning.removesuffix("_IN_PROGRESS")
    return before in (f"{verb}_COMPLETE", f"{verb}_FAILED")


def _short(resource: str) -> str:
    """A logical id without the CDK's hash, and no longer than a line of a terminal can bear."""
    name = re.sub(r"[0-9A-F]{8}$", "", resource) or resource
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _says_something(reason: str) -> bool:
    """Whether a reason tells more than that something began."""
    return bool(reason) and "nitiated" not in reason
