"""Following stacks that CloudFormation is at work on, until it is through with them."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from botocore.exceptions import ClientError

from workshop.stacks.activity import StackProgress, progress
from workshop.stacks.cloudformation_client import CloudFormation
from workshop.stacks.statuses import is_busy
from workshop.target.session import Session

# Is told how far a stack is, at each look.
OnStack: TypeAlias = Callable[[StackProgress], None]

# CloudFormation answers a few questions a second and account, and a class asks at once: the longer
# nothing happens, the less often it is asked.
_POLL_S, _AWS_POLL_S, _SLOWER, _SLOWEST_S = 0.05, 0.5, 1.5, 5.0
_THROTTLED = ("Throttling", "ThrottlingException", "RequestLimitExceeded")
# An accepted deletion or change is seen a little later than it was accepted.
_UNSEEN_LOOKS = 20


class Followed:
    """The stacks that are being followed.

    Args:
        session: the target.
        on_stack: is told how far each one is; None: nobody wants to know, which saves questions.
    """

    def __init__(self, session: Session, on_stack: OnStack | None = None) -> None:
        self._is_virtual = session.clock.is_virtual
        self._cloudformation = CloudFormation(session)
        self._on_stack = on_stack
        self._totals: dict[str, int] = {}
        self._told: dict[str, StackProgress] = {}
        self._verbs: dict[str, tuple[str, ...]] = {}
        self._unseen: dict[str, int] = {}
        self._pause_s = _AWS_POLL_S

    @property
    def names(self) -> set[str]:
        """The stacks that have not ended yet."""
        return set(self._totals)

    def add(self, name: str, total: int = 0, verbs: tuple[str, ...] = ("",)) -> None:
        """Follow one more stack.

        Args:
            name: the stack's.
            total: how many resources are made or deleted; 0 where that is not known.
            verbs: how the statuses of the awaited operation begin; others are from before it.
        """
        self._totals[name], self._verbs[name] = total, verbs
        self._unseen[name] = 0

    def ended(self) -> Iterator[StackProgress]:
        """Look once; those through with now, which are not followed any more."""
        for name in list(self._totals):
            found = self._look(name)
            # How another operation ended is no news of this one.
            if found is None or (found.has_ended and not self._is_seen(found)):
                continue
            self._tell(found)
            if found.has_ended:
                del self._totals[name]
                yield found

    def pause(self) -> None:
        """Wait a little before the next look."""
        time.sleep(_POLL_S if self._is_virtual else self._pause_s)
        self._pause_s = min(self._pause_s * _SLOWER, _SLOWEST_S)

    def _look(self, name: str) -> StackProgress | None:
        """How far it is; None when that could not be asked just now."""
        total = self._totals[name]
        try:
            if self._on_stack is None and is_busy(self._cloudformation.status(name)):
                return None
            events = self._cloudformation.events(name)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THROTTLED:
                raise
            return None
        if events is None:
            return StackProgress(name, "DELETE_COMPLETE", total, total)
        return progress(name, events, total)

    def _tell(self, found: StackProgress) -> None:
        if self._told.get(found.name) != found:
            self._told[found.name], self._pause_s = found, _AWS_POLL_S
        # Also what has not changed: whoever reads a log wants a sign of life.
        if self._on_stack:
            self._on_stack(found)

    def _is_seen(self, found: StackProgress) -> bool:
        self._unseen[found.name] += 1
        return (
            found.status.startswith(self._verbs[found.name])
            or self._unseen[found.name] > _UNSEEN_LOOKS
        )


def follow(
    session: Session,
    totals: Mapping[str, int],
    on_stack: OnStack | None = None,
    verbs: tuple[str, ...] = ("",),
) -> Iterator[StackProgress]:
    """Wait for stacks; each one when CloudFormation is through with it.

    Args:
        session: the target.
        totals: stack -> of how many resources; 0 where that is not known.
        on_stack: is told how far each one is.
        verbs: see `Followed.add`.
    """
    followed = Followed(session, on_stack)
    for name, total in totals.items():
        followed.add(name, total, verbs)
    while followed.names:
        yield from followed.ended()
        if followed.names:
            followed.pause()


def announce(
    names: Iterable[str], on_stack: OnStack | None, status: str = "", total: int = 0
) -> None:
    """Tell of stacks before the first look: their turn has not come yet, or has just come.

    Args:
        names: the stacks.
        on_stack: is told.
        status: what was asked for: it takes its time from now on.
        total: of how many resources; 0 where that is not known.
    """
    if on_stack:
        for name in names:
            on_stack(StackProgress(name, status, total=total))
