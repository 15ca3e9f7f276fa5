"""What every kind of filter pattern can do."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

from localaws.logs.errors import InvalidParameterException


class FilterPattern(Protocol):
    """A pattern that messages match or not.

    Attributes:
        names_values: whether it gives what it finds a name, for the dimensions of a metric.
    """

    names_values: ClassVar[bool]

    def matches(self, message: str) -> bool:
        """Whether the message is one of those that the pattern is for."""

    def value(self, message: str, selector: str) -> str | None:
        """What a selector (`$.latency`, `$bytes`) of a metric filter finds in the message."""

    def extracted(self, message: str) -> Mapping[str, str]:
        """What the pattern's own selectors find in the message."""

    def delivered(self, message: str) -> Mapping[str, str] | None:
        """The fields that a subscription is sent beside the message; None without any."""


def invalid_pattern() -> InvalidParameterException:
    """What Logs says of a pattern that it cannot read."""
    return InvalidParameterException("Invalid filter pattern")
