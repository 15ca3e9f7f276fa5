"""What the retry policies of services decide alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetryAt:
    """Try again at this virtual time."""

    when_s: float
