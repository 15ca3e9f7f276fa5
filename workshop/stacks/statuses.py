"""What a stack's status means for whoever wants to deploy or destroy: the whole table, and pure.

An interrupted command leaves stacks in any of these states, as CloudFormation goes on by itself.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

from enum import Enum, auto

# A change set that nobody has executed (yet): a stack without a single resource.
ONLY_CHANGE_SET = "REVIEW_IN_PROGRESS"


class Next(Enum):
    """What to do with a stack before it can be deployed."""

    CREATE = auto()  # there is none
    CHANGE = auto()  # it is whole
    WAIT = auto()  # CloudFormation is at work on it
    REMAKE = auto()  # it never became whole, or is half deleted: deleted, then created
    MEND = auto()  # it is in use and stuck: only its owner can say what may be lost


_NEXT = {
    "CREATE_COMPLETE": Next.CHANGE,
    "CREATE_FAILED": Next.REMAKE,
    "CREATE_IN_PROGRESS": Next.WAIT,
    "DELETE_COMPLETE": Next.CREATE,
    "DELETE_FAILED": Next.REMAKE,
    "DELETE_IN_PROGRESS": Next.WAIT,
    "IMPORT_COMPLETE": Next.CHANGE,
    "IMPORT_IN_PROGRESS": Next.WAIT,
    "IMPORT_ROLLBACK_COMPLETE": Next.CHANGE,
    "IMPORT_ROLLBACK_FAILED": Next.MEND,
    "IMPORT_ROLLBACK_IN_PROGRESS": Next.WAIT,
    ONLY_CHANGE_SET: Next.REMAKE,
    "ROLLBACK_COMPLETE": Next.REMAKE,
    "ROLLBACK_FAILED": Next.REMAKE,
    "ROLLBACK_IN_PROGRESS": Next.WAIT,
    "UPDATE_COMPLETE": Next.CHANGE,
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": Next.WAIT,
    "UPDATE_FAILED": Next.MEND,
    "UPDATE_IN_PROGRESS": Next.WAIT,
    "UPDATE_ROLLBACK_COMPLETE": Next.CHANGE,
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": Next.WAIT,
    "UPDATE_ROLLBACK_FAILED": Next.MEND,
    "UPDATE_ROLLBACK_IN_PROGRESS": Next.WAIT,
}

# How a change of ours ends when it succeeds; after a roll-back a stack is whole, and not changed.
DEPLOYED = ("CREATE_COMPLETE", "UPDATE_COMPLETE")

# What takes a stuck stack back to where it was; deleting it is possible as well.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
_MENDING = {
    "UPDATE_FAILED": "rollback-stack",
    "UPDATE_ROLLBACK_FAILED": "continue-update-rollback",
}


def next_step(status: str | None) -> Next:
    """What to do with a stack of this status; None: there is no such stack."""
    return _NEXT[status] if status else Next.CREATE


def is_busy(status: str | None) -> bool:
    """Whether CloudFormation is at work on it, so that the status will change by itself."""
    return next_step(status) is Next.WAIT


def mending(status: str) -> str:
    """The command of `aws cloudformation` that mends a stuck stack; "" when there is none."""
    return _MENDING.get(status, "")
