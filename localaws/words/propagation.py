"""How changes come to hold: at once, unless `localaws.lateness` is asked for."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

T = TypeVar("T")

# Attributes of a queue by their names; None takes one away.
Changes = Mapping[str, str | None]


class PolicyPropagation(Protocol):
    """From when on a policy that was written decides."""

    def changed(self, owner: str, before: object) -> None:
        """A policy was changed.

        Args:
            owner: whose it is: the ARN of a resource, or the name of a role.
            before: what was in effect as far as its owner knows; None where there was none.
        """

    def in_effect(self, owner: str, written: T) -> T:
        """The policy that decides now, where `written` is the one that is shown."""


class PoliciesAtOnce:
    """A `PolicyPropagation` without delay."""

    def changed(self, owner: str, before: object) -> None:
        """Nothing to do."""

    def in_effect(self, owner: str, written: T) -> T:
        return written


class QueuePropagation(Protocol):
    """From when on a queue does what was asked of it."""

    def attributes(
        self, queue_arn: str, changes: Changes, take_effect: Callable[[Changes], None]
    ) -> None:
        """Let changes that are shown already take effect."""

    def purge(self, queue_arn: str, take_effect: Callable[[], None]) -> None:
        """Let the queue be emptied."""


class QueuesAtOnce:
    """A `QueuePropagation` without delay."""

    def attributes(
        self, queue_arn: str, changes: Changes, take_effect: Callable[[Changes], None]
    ) -> None:
        take_effect(changes)

    def purge(self, queue_arn: str, take_effect: Callable[[], None]) -> None:
        take_effect()
